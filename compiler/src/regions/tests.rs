#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::package::error::DataErrorKind;

#[track_caller]
fn path(text: &str) -> String {
    let tree = RegionTree::builtin();
    match tree.resolve(text) {
        Ok(id) => tree.path(id),
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn the_built_in_tree_is_complete() {
    let tree = RegionTree::builtin();
    assert_eq!(tree.len(), 3760);
    let provinces = tree.iter().filter(|(_, r)| r.parent == Some(RegionId::ROOT)).count();
    assert_eq!(provinces, 34);
    assert_eq!(tree.range(RegionId::ROOT), (0, 3760));
    for (id, region) in tree.iter() {
        let children: Vec<_> = tree.iter().filter(|(_, r)| r.parent == Some(id)).take(1).collect();
        let leaf = children.is_empty();
        assert_eq!(leaf, region.end == id.0 + 1, "{}", region.code);
        if let Some(parent) = region.parent {
            assert!(tree.contains(parent, id) && !tree.contains(id, parent));
        }
    }
}

#[test]
fn every_region_is_found_by_its_path_and_by_its_code() {
    let tree = RegionTree::builtin();
    for (id, region) in tree.iter() {
        assert_eq!(tree.resolve(&tree.path(id)), Ok(id), "{}", tree.path(id));
        assert_eq!(tree.resolve(&region.code), Ok(id), "{}", region.code);
    }
}

#[test]
fn names_with_and_without_class_words() {
    for (text, expected) in [
        ("全国", "全国"),
        ("四川", "四川省"),
        ("四川省", "四川省"),
        ("内蒙古", "内蒙古自治区"),
        ("广西", "广西壮族自治区"),
        ("新疆", "新疆维吾尔自治区"),
        ("宁夏", "宁夏回族自治区"),
        ("香港", "香港特别行政区"),
        ("澳门", "澳门特别行政区"),
        ("台湾", "台湾省"),
        ("北京", "北京市"),
        ("重庆", "重庆市"),
        ("成都", "四川省/成都市"),
        ("凉山", "四川省/凉山彝族自治州"),
        ("凉山州", "四川省/凉山彝族自治州"),
        ("延边", "吉林省/延边朝鲜族自治州"),
        ("西双版纳", "云南省/西双版纳傣族自治州"),
        ("石林县", "云南省/昆明市/石林彝族自治县"),
        ("大兴安岭", "黑龙江省/大兴安岭地区"),
        ("锡林郭勒", "内蒙古自治区/锡林郭勒盟"),
        ("浦东", "上海市/浦东新区"),
        ("浦东新区", "上海市/浦东新区"),
        ("氹仔", "澳门特别行政区/澳门外岛/嘉模堂区（氹仔）"),
        ("台北", "台湾省/台北市"),
    ] {
        assert_eq!(path(text), expected, "{text}");
    }
}

#[test]
fn paths_may_skip_levels() {
    for (text, expected) in [
        ("四川/成都/锦江区", "四川省/成都市/锦江区"),
        ("四川/锦江", "四川省/成都市/锦江区"),
        ("成都／锦江", "四川省/成都市/锦江区"),
        ("北京/朝阳区", "北京市/朝阳区"),
        ("北京市/市辖区/朝阳区", "北京市/朝阳区"),
        ("湖南/长沙", "湖南省/长沙市"),
        ("长沙/长沙县", "湖南省/长沙市/长沙县"),
        ("南京/鼓楼区", "江苏省/南京市/鼓楼区"),
        ("辽宁/朝阳", "辽宁省/朝阳市"),
        ("全国/四川", "四川省"),
        ("香港/东区", "香港特别行政区/香港岛/东区"),
        ("嘉峪关", "甘肃省/嘉峪关市"),
        ("510104", "四川省/成都市/锦江区"),
        ("5101", "四川省/成都市"),
        ("51", "四川省"),
        (" 810000 ", "香港特别行政区"),
    ] {
        assert_eq!(path(text), expected, "{text}");
    }
}

#[test]
fn a_province_or_the_widest_wins_and_everything_else_is_ambiguous() {
    assert_eq!(path("吉林"), "吉林省");
    assert_eq!(path("吉林市"), "吉林省/吉林市");
    assert_eq!(path("吉林/吉林"), "吉林省/吉林市");
    assert_eq!(path("海南"), "海南省");
    assert_eq!(path("海南区"), "内蒙古自治区/乌海市/海南区");
    assert_eq!(path("长沙"), "湖南省/长沙市");
    let tree = RegionTree::builtin();
    let choices = |text: &str| match tree.resolve(text) {
        Err(ResolveError::Ambiguous { choices }) => choices,
        other => vec![format!("{other:?}")],
    };
    assert_eq!(
        choices("鼓楼区"),
        ["江苏省/南京市/鼓楼区", "江苏省/徐州市/鼓楼区", "福建省/福州市/鼓楼区", "河南省/开封市/鼓楼区"]
    );
    assert_eq!(choices("朝阳区"), ["北京市/朝阳区", "吉林省/长春市/朝阳区"]);
    assert!(choices("朝阳").contains(&"辽宁省/朝阳市".to_owned()));
    assert!(choices("九龙").len() == 2);
}

#[test]
fn unknown_names_get_suggestions() {
    let unknown = |text: &str| match RegionTree::builtin().resolve(text) {
        Err(ResolveError::Unknown { suggestions }) => suggestions,
        other => vec![format!("{other:?}")],
    };
    assert_eq!(unknown("四川/成读"), ["四川省/成都市", "四川省/成都市/成华区"]);
    assert_eq!(unknown("黑龙将"), ["黑龙江省"]);
    assert_eq!(unknown("四川/浦东新区"), ["上海市/浦东新区"]);
    for text in ["", "/", "四川/", "四川//成都", &"长".repeat(100_000)] {
        assert!(unknown(text).is_empty(), "{text}");
    }
    assert!(unknown("亚特兰蒂斯").is_empty());
    assert!(unknown("99").is_empty());
}

#[test]
fn serializes_compactly_and_back() {
    let builtin = RegionTree::builtin();
    let text = serde_json::to_string(&builtin).unwrap();
    assert!(text.len() < 64, "{text}");
    assert_eq!(serde_json::from_str::<RegionTree>(&text).unwrap(), builtin);
    assert!(serde_json::from_str::<RegionTree>(r#"{"gbt2260":"old"}"#).is_err());

    let bare = serde_json::to_string(&RegionTree::default()).unwrap();
    assert_eq!(serde_json::from_str::<RegionTree>(&bare).unwrap(), RegionTree::default());

    let own = RegionTree::from_csv("code,name,parent\nA,东部,\nA1,上海大区,A\nB,西部,\n").unwrap();
    let text = serde_json::to_string(&own).unwrap();
    assert_eq!(serde_json::from_str::<RegionTree>(&text).unwrap(), own);
    assert!(serde_json::from_str::<RegionTree>(r#"{"csv":[["A","a",5]]}"#).is_err());
}

#[test]
fn own_trees_come_in_any_row_order() {
    let tree = RegionTree::from_csv("名称,代码,上级\n锦江,A11,A1\n东部,A,\n成都站,A1,A\n西部,B,\n").unwrap();
    assert_eq!(
        tree.iter().map(|(id, _)| tree.path(id)).collect::<Vec<_>>(),
        ["全国", "东部", "东部/成都站", "东部/成都站/锦江", "西部"]
    );
    assert_eq!(tree.range(tree.resolve("东部").unwrap()), (1, 4));
    assert_eq!(tree.range(RegionId(99)), (0, 0));
    // A path of full names means what it says, though a deeper X fits as well.
    let deep = RegionTree::from_csv("code,name,parent\n1,A,\n2,B,1\n3,X,2\n4,X,1\n").unwrap();
    assert!(deep.iter().all(|(id, _)| deep.resolve(&deep.path(id)) == Ok(id)));
}

#[test]
fn every_bad_row_is_reported() {
    let text = "code,name,parent\n1,甲,\n1,乙,\n,丙,\n3,,\n4,丁,9\n5,甲,\n6,a/b,\n7,x\n";
    let errors = RegionTree::from_csv(text).unwrap_err();
    let found: Vec<_> = errors.iter().map(|e| (e.line, e.column.unwrap_or("-"))).collect();
    assert_eq!(found, [(3, "code"), (4, "code"), (5, "name"), (6, "parent"), (7, "name"), (8, "name"), (9, "-")]);
    let errors = RegionTree::from_csv("code,name,parent\n1,a,2\n2,b,1\n3,c,\n4,d,4\n").unwrap_err();
    assert_eq!(
        errors.iter().map(|e| (e.line, e.kind.clone())).collect::<Vec<_>>(),
        [(2, DataErrorKind::Cycle), (3, DataErrorKind::Cycle), (5, DataErrorKind::Cycle)]
    );
}

#[test]
fn a_deep_chain_is_no_problem() {
    let rows: String = (1..20_000)
        .map(|i| format!("{i},n{i},{}\n", if i == 1 { String::new() } else { (i - 1).to_string() }))
        .collect();
    let tree = RegionTree::from_csv(&format!("code,name,parent\n{rows}")).unwrap();
    assert_eq!(tree.range(RegionId(1)), (1, 20_000));
    assert!(tree.path(RegionId(19_999)).ends_with("/n19999"));
}
