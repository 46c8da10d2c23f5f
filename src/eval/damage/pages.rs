//! Pages one after the other, from a heap of articles.

use super::article::Article;
use super::page::{Page, page};
use super::rates::Rates;
use super::rng::Rng;

/// Code points of a page: drawn between these for each. The page that was
/// counted had 6,000; a choice.
const LENGTH: (usize, usize) = (2_500, 7_000);

/// Code points of an article that count for the length of a page.
const LONGEST: usize = 3_000;

/// Pages without end, made from `articles` drawn at random; each is drawn again
/// only after all others were. Page number n of a seed is the same however many
/// are made; there are none if there are no articles.
pub fn pages(articles: &[Article], rates: &Rates, seed: u64) -> impl Iterator<Item = Page> {
    let mut heap: Vec<usize> = Vec::new();
    let mut order = Rng::new(seed, 0);
    let numbers = 1..=if articles.is_empty() { 0 } else { u64::MAX };
    numbers.map(move |number| {
        let mut rng = Rng::new(seed, number);
        let wanted = rng.within(LENGTH.0, LENGTH.1);
        let mut drawn: Vec<Article> = Vec::new();
        let mut length = 0;
        while length < wanted {
            if heap.is_empty() {
                if !drawn.is_empty() && articles.len() <= drawn.len() {
                    break;
                }
                heap = (0..articles.len()).collect();
                order.shuffle(&mut heap);
            }
            let Some(article) = heap.pop().map(|index| &articles[index]) else { break };
            // The same article twice would be a duplicate that gold keeps.
            if drawn.iter().any(|other| other.paragraphs[0] == article.paragraphs[0]) {
                continue;
            }
            let letters: usize = article.paragraphs.iter().map(|text| text.chars().count()).sum();
            length += letters.min(LONGEST);
            drawn.push(article.clone());
        }
        page(&drawn, rates, &mut rng)
    })
}
