//! What a line is, by its looks: headline, byline, caption, list item, table
//! row or running text.
//!
//! Patterns say it, but most lines are of none of their kinds, which a glance at
//! their ends tells: no pattern is asked that could not match.

use std::sync::LazyLock;

use regex::Regex;

use super::BlockKind;
use crate::chars::{columns, ends_sentence, is_closing, is_han};

/// Columns from which a line is too long for a headline.
const HEADLINE_COLUMNS: usize = 84;

static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[（(][^（）()，。]{2,40}[）)]|[□■◎●○]?\s*(?:[一-鿿]{0,6}(?:记者|記者|通讯员|通訊員|特约|评论员)|文/|图/|文|撰文|作者|编辑|責編|责编)[\s：:/／丨|].{0,40}|[一-鿿]{1,6}社?(?:记者|記者)\s+[一-鿿][一-鿿\s、]{1,30})$",
    )
});
static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^[△▲▼▽◀▶]|^图[①-⑳0-9]{0,2}[/：／]|[\s（(][摄攝][）)]?$|记者[一-鿿]{2,8}[摄攝][）)]?$|新华社(?:发|/[一-鿿]{2,6})$|[（(](?:资料图|資料圖|资料图片)[）)]$)",
    )
});
static LIST_ITEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[•●○■□◆◇★☆※▪‣]|[-*·]\s|[（(]?[0-9０-９]{1,3}[)）.．、]\D|[（(]?[一二三四五六七八九十]{1,3}[)）、]|[①-⑳]|[A-Za-z][.)、]\s?)",
    )
});
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:本[报報台][讯訊]|本报记者|(?:新华社|中新社|中新网|人民网|央视网|新華社|中央社|[一-鿿]{2,6}社).{0,24}[电電讯訊]|[一-鿿]{2,6}[网報报台][讯訊]|[一-鿿]{2,8}[0-9０-９]{1,2}月[0-9０-９]{1,2}日[电電讯訊][\s（(]|(?:记者|記者|通讯员)[^，。]{1,20}(?:报道|報道|報導))",
    )
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

/// What `line`, which has no spaces around it, looks like.
pub(super) fn kind_of(line: &str) -> BlockKind {
    if line.len() > 600 {
        let head = &line[..line.floor_char_boundary(120)];
        return if is_lead(head) { BlockKind::Lead } else { BlockKind::Body };
    }
    if may_be_byline(line) && BYLINE.is_match(line) {
        BlockKind::Byline
    } else if may_be_caption(line) && CAPTION.is_match(line) {
        BlockKind::Caption
    } else if is_table_row(line) {
        BlockKind::TableRow
    } else if is_lead(line) && !looks_like_headline(line) {
        BlockKind::Lead
    } else if may_be_list_item(line) && LIST_ITEM.is_match(line) {
        BlockKind::ListItem
    } else if looks_like_headline(line) {
        BlockKind::Headline
    } else {
        BlockKind::Body
    }
}

/// Whether `line` is in brackets, or one of the words for who wrote it ends early
/// in it, with a space or a mark behind.
fn may_be_byline(line: &str) -> bool {
    /// Characters up to the end of such a word, at most.
    const EARLY: usize = 9;
    let ends_word = |c: char| matches!(c, '者' | '员' | '員' | '约' | '文' | '图' | '辑' | '編' | '编');
    let is_apart = |c: char| matches!(c, '：' | ':' | '/' | '／' | '丨' | '|') || c.is_whitespace();
    let text = line.trim_start_matches(['□', '■', '◎', '●', '○']).trim_start();
    let mut ends = false;
    // A word is over where the next character sets it apart.
    let mut follows = |c: char| std::mem::replace(&mut ends, ends_word(c)) && is_apart(c);
    (line.starts_with(['（', '(']) && line.ends_with(['）', ')']))
        || text.chars().take(EARLY + 1).any(&mut follows)
}

/// Whether the first or last characters of `line` are those of a caption: far
/// quicker to see than all of it.
fn may_be_caption(line: &str) -> bool {
    let tail = &line[line.ceil_char_boundary(line.len().saturating_sub(28))..];
    line.starts_with(['△', '▲', '▼', '▽', '◀', '▶', '图'])
        || tail.ends_with(['摄', '攝', '）', ')', '发'])
        || (memchr::memchr(b'/', tail.as_bytes()).is_some() && tail.contains("新华社/"))
}

/// Whether `line` begins as a list item does.
fn may_be_list_item(line: &str) -> bool {
    const BULLETS: &str = "•●○■□◆◇★☆※▪‣-*·(（一二三四五六七八九十";
    let is_number = |c: char| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '０'..='９' | '①'..='⑳');
    line.starts_with(|c: char| is_number(c) || BULLETS.contains(c))
}

fn is_lead(line: &str) -> bool {
    may_be_lead(line) && LEAD.is_match(line)
}

