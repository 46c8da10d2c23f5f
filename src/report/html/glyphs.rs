//! Makes what can't be seen visible: a removed line end is worth a look.

/// A run of marked text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// What is shown for it; empty if it can be seen as it is.
    pub(super) glyph: String,
}

/// Code points of `before` and `after` shown in a list.
const SHOWN: usize = 60;

/// `text`, which `next` follows, with every character that can't be seen on its
/// own.
pub(super) fn runs(text: &str, next: Option<char>) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if let Some(glyph) = glyph(c) {
            if done < at {
                runs.push(Run { text: &text[done..at], glyph: String::new() });
            }
            done = at + c.len_utf8();
            // In HTML each half of a CR LF that is torn apart ends a line.
            let following = text[done..].chars().next().or(next);
            let shown = if c == '\r' && following == Some('\n') { "" } else { &text[at..done] };
            runs.push(Run { text: shown, glyph });
        }
    }
    if done < text.len() {
        runs.push(Run { text: &text[done..], glyph: String::new() });
    }
    runs
}

/// `text` in a line, shortened in the middle if it is long.
pub(super) fn line(text: &str) -> String {
    let count = text.chars().count();
    let show = |c: char| glyph(c).unwrap_or_else(|| c.to_string());
    if count <= SHOWN {
        return text.chars().map(show).collect();
    }
    let head: String = text.chars().take(SHOWN / 2).map(show).collect();
    let tail: String = text.chars().skip(count - SHOWN / 2).map(show).collect();
    format!("{head} … {tail}")
}

fn glyph(c: char) -> Option<String> {
    Some(match c {
        ' ' => "\u{2423}".to_owned(),        // open box
        '\n' => "\u{21B5}".to_owned(),       // arrow of the return key
        '\r' => "\u{240D}".to_owned(),       // symbol for carriage return
        '\t' => "\u{21E5}".to_owned(),       // arrow of the tabulator key
        '\u{C}' => "\u{240C}".to_owned(),    // symbol for form feed
        '\u{3000}' => "\u{25A1}".to_owned(), // white square, as wide as the space
        _ if is_unseen(c) => format!("U+{:04X}", u32::from(c)),
        _ => return None,
    })
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unseen_characters_stand_alone() {
        let told: Vec<_> =
            runs("好 \u{200B}吗\r", Some('\n')).into_iter().map(|run| (run.text, run.glyph)).collect();
        let expected = [("好", ""), (" ", "\u{2423}"), ("\u{200B}", "U+200B"), ("吗", ""), ("", "\u{240D}")]
            .map(|(t, g)| (t, g.to_owned()));
        assert_eq!(told, expected);
        assert_eq!(line(&"好".repeat(100)).chars().count(), 63);
    }
}
