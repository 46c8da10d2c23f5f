//! What the documents of an archive share: passages that stand in several of
//! them, and phrases known to be quoted.
//!
//! It takes a look at every document before the first can be cleaned. Each is
//! looked at on its own ([`Look::at`], in any thread), the looks are collected
//! in the order of the archive ([`Survey::add`]), and [`Survey::finish`] puts
//! together what belongs together. What is collected goes to files in a folder
//! of the survey's own, so that memory grows with what is *found*, not with the
//! archive.
//!
//! A passage is what `dedup` holds to be one: running prose of 30 Han or more,
//! no caption and no notice. Two count as the same if their texts are, damage
//! aside, or if four in five of their shingles are ([`SIMILAR`]); pairs worth
//! comparing are found by MinHash and locality-sensitive hashing (see
//! `sketch`), and compared by their texts.

mod clusters;
mod look;
mod phrases;
mod sketch;
mod sort;
mod survey;

pub use clusters::{Bytes, Cluster, Keep, Knowledge, Member};
pub use look::Look;
pub use survey::{Findings, Survey};

/// The share of shingles from which two passages are near-duplicates.
pub const SIMILAR: f32 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;
    use crate::pipeline::Pipeline;

    const ROADS: &str =
        "柳塘乡今年新修机耕路九条，路面铺了碎石，拖拉机可以一直开到地头，秋收的稻谷当天就能运进粮库。";
    const PEARS: &str = "沙洲乡的果园昨日开园，首批早熟的梨已经上市，每斤卖到六元，比往年高出一成，果农说多年未见这样的价钱。";
    const BOATS: &str =
        "白石乡的龙舟队今年添了两条新船，队员大多是返乡的年轻人，每天傍晚在河湾里训练，准备参加县里的比赛。";

    fn survey(documents: &[&str]) -> Findings {
        let folder = tempfile::tempdir().expect("a folder");
        let mut survey = Survey::new(folder.path()).expect("begun");
        for (number, text) in documents.iter().enumerate() {
            let look = Look::at(&decode(text.as_bytes(), None));
            survey.add(&format!("{number}.txt"), look).expect("added");
        }
        survey.finish().expect("finished")
    }

    fn places(cluster: &Cluster) -> Vec<(&str, usize)> {
        cluster.members.iter().map(|member| (&*member.name, member.passages[0].start)).collect()
    }

    #[test]
    fn copies_are_found_in_whatever_state() {
        let damaged = ROADS.replace('，', ",").replace("碎石", "碎 石").replace('铺', "\u{FFFD}");
        let findings = survey(&[ROADS, PEARS, &format!("{BOATS}\n{damaged}"), BOATS]);
        assert_eq!(findings.clusters.len(), 2);
        assert_eq!(places(&findings.clusters[0]), [("0.txt", 0), ("2.txt", BOATS.len() + 1)]);
        assert_eq!(places(&findings.clusters[1]), [("2.txt", 0), ("3.txt", 0)]);
        let [first, second] = &findings.clusters[0].members[..] else { panic!("two members") };
        assert!(first.similarity == 1.0 && (SIMILAR..1.0).contains(&second.similarity));
        assert!(first.damage < second.damage);
    }

    #[test]
    fn passages_that_go_together_are_one() {
        let article = format!("{ROADS}\n{PEARS}\n");
        let findings = survey(&[&article, BOATS, &format!("{BOATS}\n{article}")]);
        let sizes: Vec<_> =
            findings.clusters.iter().map(|cluster| cluster.members[0].passages.len()).collect();
        assert_eq!(sizes, [2, 1]);
    }

    #[test]
    fn what_recurs_in_one_document_or_is_meant_to_is_none() {
        let notice =
            "凡注明来源为本报的作品，未经授权，不得转载、摘编或以其他方式使用上述作品，违者将依法追究责任。";
        let twice = format!("{ROADS}\n{ROADS}");
        assert!(survey(&[&twice, notice, notice, "种树。", "种树。"]).clusters.is_empty());
    }

    #[test]
    fn the_best_copy_or_the_first_stays() {
        let pipeline = Pipeline::standard().expect("the shipped rules are good");
        let damaged = ROADS.replace('，', ",");
        let documents = [damaged.as_str(), ROADS];
        let findings = survey(&documents);
        for (keep, gone) in [(Keep::First, 1), (Keep::Best, 0)] {
            let knowledge = Knowledge::of_copies(&findings.clusters, keep);
            for (number, text) in documents.iter().enumerate() {
                let elsewhere = knowledge.elsewhere(&format!("{number}.txt"));
                let cleaned = pipeline.clean_knowing(decode(text.as_bytes(), None), &elsewhere);
                assert_eq!(cleaned.text.is_empty(), number == gone, "{keep:?} {number}");
            }
        }
    }

    #[test]
    fn phrases_are_known_when_two_documents_quote_them() {
        let one = "青禾县开展“清渠润田”会战，“一户一策”落到实处。";
        let findings = survey(&[one, one, "柳塘乡开展 清渠润田 会战。", "“一渠一长”制"]);
        let knowledge = Knowledge::default().with_phrases(findings.phrases);
        let elsewhere = knowledge.elsewhere("0.txt");
        let of =
            |phrase| (elsewhere.phrases().counts(phrase).marked, elsewhere.phrases().counts(phrase).between);
        assert_eq!([of("清渠润田"), of("一户一策"), of("一渠一长")], [(2, 1), (2, 0), (0, 0)]);
    }

    #[test]
    fn a_text_of_many_documents_is_one_cluster() {
        let pages: Vec<String> =
            (0..40).map(|page| format!("{}\n{page}", [ROADS, PEARS, BOATS][page % 3])).collect();
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let findings = survey(&pages);
        let sizes: Vec<_> = findings.clusters.iter().map(|cluster| cluster.members.len()).collect();
        assert_eq!(sizes, [14, 13, 13]);
    }
}
