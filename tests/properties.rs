//! The laws that hold for every input: arbitrary bytes, arbitrary Unicode, and
//! text put together from the pieces damaged pages are made of.

use std::sync::LazyLock;

use encoding_rs::{BIG5, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use proptest::prelude::*;
use textmend::decisions::{Decision, Decisions};
use textmend::decode::decode;
use textmend::edit::{Confidence, Edit, OffsetMap, Origin, Repair, RuleId, Verdict, apply, resolve};
use textmend::elsewhere::Elsewhere;
use textmend::pipeline::{Cleaned, Pipeline, Status};
use textmend::report::records::{DocumentRecords, replay, revert};
use textmend::rules::{RuleSet, Selection};

static STANDARD: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::standard().expect("the shipped rules are good"));

/// Applies even what is doubtful: the laws hold at every threshold.
static BOLD: LazyLock<Pipeline> = LazyLock::new(|| {
    let rules = RuleSet::embedded().expect("the shipped rules are good");
    Pipeline::new(rules, Selection::default(), Confidence::Doubtful).expect("a good selection")
});

/// Text in the manner of damaged pages.
fn page() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        8 => "[县乡村会议工作企业发展服务群众宣传员学习平台的了在和为]{1,12}",
        4 => "[，。、；：！？“”‘’（）《》〈〉「」…—]",
        3 => "[ \u{3000}\u{A0}]{1,2}",
        2 => "(\n|\n\n|\r\n|\r|\u{C})",
        2 => "[0-9a-zA-Z,.:;()%-]{1,4}",
        1 => Just(" and ".to_owned()),
        1 => Just("一 字 一 字 地 排".to_owned()),
        1 => Just("本报讯（记者 林有禾）".to_owned()),
        1 => Just("第二次交流会在青禾县召开，各乡镇分享了心得体会和经验启示，代表们走进履职点参观学习。".to_owned()),
        1 => "\\PC{1,4}",
        1 => "[\u{200B}\u{FEFF}\u{2F00}\u{F900}\u{FFFD}\u{E000}\u{300}]",
    ];
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

fn encodings() -> impl Strategy<Value = Option<&'static Encoding>> {
    prop_oneof![
        3 => Just(None),
        5 => prop::sample::select(vec![UTF_8, UTF_16LE, UTF_16BE, GB18030, BIG5, SHIFT_JIS, ISO_2022_JP, WINDOWS_1252])
            .prop_map(Some),
    ]
}

fn check_round_trip(source: &[u8], cleaned: &Cleaned) {
    let records = DocumentRecords::new("page.txt", source, cleaned);
    let mut lines = Vec::new();
    records.write(&mut lines).expect("a vector takes all");
    let lines = String::from_utf8(lines).expect("JSON is UTF-8");
    let read = DocumentRecords::read("page.jsonl".as_ref(), &lines).expect("what was written can be read");
    assert_eq!(read, [records]);
    assert_eq!(replay(source, &read[0]).expect("replays"), cleaned.text);
    assert_eq!(revert(&cleaned.text, &read[0]).expect("reverts"), source);
}

/// Law 3: every kept character is the one that stands at its source bytes.
fn check_provenance(cleaned: &Cleaned) {
    let decoded = &cleaned.source;
    assert_eq!(cleaned.offsets.len(), cleaned.text.len());
    for piece in cleaned.offsets.pieces() {
        match piece.origin {
            Origin::Source { start, .. } => {
                let from = decoded.text_offset(start);
                let kept = &cleaned.text[piece.text.range()];
                assert_eq!(&decoded.text[from..from + kept.len()], kept);
            }
            Origin::Written { author, .. } => {
                assert_eq!(cleaned.repairs[author as usize].status, Status::Applied);
            }
        }
    }
}

