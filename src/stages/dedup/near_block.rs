//! The rule `dedup/near-block`: the same text but for damage, or for a few
//! characters.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::passage::{Passage, REACH, is_unreadable};
use super::sketch::{SKETCH, Sketch};
use crate::chars::is_han;

/// Hashes of the sketch two passages must share to be compared.
const SHARED: usize = 2;
/// A shingle of more passages than this is a set phrase and tells nothing.
const CROWD: usize = 8;
/// Pairs of passages that are worth comparing, first before second. The number
/// of pairs is at most [`SKETCH`] × [`CROWD`] a passage.
pub(super) fn pairs(passages: &[Passage]) -> Vec<(usize, usize)> {
    let mut holders: Vec<(u64, usize)> = Vec::with_capacity(passages.len() * SKETCH);
    for (index, passage) in passages.iter().enumerate() {
        holders.extend(Sketch::of(&passage.skeleton).hashes().map(|hash| (hash, index)));
    }
    holders.sort_unstable();
    holders.dedup();
    let mut shared: Vec<(usize, usize)> = Vec::new();
    for group in holders.chunk_by(|a, b| a.0 == b.0) {
        let group = &group[..group.len().min(CROWD)];
        for (number, (_, second)) in group.iter().enumerate() {
            shared.extend(group[..number].iter().map(|(_, first)| (*second, *first)));
        }
    }
    shared.sort_unstable();
    let often = shared.chunk_by(|a, b| a == b).filter(|group| group.len() >= SHARED);
    let pairs = often.map(|group| (group[0].1, group[0].0));
    let near = |(first, second): &(usize, usize)| {
        let (first, second) = (&passages[*first], &passages[*second]);
        second.span.start - first.span.end <= REACH && is_close(first.letters, second.letters)
    };
    pairs.filter(near).collect()
}

fn is_close(a: usize, b: usize) -> bool {
    a.abs_diff(b) * 10 <= a.max(b)
}

/// How two passages of different skeletons differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// Where they differ the second can't be read, or the other way round:
    /// whether text would be lost with the first, and with the second.
    Unreadable { only_first: bool, only_second: bool },
    /// A few characters, which a misreading may explain.
    Slight,
}

/// Characters that two look-alikes differ in at most, where the longer one has
/// `length`.
pub(super) fn most_differences(length: usize) -> usize {
    (length / 25).clamp(2, 12)
}

/// The difference of two passages, or `None` if they say two things.
pub(super) fn difference(first: &str, second: &str) -> Option<Difference> {
    let first: Vec<char> = first.chars().collect();
    let second: Vec<char> = second.chars().collect();
    let allowed = most_differences(first.len().max(second.len()));
    // No way to tell them apart changes less than this, which is quick to count.
    let few = rapidfuzz::distance::levenshtein::Args::default().score_cutoff(allowed);
    rapidfuzz::distance::levenshtein::distance_with_args(first.iter(), second.iter(), &few)?;
    let (mut changed, mut slight) = (0, false);
    let (mut only_first, mut only_second) = (false, false);
    for op in capture_diff_slices(Algorithm::Myers, &first, &second) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (&first[op.old_range()], &second[op.new_range()]);
        changed += old.len().max(new.len());
        let lost = |chars: &[char]| chars.iter().copied().all(is_unreadable);
        match (lost(old), lost(new)) {
            _ if changed > allowed => return None,
            (true, true) => {}
            (true, false) if !old.is_empty() => only_second = true,
            (false, true) if !new.is_empty() => only_first = true,
            _ if says_another_thing(old, new) => return None,
            _ => slight = true,
        }
    }
    Some(if slight { Difference::Slight } else { Difference::Unreadable { only_first, only_second } })
}

/// Whether a number or a word stands against another.
fn says_another_thing(old: &[char], new: &[char]) -> bool {
    let is_number = |c: &char| c.is_numeric() || "一二三四五六七八九十百千万亿萬億零〇两兩半".contains(*c);
    let is_word = |chars: &[char]| chars.iter().filter(|c| is_han(**c)).count() > 1;
    old.iter().chain(new).any(is_number) || is_word(old) || is_word(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::stages::dedup::passage::passages;

    #[test]
    fn numbers_and_words_tell_sentences_apart() {
        assert_eq!(difference("三月全县新增企业", "四月全县新增企业"), None);
        assert_eq!(difference("全县新增企业12家", "全县新增企业13家"), None);
        assert_eq!(difference("全县新增企业多家", "全县新增个体多家"), None);
        assert_eq!(difference("全县新增企业多家", "全县新増企业多家"), Some(Difference::Slight));
        assert_eq!(
            difference("全县新增\u{FFFD}业多家", "全县新增企业多家"),
            Some(Difference::Unreadable { only_first: false, only_second: true })
        );
    }

    /// A page of nothing but look-alikes is the worst case.
    #[test]
    fn pairs_grow_with_the_number_of_passages() {
        for count in [100, 1_000] {
            let line = "青禾县今年新建水渠多条，沿线村民用水更加方便，种粮积极性明显提高，收成也比往年好。";
            let text: String = (0..count).map(|i| format!("{line}{i}号渠已经通水。\n")).collect();
            let passages = passages(&Document::new(text));
            assert_eq!(passages.len(), count);
            assert!(pairs(&passages).len() <= count * SKETCH * CROWD);
        }
    }
}
