//! "Did you mean": edit distance over characters.

/// How many characters must be inserted, deleted, replaced or swapped with their neighbour to make `b` of `a`.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (i, ca) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, cb) in b.iter().enumerate() {
            let at = |v: &[usize], k: usize| v.get(k).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&row, j) + usize::from(ca != *cb)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = j > 0 && last == Some(*cb) && b.get(j - 1) == Some(&ca);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(ca);
    }
    row.last().copied().unwrap_or(0)
}

/// The candidates nearest to `text`, best first: at most three, each at most a third of its length away (one character
/// at least), so that a far guess is not offered. Long texts get none.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let length = text.chars().count();
    if length == 0 || length > 40 {
        return Vec::new();
    }
    let folded = text.to_lowercase();
    let reach = (length / 3).max(1);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        // Cheap first: names of very different length are far.
        .filter(|c| c.chars().count().abs_diff(length) <= reach)
        .map(|c| (distance(&folded, &c.to_lowercase()), c))
        .filter(|(d, _)| *d <= reach && *d < length)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, c)| c.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, d) in
            [("", "", 0), ("", "ab", 2), ("成都", "成读", 1), ("abcd", "acbd", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a, b), d, "{a} {b}");
            assert_eq!(distance(b, a), d, "{b} {a}");
        }
    }

    #[test]
    fn only_near_names_are_offered() {
        assert_eq!(nearest("SKU-1OO", ["SKU-100", "SKU-200", "OTHER"]), ["SKU-100"]);
        assert_eq!(nearest("products", ["product", "regions"]), ["product"]);
        assert!(nearest("x", ["y"]).is_empty());
    }
}
