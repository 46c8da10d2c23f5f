//! The clean page: articles one below the other, with the headlines, bylines,
//! captions and credits of a newspaper. Their gaps are meant, and stay.
//!
//! The probabilities here are choices: on the page that was counted each of
//! these stood a few times.

use super::article::Article;
use super::marks::{is_balanced, is_quotation_mark};
use super::names::{self, PAPERS, PICTURES};
use super::rng::Rng;
use crate::chars::is_han;

/// Paragraphs of an article at most; the rest is left out.
const MAX_PARAGRAPHS: usize = 12;

/// A block of the page, as it was before anything was damaged.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) text: String,
    pub(super) role: Role,
    /// Index of the article it belongs to.
    pub(super) article: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Headline,
    /// Byline, caption, credit, source.
    Matter,
    Paragraph,
}

/// The blocks of a page with `articles` in this order.
pub(super) fn lay_out(articles: &[Article], rng: &mut Rng) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (index, article) in articles.iter().enumerate() {
        let mut add = |role, text: String| blocks.push(Block { text, role, article: index });
        let script = Script::of(article);
        for line in headlines(article, rng) {
            add(Role::Headline, line);
        }
        let dated = article.paragraphs[0].chars().take(30).any(|c| matches!(c, '电' | '讯' | '電' | '訊'))
            || article.paragraphs[0].contains("记者");
        if !dated && rng.chance(0.3) {
            add(Role::Matter, script.byline(rng));
        }
        let is_lead = !dated && article.paragraphs[0].contains('。');
        let dateline = if is_lead && rng.chance(0.5) { script.dateline(rng) } else { String::new() };
        let picture = rng.chance(0.15).then(|| rng.below(article.paragraphs.len().min(MAX_PARAGRAPHS)));
        for (at, paragraph) in article.paragraphs.iter().take(MAX_PARAGRAPHS).enumerate() {
            let lead = if at == 0 { dateline.as_str() } else { "" };
            add(Role::Paragraph, format!("{lead}{paragraph}"));
            if picture == Some(at) {
                add(Role::Matter, script.caption(rng));
            }
        }
        if rng.chance(0.1) {
            add(Role::Matter, script.credit(rng));
        }
    }
    blocks
}

/// The headline, with its halves parted by a gap where it has two; one made of
/// the article's own first words where it has none, or none.
fn headlines(article: &Article, rng: &mut Rng) -> Vec<String> {
    let parted =
        |text: &str, rng: &mut Rng| if rng.chance(0.7) { text.replace('，', " ") } else { text.to_owned() };
    match &article.headline {
        Some(headline) if rng.chance(0.9) => vec![parted(headline, rng)],
        Some(headline) => vec![parted(headline, rng)].into_iter().chain(own_words(article, 1)).collect(),
        None if rng.chance(0.7) => {
            let clauses = rng.within(0, 1);
            own_words(article, clauses).into_iter().collect()
        }
        None => Vec::new(),
    }
}

/// A headline cut from the sentences of the article, from `paragraph` on: one
/// clause, or two in halves.
fn own_words(article: &Article, paragraph: usize) -> Option<String> {
    let mut running = article.paragraphs.iter().filter(|text| text.contains('。'));
    let text = running.nth(paragraph)?;
    let mut clauses = text.split(['，', '。', '；', '！', '？']).map(str::trim);
    let first = clauses.find(|clause| is_title(clause))?;
    let second = clauses.next().filter(|clause| is_title(clause) && first.chars().count() < 14);
    Some(second.map_or_else(|| first.to_owned(), |second| format!("{first} {second}")))
}

fn is_title(clause: &str) -> bool {
    let length = clause.chars().count();
    let closed = clause.matches('（').count() == clause.matches('）').count();
    let is_plain =
        |c: char| is_han(c) || is_quotation_mark(c) || matches!(c, '、' | '《' | '》') || c.is_ascii_digit();
    (6..=20).contains(&length) && closed && is_balanced(clause) && clause.chars().all(is_plain)
}

/// Which script bylines and captions have to be in.
#[derive(Clone, Copy)]
enum Script {
    Simplified,
    Traditional,
}

impl Script {
    fn of(article: &Article) -> Self {
        let is_traditional = |c: char| matches!(c, '「' | '這' | '個' | '們' | '國' | '說');
        let mut paragraphs = article.paragraphs.iter();
        let found = paragraphs.any(|paragraph| paragraph.contains(is_traditional));
        if found { Self::Traditional } else { Self::Simplified }
    }

    fn choose(self, simplified: &'static str, traditional: &'static str) -> &'static str {
        match self {
            Self::Simplified => simplified,
            Self::Traditional => traditional,
        }
    }

    fn byline(self, rng: &mut Rng) -> String {
        let people = names::people(rng);
        let reporter = self.choose("记者", "記者");
        match rng.below(4) {
            0 => format!("（{people} {}）", names::person(rng)),
            1 => format!("{}{reporter} {people}", self.choose("本报", "本報")),
            2 => format!("{reporter} {people} {} {}", self.choose("通讯员", "通訊員"), names::person(rng)),
            _ => format!("{reporter} {people}"),
        }
    }

    fn dateline(self, rng: &mut Rng) -> String {
        let people = names::people(rng);
        let who = match rng.below(3) {
            0 => format!("{} {people}", self.choose("记者", "記者")),
            1 => format!("{} {people}", self.choose("通讯员", "通訊員")),
            _ => format!("{people} {}", names::person(rng)),
        };
        format!("{}（{who}）", self.choose("本报讯", "本報訊"))
    }

    fn caption(self, rng: &mut Rng) -> String {
        let (title, sentence) = PICTURES[rng.below(PICTURES.len())];
        let photographer = names::person(rng);
        match self {
            Self::Traditional => format!("{photographer} 攝"),
            Self::Simplified if rng.chance(0.5) => format!("{title} {sentence} {photographer} 摄"),
            Self::Simplified => format!("{sentence} 本报记者 {photographer} 摄"),
        }
    }

    fn credit(self, rng: &mut Rng) -> String {
        let paper = rng.pick(&PAPERS).copied().unwrap_or_default();
        match (self, rng.below(3)) {
            (Self::Simplified, 0) => format!("责任编辑：{} 校对：{}", names::person(rng), names::person(rng)),
            (Self::Simplified, 1) => format!("来源：{paper}"),
            (Self::Simplified, _) => format!("{paper} 记者 {}", names::people(rng)),
            (Self::Traditional, _) => {
                format!("責任編輯：{} 校對：{}", names::person(rng), names::person(rng))
            }
        }
    }
}
