//! Figures against those that were recorded.

use serde_json::Value;

/// Tells which figures of `now` fall under those of `recorded`, both as
/// [`Results::json`](super::Results::json) makes them. `recorded` may hold a
/// part of it: only what it holds is compared. Precision, recall and F1 must
/// not be lower; error rates after the repair and edits on undamaged text not
/// higher. What was measured and no more can be counts as fallen.
#[must_use]
pub fn below(recorded: &Value, now: &Value) -> Vec<String> {
    let mut fallen = Vec::new();
    compare("figures", recorded, now, &["precision", "recall", "f1"], false, &mut fallen);
    for rate in
        ["cer/after/aligned", "cer/after/aligned_no_space", "cer/after/plain", "cer/after/plain_no_space"]
    {
        let pointer = format!("/{rate}");
        if let Some(recorded) = recorded.pointer(&pointer) {
            let now = now.pointer(&pointer).unwrap_or(&Value::Null);
            figures(rate, recorded, now, &["micro", "macro"], true, &mut fallen);
        }
    }
    if let Some(recorded) = recorded.get("undamaged") {
        figures("undamaged", recorded, &now["undamaged"], &["per_100000"], true, &mut fallen);
    }
    fallen
}

fn compare(
    group: &str,
    recorded: &Value,
    now: &Value,
    names: &[&str],
    lower: bool,
    fallen: &mut Vec<String>,
) {
    for (key, recorded) in recorded[group].as_object().into_iter().flatten() {
        figures(key, recorded, &now[group][key], names, lower, fallen);
    }
}

/// Compares the figures called `names`; `lower` ones are better, or higher.
fn figures(of: &str, recorded: &Value, now: &Value, names: &[&str], lower: bool, fallen: &mut Vec<String>) {
    for name in names {
        let Some(floor) = recorded[name].as_f64() else { continue };
        match now[name].as_f64() {
            Some(now) if if lower { now <= floor } else { now >= floor } => {}
            Some(now) => fallen.push(format!("{of}: {name} is {now}, and {floor} is recorded")),
            None => fallen.push(format!("{of}: {name} can't be measured, and {floor} is recorded")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_worse_falls() {
        let recorded = json!({
            "figures": {"quotes": {"precision": 0.9, "recall": 0.5, "f1": null}},
            "cer": {"after": {"aligned": {"micro": 0.01}}},
            "undamaged": {"per_100000": 1.0},
        });
        assert!(below(&recorded, &recorded).is_empty());
        let now = json!({
            "figures": {"quotes": {"precision": 0.8, "recall": 0.6, "f1": 0.7}},
            "cer": {"after": {"aligned": {"micro": 0.02}}},
            "undamaged": {"per_100000": 0.5},
        });
        let fallen = below(&recorded, &now);
        assert_eq!(fallen.len(), 2, "{fallen:?}");
        assert!(fallen[0].contains("quotes: precision is 0.8"));
        assert_eq!(below(&recorded, &json!({})).len(), 4);
    }
}
