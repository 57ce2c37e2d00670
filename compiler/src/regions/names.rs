//! How people call a region: the official name, the name without its class word, and what stands between the two.

/// Class words, longest first among those that end alike. A name loses the first that leaves two characters or more.
const CLASSES: &[&str] =
    &["特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "新区", "省", "市", "区", "县", "盟", "旗"];

/// Zones that are not districts: their last word is not a class word (`开发区`).
const ZONES: &[&str] = &["开发区", "管理区", "示范区", "产业区", "园区", "试验区", "合作区", "矿区"];

/// Peoples' names as they stand before 自治区, 自治州, 自治县 and 自治旗.
const PEOPLES: &[&str] = &[
    "蒙古族",
    "蒙古",
    "回族",
    "藏族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "锡伯",
    "普米族",
    "塔吉克族",
    "塔吉克",
    "怒族",
    "保安族",
    "裕固族",
    "独龙族",
    "鄂温克族",
    "各族",
];

/// A node of statistics that nobody names: all districts, or all counties, of a municipality or province.
pub(super) fn is_statistical(name: &str) -> bool {
    matches!(name, "市辖区" | "县" | "省直辖县级行政区划" | "自治区直辖县级行政区划")
}

/// Calls `add(form, full)` for every way to write the name; `full` marks an official name that differs from its short
/// form, so that writing it in full picks it out.
pub(super) fn forms(name: &str, mut add: impl FnMut(&str, bool)) {
    if is_statistical(name) {
        return add(name, true);
    }
    // 嘉模堂区（氹仔）: also as 嘉模堂区 and as 氹仔.
    if let Some((outer, inner)) = name.split_once('（') {
        add(name, true);
        add(inner.trim_end_matches('）'), false);
        if !outer.is_empty() {
            forms(outer, add);
        }
        return;
    }
    let Some((stem, class)) = split_class(name) else {
        return add(name, false);
    };
    add(name, true);
    let Some(kind) = class.strip_prefix("自治") else {
        return add(stem, false);
    };
    let short = without_peoples(stem);
    add(short, false);
    // 凉山州, 石林县: the class without 自治 and the people.
    if kind != "区" {
        add(&format!("{short}{kind}"), false);
    }
}

fn split_class(name: &str) -> Option<(&str, &str)> {
    if ZONES.iter().any(|zone| name.ends_with(zone)) {
        return None;
    }
    CLASSES.iter().find_map(|class| {
        let stem = name.strip_suffix(class)?;
        (stem.chars().nth(1).is_some()).then_some((stem, *class))
    })
}

/// 延边朝鲜族 → 延边; 内蒙古 stays (one character would be left); 东乡族 → 东乡 (nothing would be left).
fn without_peoples(stem: &str) -> &str {
    let mut rest = stem;
    while let Some(shorter) = PEOPLES.iter().filter_map(|p| rest.strip_suffix(p)).find(|s| s.chars().nth(1).is_some()) {
        rest = shorter;
    }
    rest.strip_suffix('族').filter(|s| s.chars().nth(1).is_some()).unwrap_or(rest)
}