/// Law 8: a source character that is not kept stands in what a repair replaced.
fn check_nothing_is_lost(source: &[u8], cleaned: &Cleaned) {
    let decoded = &cleaned.source;
    let mut accounted = vec![false; source.len()];
    accounted[..decoded.bom].fill(true);
    for piece in cleaned.offsets.pieces() {
        accounted[piece.source().start..piece.source().end].fill(true);
    }
    for outcome in cleaned.repairs.iter().filter(|outcome| outcome.status == Status::Applied) {
        for edit in &outcome.edits {
            accounted[edit.source.start..edit.source.end].fill(true);
        }
    }
    for exception in &decoded.exceptions {
        if exception.text_len == 0 {
            accounted[exception.source.start..exception.source.end].fill(true);
        }
    }
    assert!(accounted.iter().all(|known| *known), "source bytes vanished");
}

fn check_laws(source: &[u8], given: Option<&'static Encoding>, pipeline: &Pipeline) {
    let cleaned = pipeline.clean(decode(source, given));
    check_round_trip(source, &cleaned);
    check_provenance(&cleaned);
    check_nothing_is_lost(source, &cleaned);
    // Law 7: another run on another thread gives the same.
    let again = std::thread::scope(|scope| scope.spawn(|| pipeline.clean(decode(source, given))).join())
        .expect("no panic");
    assert_eq!(
        (&again.text, &again.repairs, &again.notes),
        (&cleaned.text, &cleaned.repairs, &cleaned.notes)
    );
    // Law 5: clean text is left alone.
    let twice = pipeline.clean(decode(cleaned.text.as_bytes(), Some(UTF_8)));
    let applied: Vec<_> = twice.repairs.iter().filter(|outcome| outcome.status == Status::Applied).collect();
    assert!(applied.is_empty(), "cleaning clean text changed it: {applied:#?}");
}

/// What people might decide, drawn by `chance`, about what `pipeline` proposes;
/// some of it on what is not there.
fn decisions_on(source: &[u8], pipeline: &Pipeline, chance: &[u8]) -> Decisions {
    let cleaned = pipeline.clean(decode(source, Some(UTF_8)));
    let mut decisions = Decisions::default();
    for (outcome, chance) in cleaned.repairs.iter().zip(chance.iter().cycle()) {
        let change = outcome.change(&cleaned.source);
        let (before, after) = (Some(change.before.as_str().into()), Some(change.after.as_str().into()));
        let text = Some("“改,定”".into());
        let verdict = [Verdict::Accept, Verdict::Reject, Verdict::Edit][usize::from(chance % 3)];
        let decision = Decision { verdict, text, before, after };
        match (chance / 3) % 6 {
            0 | 1 => decisions.on_occurrence("page", &outcome.id, decision),
            2 if verdict != Verdict::Edit => decisions.on_rule("page", outcome.rule.as_str(), decision),
            3 if verdict != Verdict::Edit && change.phrase.is_some() => {
                decisions.on_phrase(outcome.rule.as_str(), &change.phrase.unwrap_or_default(), decision);
            }
            4 => decisions.on_occurrence("page", "0123456789abcdef", decision),
            _ => {}
        }
    }
    decisions
}

/// The laws but for idempotence, which clean text of its own accord has and
/// text that people decided on has not; and that decisions are obeyed.
fn check_laws_under_decisions(source: &[u8], pipeline: &Pipeline, chance: &[u8]) {
    let decisions = decisions_on(source, pipeline, chance);
    let rulings = decisions.rulings("page");
    let clean = || pipeline.clean_under(decode(source, Some(UTF_8)), &Elsewhere::default(), &rulings);
    let cleaned = clean();
    check_round_trip(source, &cleaned);
    check_provenance(&cleaned);
    check_nothing_is_lost(source, &cleaned);
    let again = clean();
    assert_eq!(
        (&again.text, &again.repairs, &again.stale),
        (&cleaned.text, &cleaned.repairs, &cleaned.stale)
    );
    let mut ids = std::collections::HashSet::new();
    for outcome in &cleaned.repairs {
        assert!(ids.insert(&outcome.id), "two repairs are {}", outcome.id);
        let rejected = outcome.ruling == Some(Verdict::Reject);
        assert_eq!(rejected, outcome.status == Status::Rejected, "{outcome:#?}");
        assert!(outcome.ruling.is_none() || outcome.status != Status::Suggested, "{outcome:#?}");
    }
}

