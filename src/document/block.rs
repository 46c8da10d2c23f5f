//! What a line is, by its looks: headline, byline, caption, list item, table
//! row or running text.

use std::sync::LazyLock;

use regex::Regex;

use super::Line;
use crate::chars::{columns, ends_sentence, is_closing, is_gap, is_han};
use crate::span::Span;

/// A line that holds text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The text of the line without the spaces around it.
    pub span: Span,
    /// The number of the line, from 0.
    pub line: usize,
    /// What it looks like.
    pub kind: BlockKind,
}

/// What a [`Block`] looks like. In text whose lines were broken at a column
/// edge a line is less than a paragraph, and the kind says little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlockKind {
    /// A short line without a full stop.
    Headline,
    /// Who wrote it: `记者 某某`, `（甲某某 乙某某）`.
    Byline,
    /// Says what a picture shows, or who took it.
    Caption,
    /// An entry of a list, with its number or bullet.
    ListItem,
    /// Cells with wide gaps between.
    TableRow,
    /// The first paragraph of an article: `本报讯（记者 某某）…`.
    Lead,
    /// Running text.
    Body,
}

/// Columns from which a line is too long for a headline.
const HEADLINE_COLUMNS: usize = 84;

static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[（(][^（）()，。]{2,40}[）)]|[□■◎●○]?\s*(?:\p{Han}{0,6}(?:记者|記者|通讯员|通訊員|特约|评论员)|文/|图/|文|撰文|作者|编辑|責編|责编)[\s：:/／丨|].{0,40}|\p{Han}{1,6}社?(?:记者|記者)\s+\p{Han}[\p{Han}\s、]{1,30})$",
    )
});
static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^[△▲▼▽◀▶]|^图[/：／]|[\s（(][摄攝][）)]?$|记者\p{Han}{2,8}[摄攝][）)]?$|新华社(?:发|/\p{Han}{2,6})$|[（(](?:资料图|資料圖|资料图片)[）)]$)",
    )
});
static LIST_ITEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[•●○■□◆◇★☆※▪‣]|[-*·]\s|[（(]?[0-9０-９]{1,3}[)）.．、]\D|[（(]?[一二三四五六七八九十]{1,3}[)）、]|[①-⑳]|[A-Za-z][.)、]\s?)",
    )
});
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:本[报報台][讯訊]|本报记者|(?:新华社|中新社|中新网|人民网|央视网|新華社|中央社|\p{Han}{2,6}社).{0,24}[电電讯訊]|(?:记者|記者|通讯员)[^，。]{1,20}(?:报道|報道|報導))",
    )
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

impl Block {
    /// Whether the block is running text: a first paragraph or another one.
    #[must_use]
    pub fn is_prose(&self) -> bool {
        matches!(self.kind, BlockKind::Lead | BlockKind::Body)
    }
}

pub(super) fn blocks_of(text: &str, lines: &[Line]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let whole = &text[line.span.range()];
        let body = whole.trim_matches(is_gap);
        if body.is_empty() {
            continue;
        }
        let start = line.span.start + (whole.len() - whole.trim_start_matches(is_gap).len());
        let span = Span::new(start, start + body.len());
        blocks.push(Block { span, line: number, kind: kind_of(body) });
    }
    blocks
}

fn kind_of(line: &str) -> BlockKind {
    if line.len() > 600 {
        return if LEAD.is_match(&line[..line.floor_char_boundary(120)]) {
            BlockKind::Lead
        } else {
            BlockKind::Body
        };
    }
    if BYLINE.is_match(line) {
        BlockKind::Byline
    } else if may_be_caption(line) && CAPTION.is_match(line) {
        BlockKind::Caption
    } else if is_table_row(line) {
        BlockKind::TableRow
    } else if LEAD.is_match(line) && !looks_like_headline(line) {
        BlockKind::Lead
    } else if LIST_ITEM.is_match(line) {
        BlockKind::ListItem
    } else if looks_like_headline(line) {
        BlockKind::Headline
    } else {
        BlockKind::Body
    }
}

/// Whether the first or last characters of `line` are those of a caption: far
/// quicker to see than all of it.
fn may_be_caption(line: &str) -> bool {
    let tail = &line[line.ceil_char_boundary(line.len().saturating_sub(28))..];
    line.starts_with(['△', '▲', '▼', '▽', '◀', '▶', '图'])
        || tail.ends_with(['摄', '攝', '）', ')', '发'])
        || tail.contains("新华社/")
}

fn looks_like_headline(line: &str) -> bool {
    let Some(last) = line.chars().rev().find(|c| !is_closing(*c)) else { return false };
    !line.contains('。')
        && columns(line) <= HEADLINE_COLUMNS
        && !matches!(last, '，' | '、' | '；' | '：' | ',' | ';' | ':')
        && (!ends_sentence(last) || !line.contains('，'))
}

/// Cells: two or more wide gaps, and little running text between them.
fn is_table_row(line: &str) -> bool {
    let bytes = line.as_bytes();
    if memchr::memchr(b'\t', bytes).is_none() && memchr::memmem::find(bytes, b"  ").is_none() {
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
