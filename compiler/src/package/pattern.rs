//! File patterns: `*` and `?` within a name, `**` over folders; a pattern without `/` fits names in every folder.

/// True if the pattern fits the path.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    if !pattern.contains('/') {
        return path.rsplit('/').next().is_some_and(|name| name_fits(pattern, name));
    }
    let pattern: Vec<&str> = pattern.trim_start_matches("./").split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    wild(&pattern, &path, |p| *p == "**", |p, name| name_fits(p, name))
}

fn name_fits(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    wild(&pattern, &name, |p| *p == '*', |p, c| *p == '?' || p == c)
}

/// Matches a sequence against one with wildcards for any run. It goes back to the last wildcard only, so the time is at
/// most the product of the lengths.
fn wild<P, T>(pattern: &[P], items: &[T], any: impl Fn(&P) -> bool, one: impl Fn(&P, &T) -> bool) -> bool {
    let (mut p, mut i) = (0, 0);
    // After the last wildcard: pattern position, and the item it has swallowed up to.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(item) = items.get(i) {
        match pattern.get(p) {
            Some(part) if any(part) => {
                p += 1;
                retry = Some((p, i));
            }
            Some(part) if one(part, item) => {
                p += 1;
                i += 1;
            }
            _ => match retry {
                Some((after, swallowed)) => {
                    p = after;
                    i = swallowed + 1;
                    retry = Some((after, i));
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("*.promo", "a.promo", true),
            ("*.promo", "x/y/a.promo", true),
            ("*.promo", "a.csv", false),
            ("政策?.promo", "政策甲.promo", true),
            ("rules/*.promo", "rules/a.promo", true),
            ("rules/*.promo", "rules/x/a.promo", false),
            ("./rules/**/*.promo", "rules/x/y/a.promo", true),
            ("rules/**/*.promo", "rules/a.promo", true),
            ("**/a.promo", "x/a.promo", true),
            ("**/**", "a/b", true),
            ("*a*b*c", "xxaxxbxxc", true),
            ("*a*b*c", "xxaxxcxxb", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
        let long = "a".repeat(2_000);
        assert!(!fits(&"a*".repeat(500), &format!("{long}/b")));
    }
}
