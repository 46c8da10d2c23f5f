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
}

/// `articles`, with gaps strewn over them with probability `share`.
pub(super) fn spaced(articles: &[Article], share: f64, rng: &mut Rng) -> Vec<Article> {
    let mut articles = articles.to_vec();
    if rng.chance(share) {
        let habit = match rng.below(2) {
            0 => Habit::Sentences(*rng.pick(&[0.05, 0.3, 1.0]).expect("three rates")),
            _ => Habit::Anywhere(*rng.pick(&[0.001, 0.005, 0.02]).expect("three rates")),
        };
        for paragraph in articles.iter_mut().flat_map(|article| &mut article.paragraphs) {
            *paragraph = strew(paragraph, habit, rng);
        }
    }
    articles
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
        let text = "渠道通水了。村民们奔走相告，县里的工作队也来了。";
        let mut rng = Rng::new(3, 1);
        for habit in [Habit::Sentences(1.0), Habit::Anywhere(0.5)] {
            let strewn = strew(text, habit, &mut rng);
            assert!(strewn.contains(' '));
            assert_eq!(strewn.replace(' ', ""), text);
        }
    }
}
