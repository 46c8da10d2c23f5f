//! Rule `quotes/stripped-title-marks`: `《印发 … 的通知》`, `《青禾县 … 规划》`.

use super::gaps::Gaps;
use crate::document::Document;
use crate::edit::Edit;
use crate::span::Span;
use crate::stages::Proposer;

/// Verbs that forward a paper.
const FORWARDING: [&str; 8] = ["印发", "转发", "发布", "公布", "贯彻", "修改", "废止", "落实"];
/// What says that a paper is forwarded.
const FORWARDED: [&str; 15] = [
    "的通知",
    "的意见",
    "的决定",
    "的公告",
    "的批复",
    "的函",
    "的通告",
    "的措施",
    "实施意见",
    "实施办法",
    "实施方案",
    "实施细则",
    "若干措施",
    "解读",
    "手册",
];
/// Kinds of paper.
const PAPERS: [&str; 14] = [
    "规划", "办法", "条例", "标准", "方案", "意见", "细则", "规定", "措施", "计划", "纲要", "公约", "决议",
    "决定",
];
/// Code points of the longest title.
const MAX_TITLE: usize = 45;
/// Code points from a title to what says that it is forwarded.
const MAX_BEHIND: usize = 10;

/// Proposes 〈〉 for the gaps around titles inside 《》; tells which gaps those are.
pub(super) fn propose(document: &Document, gaps: &Gaps, proposer: &mut Proposer<'_>) -> Vec<Span> {
    let mut taken = Vec::new();
    if gaps.get(1).is_none() {
        return taken;
    }
    let Some(mut proposer) = proposer.under("quotes/stripped-title-marks") else { return taken };
    for (index, open) in gaps.iter() {
        let Some(close) = gaps.get(index + 1) else { continue };
        if is_title_in_title(document, open, close) {
            let edits = vec![Edit::replace(open, '〈'), Edit::replace(close, '〉')];
            let title = &document.text()[open.end..close.start];
            proposer.repair(edits, &format!("〈{title}〉: the title of a paper inside that of another"));
            taken.extend([open, close]);
        }
    }
    taken
}

/// Inside 《》, behind a verb of forwarding or with the name of a kind of paper
/// at the end, and before what says that it is forwarded.
fn is_title_in_title(document: &Document, open: Span, close: Span) -> bool {
    let (before, after) = (&document.text()[..open.start], &document.text()[close.end..]);
    let before = last_chars(before, MAX_TITLE);
    let content = &document.text()[open.end..close.start];
    let inside = before.rfind(['《', '》', '\n']).is_some_and(|at| before[at..].starts_with('《'));
    let ends = |text: &str, words: &[&str]| words.iter().any(|word| text.ends_with(word));
    let near = first_chars(after, MAX_BEHIND);
    let near = near.split(['》', '《', '，']).next().unwrap_or("");
    let forwarded = FORWARDED.iter().any(|word| near.contains(word));
    let is_short = content.chars().count() <= MAX_TITLE;
    is_short && inside && forwarded && (ends(before, &FORWARDING) || ends(content, &PAPERS))
}

/// The first `count` code points of `text`.
fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

/// The last `count` code points of `text`.
fn last_chars(text: &str, count: usize) -> &str {
    count
        .checked_sub(1)
        .and_then(|last| text.char_indices().rev().nth(last))
        .map_or(text, |(start, _)| &text[start..])
}
