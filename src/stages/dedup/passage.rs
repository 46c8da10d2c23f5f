//! Which blocks are long enough and prose enough for a copy to be evidence,
//! and what of them is compared.

use std::sync::LazyLock;

use regex::Regex;

use super::glance::{Glimpse, glimpses};
use crate::chars::{is_gap, is_han};
use crate::document::Document;
use crate::elsewhere::Fingerprint;
use crate::span::Span;

/// Columns of letters a passage has at least: 30 Han. A shorter sentence may
/// be said twice; of 25,000 undamaged articles two held a block as long as this
/// twice, captions aside.
pub(super) const MIN_COLUMNS: usize = 60;

/// Bytes between two copies at most: 20,000 Han, more than the largest
/// newspaper page holds. Copies further apart stand on different pages.
pub(super) const REACH: usize = 60_000;

/// Captions, which recur because somebody wants them to.
static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) [摄攝][）)。]?$ | 供[图圖][）)。]?$ | ^(?:图|圖)(?:为|為|片|\d) | (?:拍摄|拍攝)的.{0,40}$",
    )
    .expect("a fixed pattern")
});

/// Words of notices. News holds them too, one of them in a longer paragraph.
static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) 免责声明|免責聲明|版权|版權|著作权|著作權|转载|轉載|未经授权|扫码|掃碼|二维码|公众号|投稿|来稿|订阅|訂閱
        | 责任编辑|責任編輯|热线|熱線|邮箱|本报地址|联系电话|聯絡電話|声明[：:]|聲明[：:]
        | (?i:copyright|all\ rights\ reserved|disclaimer|subscribe|newsletter)",
    )
    .expect("a fixed pattern")
});

/// Code points up to which one word of a notice makes a notice.
const SHORT_NOTICE: usize = 80;

/// A block whose copy is evidence.
#[derive(Debug)]
pub(crate) struct Passage {
    /// Index among the blocks of the document.
    pub block: usize,
    /// The block.
    pub span: Span,
    /// The text as damage leaves it: no spaces, quotation marks or title
    /// brackets, punctuation as ASCII, unreadable characters as U+FFFD.
    pub skeleton: String,
    /// Columns of letters.
    pub letters: usize,
}

impl Passage {
    /// What is compared of the passage that `glimpse` is of.
    pub(super) fn of(document: &Document, glimpse: &Glimpse) -> Self {
        let Glimpse { block, span, .. } = *glimpse;
        Self { block, span, letters: glimpse.letters(document), skeleton: skeleton(document.slice(span)) }
    }

    /// What tells its skeleton from all others.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let hash = blake3::hash(self.skeleton.as_bytes());
        *hash.as_bytes().first_chunk().expect("a hash has 32 bytes")
    }
}

/// The passages of `document`, in order.
pub(crate) fn passages(document: &Document) -> Vec<Passage> {
    glimpses(document).iter().map(|glimpse| Passage::of(document, glimpse)).collect()
}

/// Whether wide gaps divide the line, as they do in a table.
pub(super) fn has_cells(text: &str) -> bool {
    text.split(['\t', '\u{3000}'])
        .flat_map(|part| part.split("  "))
        .filter(|cell| !cell.trim().is_empty())
        .nth(2)
        .is_some()
}

/// Whether `text` is a caption or a notice.
pub(crate) fn is_meant_to_recur(text: &str) -> bool {
    let needed = if text.chars().count() <= SHORT_NOTICE { 1 } else { 2 };
    CAPTION.is_match(text) || NOTICE.find_iter(text).take(needed).count() == needed
}

/// Whether `text` begins with a label, as entries of a notice do
/// (`办理时限：…`), and not with who speaks.
pub(super) fn has_label(text: &str) -> bool {
    let head: Vec<char> = text.chars().take(10).take_while(|c| is_han(*c)).collect();
    let is_speaker = head.last().is_none_or(|c| "说說道称稱示出调調为為问問答".contains(*c));
    !is_speaker && text.chars().nth(head.len()).is_some_and(|c| matches!(c, '：' | ':'))
}

/// Whether `c` stands for text nobody can read any more.
pub(super) fn is_unreadable(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

/// Whether `c` is a quotation mark or title bracket, which extraction strips.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '"' | '\'' | '「' | '」' | '『' | '』' | '《' | '》' | '〈' | '〉')
}

/// `text` as damage leaves it, see [`Passage::skeleton`].
pub(super) fn skeleton(text: &str) -> String {
    let mut skeleton = String::with_capacity(text.len());
    skeleton.extend(bones(text));
    skeleton
}

/// The characters of the skeleton of `text`.
pub(super) fn bones(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().filter_map(|c| match c {
        '\u{4E00}'..='\u{9FFF}' => Some(c),
        c if is_gap(c) || c.is_control() || is_mark(c) => None,
        c => Some(fold(c)),
    })
}

fn fold(c: char) -> char {
    match c {
        '。' | '．' | '｡' => '.',
        '、' | '､' => ',',
        '—' | '–' | '－' => '-',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c if is_unreadable(c) => '\u{FFFD}',
        c => c,
    }
}