/// A reviewer's own text holds what a rejected rule would change.
#[test]
fn what_is_rejected_is_rejected_in_own_text_too() {
    for chance in [[128, 241], [128, 240]] {
        check_laws_under_decisions("服,村\u{F900}".as_bytes(), &STANDARD, &chance);
        check_laws_under_decisions("服,村\u{F900}".as_bytes(), &BOLD, &chance);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laws_hold_for_bytes(source in prop::collection::vec(any::<u8>(), 0..300), given in encodings()) {
        check_laws(&source, given, &STANDARD);
    }

    #[test]
    fn laws_hold_for_unicode(source in "\\PC{0,200}", given in encodings()) {
        check_laws(source.as_bytes(), given, &BOLD);
    }

    #[test]
    fn laws_hold_for_pages(source in page()) {
        check_laws(source.as_bytes(), Some(UTF_8), &STANDARD);
    }

    #[test]
    fn laws_hold_for_pages_when_bold(source in page()) {
        check_laws(source.as_bytes(), Some(UTF_8), &BOLD);
    }

    #[test]
    fn laws_hold_for_encoded_pages(source in page(), encoding in prop::sample::select(vec![GB18030, BIG5, UTF_16LE])) {
        let bytes = textmend::decode::encode(&source, encoding, true, []);
        check_laws(&bytes, Some(encoding), &STANDARD);
    }

    #[test]
    fn laws_hold_under_decisions(source in page(), chance in prop::collection::vec(any::<u8>(), 1..20)) {
        check_laws_under_decisions(source.as_bytes(), &STANDARD, &chance);
        check_laws_under_decisions(source.as_bytes(), &BOLD, &chance);
    }

    /// Law 6, and what applying rests on: whatever is proposed, nothing is
    /// lost, what is applied doesn't overlap, and the order of proposals plays
    /// no part.
    #[test]
    fn resolving_settles_every_proposal(proposals in proposals()) {
        let text = "abcdefghij".repeat(4);
        let count = proposals.len();
        let resolved = resolve(proposals.clone(), Confidence::Likely);
        prop_assert_eq!(resolved.applied.len() + resolved.suggested.len() + resolved.superseded.len(), count);
        prop_assert!(resolved.suggested.iter().all(|repair| repair.confidence < Confidence::Likely));
        let mut map = OffsetMap::default();
        map.push_source(text.len(), 0, 1, 1);
        let (made, made_map) = apply(&text, &map, &resolved.applied, 0);
        prop_assert_eq!(made_map.len(), made.len());
        for piece in made_map.pieces() {
            if let Origin::Source { start, .. } = piece.origin {
                prop_assert_eq!(&text[start..start + piece.text.len()], &made[piece.text.range()]);
            }
        }
        let reversed = resolve(proposals.into_iter().rev().collect(), Confidence::Likely);
        prop_assert_eq!(resolved.applied, reversed.applied);
    }
}

fn proposals() -> impl Strategy<Value = Vec<Repair>> {
    let span = (0usize..40, 0usize..8).prop_map(|(start, len)| (start, (start + len).min(40)));
    let edit = prop_oneof![
        3 => (span.clone(), "[A-Z]{0,3}").prop_map(|((start, end), new)| vec![Edit::replace(start..end, new)]),
        1 => (0usize..20, 1usize..6, 30usize..40).prop_map(|(start, len, to)| {
            Edit::relocate((start..start + len).into(), to).to_vec()
        }),
    ];
    let confidence =
        prop::sample::select(vec![Confidence::Doubtful, Confidence::Likely, Confidence::Certain]);
    let repair =
        (prop::collection::vec(edit, 1..3), confidence, 0u8..9).prop_map(|(edits, confidence, number)| {
            let mut edits = edits.concat();
            edits.sort_by_key(|edit| edit.span);
            Repair {
                rule: RuleId::new("test/any"),
                confidence,
                score: None,
                message: number.to_string(),
                edits,
                ruling: None,
            }
        });
    prop::collection::vec(repair, 0..12)
}