/// Whether `line` begins with the first two characters of a lead, or those of one
/// stand early in it.
fn may_be_lead(line: &str) -> bool {
    /// Characters of the name of an agency, at most.
    const AGENCY: usize = 7;
    /// Characters up to the month of a dateline, at most.
    const DATELINE: usize = 11;
    /// Characters up to the end of what tells a lead, at most.
    const EARLY: usize = 32;
    let early = |within: usize, test: fn(char) -> bool| line.chars().take(within).any(test);
    let paper = || line.chars().nth(1).is_some_and(|c| matches!(c, '报' | '報' | '台'));
    (line.starts_with('本') && paper())
        || (line.starts_with(['记', '記', '通']) && early(EARLY, |c| matches!(c, '道' | '導')))
        || ((early(AGENCY, |c| matches!(c, '社' | '网' | '報' | '报' | '台'))
            || early(DATELINE, |c| c == '月'))
            && early(EARLY, |c| matches!(c, '电' | '電' | '讯' | '訊')))
}

fn looks_like_headline(line: &str) -> bool {
    let Some(last) = line.chars().rev().find(|c| !is_closing(*c)) else { return false };
    !matches!(last, '。' | '，' | '、' | '；' | '：' | ',' | ';' | ':')
        && takes_headline_columns(line)
        && !line.contains('。')
        && (!ends_sentence(last) || !line.contains('，'))
}

/// Whether `line` takes up to [`HEADLINE_COLUMNS`].
fn takes_headline_columns(line: &str) -> bool {
    // A character takes no more columns than bytes, and no fewer than one.
    let fewest = line.len() / char::MAX_LEN_UTF8;
    line.len() <= HEADLINE_COLUMNS || (fewest <= HEADLINE_COLUMNS && columns(line) <= HEADLINE_COLUMNS)
}

/// Cells: two or more wide gaps, and little running text between them.
fn is_table_row(line: &str) -> bool {
    let is_wide_gap = |at| line.as_bytes()[at] == b'\t' || line.as_bytes().get(at + 1) == Some(&b' ');
    if !memchr::memchr2_iter(b'\t', b' ', line.as_bytes()).any(is_wide_gap) {
        return false;
    }
    let gaps = line.matches('\t').count()
        + line.split("  ").filter(|cell| !cell.trim().is_empty()).count().saturating_sub(1);
    let longest = || line.split(['\t']).flat_map(|part| part.split("  ")).map(columns).max().unwrap_or(0);
    gaps >= 2
        && longest() <= 40
        && !line.chars().any(|c| c == '。')
        && line.chars().any(|c| is_han(c) || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIECES: [&str; 46] = [
        "",
        " ",
        "\u{85}",
        "（",
        "）",
        "(",
        ")",
        "●",
        "○",
        "本报",
        "讯",
        "本報訊",
        "台",
        "青禾",
        "新华社",
        "新华社/",
        "中新网",
        "人民网",
        "十月三日电",
        "记者",
        "記者",
        "通讯员",
        "特约评论员",
        "林有禾",
        "报道",
        "文",
        "图",
        "/",
        "：",
        "丨",
        "编辑",
        "责编",
        "摄",
        "攝",
        "发",
        "资料图片",
        "青禾在线6月",
        "3日讯 ",
        "△",
        "一",
        "十",
        "、",
        "12",
        "．",
        "a",
        "- ",
    ];

    /// Lines of up to four pieces.
    fn lines() -> impl Iterator<Item = String> {
        let many = PIECES.iter().flat_map(|a| PIECES.iter().map(move |b| (a, b)));
        many.clone().flat_map(move |(a, b)| many.clone().map(move |(c, d)| format!("{a}{b}{c}{d}")))
    }

    #[test]
    fn a_glance_rules_out_nothing_that_a_pattern_matches() {
        // One line of a hundred, so that the test takes no minute.
        for line in lines().step_by(101) {
            let mistaken = (BYLINE.is_match(&line) && !may_be_byline(&line))
                || (CAPTION.is_match(&line) && !may_be_caption(&line))
                || (LIST_ITEM.is_match(&line) && !may_be_list_item(&line))
                || LEAD.is_match(&line) != is_lead(&line);
            assert!(!mistaken, "{line:?}");
        }
        let patterns = [&BYLINE, &CAPTION, &LIST_ITEM, &LEAD];
        let count = |pattern: &Regex| lines().step_by(101).filter(|line| pattern.is_match(line)).count();
        assert!(patterns.iter().all(|pattern| count(pattern) > 100), "each has to be tried");
    }

    #[test]
    fn a_dateline_is_told_from_a_day() {
        assert_eq!(kind_of("青禾在线10月13日讯 迎着晨风，志愿者集结出发，为运动会服务。"), BlockKind::Lead);
        assert_eq!(kind_of("青禾县城区6月3日电力供应恢复，各村的水泵又转了起来。"), BlockKind::Body);
        assert_eq!(kind_of("青禾县城区6月3日讯息畅通，各村都接到了通知，做好了准备。"), BlockKind::Body);
    }

    #[test]
    fn columns_are_counted_where_bytes_do_not_tell() {
        for (c, most) in [('a', 84), ('é', 84), ('①', 84), ('\u{1D400}', 84), ('青', 42), ('·', 42)] {
            let of = |count: usize| takes_headline_columns(&String::from(c).repeat(count));
            assert!(of(most) && !of(most + 1) && !of(10 * most), "{c}");
        }
    }
}
