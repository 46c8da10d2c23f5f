//! Damaged pages and their gold: what may differ between them, and that the
//! same seed gives the same pages.

use std::collections::BTreeMap;

use textmend::chars::is_han;
use textmend::eval::damage::{
    Article, End, GapRates, Kind, Page, Rates, Rng, StrippedPair, articles, pages, strip_marks,
};

const ARTICLES: &str = include_str!("../examples/articles.txt");

fn example() -> Vec<Article> {
    articles(ARTICLES)
}

fn some(rates: &Rates, seed: u64) -> Vec<Page> {
    pages(&example(), rates, seed).take(60).collect()
}

/// Damage that changes the characters of the text more than by taking marks:
/// all others keep every character of gold.
const WRITES_OVER: [Kind; 1] = [Kind::StrayToken];

#[test]
fn the_same_seed_gives_the_same_pages() {
    assert_eq!(some(&Rates::default(), 7), some(&Rates::default(), 7));
    assert_ne!(some(&Rates::default(), 7), some(&Rates::default(), 8));
    let third = pages(&example(), &Rates::default(), 7).nth(2).expect("there");
    let hash = blake3::hash(format!("{}{}", third.input, third.gold).as_bytes());
    assert_eq!(hash.to_hex().get(..16), Some("d31e3bbf35ef7208"), "a stream of chance changed");
}

#[test]
fn no_damage_means_none() {
    for page in some(&Rates::none(), 1) {
        assert_eq!(page.input, page.gold);
        assert!(page.counts.values().all(|count| *count == 0));
    }
    assert!(pages(&[], &Rates::default(), 1).next().is_none());
}

/// Every Han character of gold is in the input, as often at least.
#[test]
fn nothing_of_gold_is_lost() {
    let kinds: Vec<_> = Kind::ALL.into_iter().filter(|kind| !WRITES_OVER.contains(kind)).collect();
    for page in some(&Rates::default().only(&kinds), 2) {
        let (input, gold) = (han(&page.input), han(&page.gold));
        let missing: Vec<_> =
            gold.iter().filter(|(c, count)| input.get(c).is_none_or(|there| there < *count)).collect();
        assert!(missing.is_empty(), "{missing:?}\n{}", page.input);
    }
}

/// Marks alone: without marks and gaps the two are the same.
#[test]
fn stripped_marks_change_nothing_else() {
    for kind in [Kind::Marks, Kind::Dashes, Kind::LetterSpacing] {
        for page in some(&Rates::default().only(&[kind]), 3) {
            assert_eq!(bare(&page.input), bare(&page.gold), "{kind:?}");
        }
    }
}

/// Splits and copies: every paragraph of the input is part of one of gold.
#[test]
fn blocks_are_parts_of_gold() {
    let kinds = [Kind::Split, Kind::Interleaved, Kind::TailTwice, Kind::BlockTwice, Kind::ArticleTwice];
    for (index, kind) in kinds.into_iter().enumerate() {
        let only =
            Rates { split: 0.5, block_twice: 0.2, article_twice: 0.5, ..Rates::default() }.only(&[kind]);
        let pages = some(&only, 4);
        for page in &pages {
            let gold: Vec<_> = page.gold.split("\n\n").map(str::trim).collect();
            let found = |block: &str| gold.iter().any(|whole| whole.contains(block.trim()));
            let strange: Vec<_> = page.input.split("\n\n").filter(|block| !found(block)).collect();
            assert!(strange.is_empty(), "{kind:?}: {strange:?}");
        }
        let done: usize = pages.iter().filter_map(|page| page.counts.get(&kind)).sum();
        assert!(done > 0, "{index}: {kind:?} is never done");
    }
}

