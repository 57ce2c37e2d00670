//! "Did you mean …": the known names closest to a mistyped one.

/// Up to three known names within a third of the length in edits (at least one), closest first.
pub fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let budget = (name.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = known
        .map(|k| (distance(name, k), k))
        .filter(|(d, k)| *d <= budget || (!name.is_empty() && (k.contains(name) || name.contains(k))))
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().take(3).map(|(_, k)| k.to_owned()).collect()
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = *cell;
            *cell = substitute.min(diagonal + 1).min(left + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("门店", "门店"), 0);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn close_names_come_first() {
        assert_eq!(closest("stor", ["store", "rep", "distributor"].into_iter()), ["store"]);
        assert!(closest("xyz", ["store", "rep"].into_iter()).is_empty());
    }
}
