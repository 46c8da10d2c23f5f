//! Gaps that mean nothing: what a model has to know besides the gaps that marks
//! leave. How often is a choice; what they look like was seen in OCR output and
//! in text from the web.

use crate::chars::{ends_sentence, is_closing, is_han};
use crate::eval::damage::{Article, Rng};

/// How gaps that mean nothing are strewn over a page.
#[derive(Clone, Copy)]
enum Habit {
    /// Behind sentences, with this probability.
    Sentences(f64),
    /// Between any two Han characters.
    Anywhere(f64),
    /// Behind the labels that paragraphs begin with, as speakers' names do.
    Labels(f64),
    /// On both sides of Latin words and figures.
    Latin(f64),
}

/// `articles`, with gaps strewn over them with probability `share`.
pub(super) fn spaced(articles: &[Article], share: f64, rng: &mut Rng) -> Vec<Article> {
    let mut articles = articles.to_vec();
    if rng.chance(share) {
        let habit = match rng.below(4) {
            0 => Habit::Labels(*rng.pick(&[0.5, 1.0]).expect("two rates")),
            1 => Habit::Latin(*rng.pick(&[0.05, 0.2, 0.5]).expect("three rates")),
            2 => Habit::Sentences(*rng.pick(&[0.05, 0.3, 1.0]).expect("three rates")),
            _ => Habit::Anywhere(*rng.pick(&[0.001, 0.005, 0.02]).expect("three rates")),
        };
        for article in &mut articles {
            let labels = labels(article, rng);
            for paragraph in &mut article.paragraphs {
                *paragraph = match habit {
                    Habit::Labels(rate) if rng.chance(rate) => {
                        format!("{}： {paragraph}", rng.pick(&labels).map_or("", String::as_str))
                    }
                    _ => strew(paragraph, habit, rng),
                };
            }
        }
    }
    articles
}

/// One to three labels, cut from the text of `article`.
fn labels(article: &Article, rng: &mut Rng) -> Vec<String> {
    let chars: Vec<char> = article.paragraphs.iter().flat_map(|text| text.chars()).collect();
    let count = rng.within(1, 3);
    let label = |rng: &mut Rng| {
        let from = rng.below(chars.len());
        let label: String = chars[from..].iter().take_while(|c| is_han(**c)).take(rng.within(1, 6)).collect();
        if label.is_empty() { "问".to_owned() } else { label }
    };
    (0..count).map(|_| label(rng)).collect()
}

fn strew(paragraph: &str, habit: Habit, rng: &mut Rng) -> String {
    let chars: Vec<char> = paragraph.chars().collect();
    let mut text = String::with_capacity(paragraph.len());
    for (at, c) in chars.iter().enumerate() {
        text.push(*c);
        let Some(next) = chars.get(at + 1) else { break };
        let gap = match habit {
            Habit::Sentences(rate) => ends_sentence(*c) && !is_closing(*next) && rng.chance(rate),
            Habit::Anywhere(rate) => is_han(*c) && is_han(*next) && rng.chance(rate),
            Habit::Latin(rate) => {
                let latin = |c: &char| c.is_ascii_alphanumeric();
                (is_han(*c) && latin(next) || latin(c) && is_han(*next)) && rng.chance(rate)
            }
            Habit::Labels(_) => false,
        };
        if gap {
            text.push(' ');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_all_that_is_added() {
        let text = "渠道通水了。村民们奔走相告，县里的3支工作队也来了。";
        let mut rng = Rng::new(3, 1);
        for habit in [Habit::Sentences(1.0), Habit::Anywhere(0.5), Habit::Latin(1.0)] {
            let strewn = strew(text, habit, &mut rng);
            assert!(strewn.contains(' '));
            assert_eq!(strewn.replace(' ', ""), text);
        }
    }
}
