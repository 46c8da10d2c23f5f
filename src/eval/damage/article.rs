//! Articles out of a text file: a paragraph a line, a blank line between
//! documents.

use super::marks::is_balanced;
use crate::chars::{closing_of, columns, ends_sentence, is_closing, is_gap, is_han, is_opening};

/// Columns from which a first line is no headline.
const HEADLINE_COLUMNS: usize = 84;

/// A clean article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its headline, where the document has one: a short first line that does
    /// not end a sentence.
    pub headline: Option<String>,
    /// Its paragraphs; at least one.
    pub paragraphs: Vec<String>,
}

/// The articles of `text`. Paragraphs that are damaged themselves (marks that
/// don't pair, half-width punctuation or gaps between Han in running text,
/// characters nobody can read) are left out: no gold can be made of them.
#[must_use]
pub fn articles(text: &str) -> Vec<Article> {
    let mut articles = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(|line| line.trim_matches(is_gap)).chain([""]) {
        if !line.is_empty() {
            lines.push(line);
            continue;
        }
        articles.extend(article(&lines));
        lines.clear();
    }
    articles
}

fn article(lines: &[&str]) -> Option<Article> {
    let first = lines.first()?;
    let headline = (lines.len() > 1 && is_headline(first)).then(|| (*first).to_owned());
    let rest = if headline.is_some() { &lines[1..] } else { lines };
    let paragraphs: Vec<String> =
        rest.iter().filter(|line| is_text(line) && is_sound(line)).map(|line| (*line).to_owned()).collect();
    let headline = headline.filter(|headline| is_sound(headline));
    (!paragraphs.is_empty()).then_some(Article { headline, paragraphs })
}

fn is_headline(line: &str) -> bool {
    let last = line.chars().rev().find(|c| !is_closing(*c));
    columns(line) <= HEADLINE_COLUMNS && !line.contains('。') && last.is_some_and(|last| !ends_sentence(last))
}

/// Whether it is no rule (`---`) or the like.
fn is_text(line: &str) -> bool {
    line.contains(char::is_alphabetic)
}

/// Whether nothing about the paragraph looks damaged.
fn is_sound(line: &str) -> bool {
    let chars: Vec<char> = line.chars().collect();
    let is_readable =
        |c: &char| !matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '"' | '＂') && !c.is_control();
    let odd = chars.windows(2).any(|pair| is_half_width(pair[0], pair[1]));
    // 『』 are inner marks; alone they are a house's own, and once they are gone
    // nobody can tell.
    let own_marks = line.contains('『') && !line.contains('「');
    chars.iter().all(is_readable) && !odd && !own_marks && is_balanced(line) && !has_odd_gap(&chars)
}

/// Whether a half-width sign stands beside a Han character, or two signs in a
/// row that nobody writes.
fn is_half_width(a: char, b: char) -> bool {
    let half = |c| matches!(c, ',' | ';' | ':' | '?' | '!' | '(' | ')' | '.');
    let repeated = a == b && (matches!(a, '.' | '。' | '，' | '-' | '~') || is_gap(a));
    (is_han(a) && half(b)) || (half(a) && is_han(b) && a != '.') || repeated
}

/// Whether running text holds a gap between Han or behind punctuation, other
/// than in brackets, in quotations and behind the dateline at the start.
fn has_odd_gap(chars: &[char]) -> bool {
    if !chars.contains(&'。') {
        return false;
    }
    let mut depth = 0_usize;
    for at in 1..chars.len().saturating_sub(1) {
        let (before, c, after) = (chars[at - 1], chars[at], chars[at + 1]);
        if is_opening(c) && closing_of(c).is_some() {
            depth += 1;
        } else if is_closing(c) {
            depth = depth.saturating_sub(1);
        }
        let is_dateline = at < 40 && (matches!(before, '电' | '讯' | '電' | '訊') || is_closing(before));
        let is_latin = |c: char| c.is_ascii_alphanumeric();
        if is_gap(c) && depth == 0 && !is_dateline && !is_latin(before) && !is_latin(after) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_become_articles() {
        let found = articles("老桥修好了\n桥面铺了石板。\n\n\n 龙舟赛开赛。\n来了十二支队伍,很热闹。\n");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].headline.as_deref(), Some("老桥修好了"));
        assert_eq!(found[1], Article { headline: None, paragraphs: vec!["龙舟赛开赛。".to_owned()] });
        assert_eq!(articles("\n\n"), []);
    }

    #[test]
    fn gaps_that_are_meant_are_sound() {
        assert!(is_sound("白渡社3月5日电 老桥修好了。"));
        assert!(is_sound("本报讯（记者 甘露 柴方）老桥修好了。"));
        assert!(is_sound("他说 Wi-Fi 已经通了。"));
        assert!(!is_sound("推进 清渠 行动。"));
        assert!(!is_sound("“老桥修好了。"));
    }
}