#[test]
fn every_kind_is_done() {
    let often = Rates {
        undamaged_pages: 0.0,
        lost_text: 0.2,
        cut_off: 0.3,
        letter_spacing: 0.1,
        doubled_character: 0.1,
        doubled_run: 0.1,
        width: 0.02,
        article_twice: 0.3,
        gaps: GapRates { dash_lost: 0.5, ..GapRates::default() },
        ..Rates::default()
    };
    let mut counts = BTreeMap::new();
    for page in some(&often, 5) {
        for (kind, count) in page.counts {
            *counts.entry(kind).or_insert(0) += count;
        }
    }
    // There is no such sign in the articles.
    let missing: Vec<_> =
        Kind::ALL.into_iter().filter(|kind| *kind != Kind::Dashes && !counts.contains_key(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn pairs_point_at_what_marks_left() {
    let all = GapRates {
        opening: 1.0,
        closing_before_text: 1.0,
        closing_before_punctuation: 1.0,
        ..GapRates::default()
    };
    let stripped = strip_marks("推进“清渠”“润田”，“灌渠。”", &all, &mut Rng::new(1, 1));
    assert_eq!(stripped.text, "推进 清渠 润田 ， 灌渠。");
    let ends =
        |pair: &StrippedPair| (described(&stripped.text, pair.open), described(&stripped.text, pair.close));
    let ends: Vec<_> = stripped.pairs.iter().map(ends).collect();
    let gap = |rest: &str| format!("gap before {rest}");
    assert_eq!(
        ends,
        [
            (gap("清渠 润田 ， 灌渠。"), gap("润田 ， 灌渠。")),
            (gap("润田 ， 灌渠。"), gap("， 灌渠。")),
            (gap("灌渠。"), "place before ".to_owned()),
        ]
    );
}

#[test]
fn pairs_come_outer_before_inner() {
    let none = GapRates { opening: 0.0, closing_before_text: 0.0, ..GapRates::default() };
    let stripped = strip_marks("“他说‘好’。”", &none, &mut Rng::new(1, 1));
    assert_eq!(stripped.text, "他说好。");
    let marks: Vec<_> = stripped.pairs.iter().map(|pair| (pair.mark, pair.open)).collect();
    assert_eq!(marks, [('“', End::Place(0)), ('‘', End::Place(6))]);
    let titles = strip_marks("《推进〈方案〉的通知》和《方案》", &none, &mut Rng::new(1, 1));
    assert_eq!((titles.text.as_str(), titles.pairs.len()), ("《推进方案的通知》和《方案》", 1));
    let unpaired = strip_marks("“他说好。", &none, &mut Rng::new(1, 1));
    assert_eq!((unpaired.text.as_str(), unpaired.pairs.len()), ("“他说好。", 0));
    let apostrophe = strip_marks("it’s “好”", &none, &mut Rng::new(1, 1));
    assert_eq!(apostrophe.text, "it’s 好");
}

/// Marks put back where the pairs say give the clean paragraph again.
#[test]
fn pairs_hold_all_that_was_stripped() {
    for rates in [GapRates::default(), GapRates::few(), GapRates::many()] {
        let rates = GapRates { dash_lost: 0.0, ..rates };
        for (number, paragraph) in ARTICLES.lines().enumerate() {
            let stripped = strip_marks(paragraph, &rates, &mut Rng::new(9, number as u64));
            assert_eq!(restored(&stripped.text, &stripped.pairs), paragraph);
        }
    }
}

fn described(text: &str, end: End) -> String {
    match end {
        End::Gap(span) => {
            assert_eq!(&text[span.range()], " ");
            format!("gap before {}", &text[span.end..])
        }
        End::Place(at) => format!("place before {}", &text[at..]),
    }
}

fn restored(text: &str, pairs: &[StrippedPair]) -> String {
    let mut marks: Vec<(usize, usize, char)> = Vec::new();
    let mut gaps: Vec<usize> = Vec::new();
    for pair in pairs {
        // Where two marks meet the closing one stands first, and of two closing
        // ones the inner.
        for (end, mark, rank) in [(pair.open, pair.mark, 2), (pair.close, closing(pair.mark), 1)] {
            let at = match end {
                End::Gap(span) => {
                    gaps.push(span.start);
                    span.start
                }
                End::Place(at) => at,
            };
            let nested = if rank == 1 && matches!(mark, '’' | '』') { 0 } else { rank };
            marks.push((at, nested, mark));
        }
    }
    marks.sort_by_key(|(at, rank, _)| (*at, *rank));
    let mut whole = String::new();
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        whole.extend(marks.iter().filter(|(place, ..)| *place == at).map(|(.., mark)| mark));
        if !gaps.contains(&at) && at < text.len() {
            whole.push(c);
        }
    }
    whole
}

fn closing(mark: char) -> char {
    textmend::chars::closing_of(mark).expect("an opening mark")
}

fn han(text: &str) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    for c in text.chars().filter(|c| is_han(*c)) {
        *counts.entry(c).or_default() += 1;
    }
    counts
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '“' | '”' | '‘' | '’' | '〈' | '〉' | '…' | '—')).collect()
}
