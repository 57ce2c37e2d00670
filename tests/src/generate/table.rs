//! Random data tables, and their cells as what a rule can read.

use super::model::{Model, Name, Slot, Ty, Unit, name, suffix};
use super::scope::{Cx, Gen};
use crate::random::Random;

/// A data table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    name: Name,
    keys: Vec<Ty>,
    columns: Vec<(Name, Ty, bool)>,
    /// Its declaration.
    pub(super) text: String,
    /// Its file.
    pub(super) file: (String, String),
}

/// Up to two tables over what the model has.
pub(super) fn tables(r: &mut Random, m: &Model, zh: bool) -> Vec<Table> {
    (0..r.below(3)).map(|n| table(r, m, zh, n)).collect()
}

fn word(n: &Name, zh: bool) -> &str {
    if zh { &n.zh } else { &n.en }
}

/// How a key is declared, and the values rows can have.
fn key(r: &mut Random, m: &Model, zh: bool) -> (String, Ty, Vec<String>) {
    let role = r.below(m.roles.len());
    let owner = &m.roles[role];
    let one_of = owner.facts.iter().find_map(|f| match &f.ty {
        Ty::OneOf(values) => Some((f, values)),
        _ => None,
    });
    match (r.below(5), one_of) {
        (0, _) => {
            let skus = m.products.iter().map(|p| p.0.clone()).collect();
            ((if zh { "产品" } else { "product" }).into(), Ty::Product, skus)
        }
        (1, _) => ((if zh { "区域" } else { "region" }).into(), Ty::Region, m.regions.clone()),
        (2, Some((fact, values))) => {
            let path = format!("{}.{}", word(&owner.name, zh), word(&fact.name, zh));
            (path, fact.ty.clone(), values.iter().map(|v| v.en.clone()).collect())
        }
        _ => {
            let ids = (0..3).map(|n| format!("{}{n}", owner.name.en)).collect();
            (word(&owner.name, zh).into(), Ty::Party(role), ids)
        }
    }
}

fn table(r: &mut Random, m: &Model, zh: bool, n: usize) -> Table {
    let mut keys = vec![key(r, m, zh)];
    if r.chance(35) {
        let second = key(r, m, zh);
        if second.1 != keys[0].1 && second.0 != keys[0].0 {
            keys.push(second);
        }
    }
    let sorts = vec![name("x", "x甲"), name("y", "y乙"), name("z", "z丙")];
    let all = [
        (name("sum", "表金额"), Ty::Number(r.between(0, 5), r.between(20, 90), Unit::Money)),
        (name("part", "表比例"), Ty::Number(0, 30, Unit::Rate)),
        (name("often", "表次数"), Ty::Number(1, r.between(2, 9), Unit::Plain)),
        (name("sort", "表类别"), Ty::OneOf(sorts)),
        (name("open", "表开放"), Ty::YesNo),
        (name("area", "表区域"), Ty::Region),
    ];
    let columns: Vec<(Name, Ty, bool)> =
        all.into_iter().filter_map(|(name, ty)| r.chance(60).then(|| (name, ty, r.chance(30)))).collect();
    let title = name(&format!("rows{n}"), &format!("表{n}"));
    let file = format!("rows{n}.csv");
    let (colon, semi, comma) = if zh { ("：", "；", "，") } else { (": ", "; ", ", ") };
    let k = |en: &'static str, cn: &'static str| if zh { cn } else { en };
    let ty = |ty: &Ty| match ty {
        Ty::Number(lo, hi, unit) => format!("{lo}{}..{hi}{}", suffix(unit, zh), suffix(unit, zh)),
        Ty::OneOf(values) => {
            let all: Vec<String> = values.iter().map(|v| format!("{} \"{}\"", v.en, v.zh)).collect();
            format!("{} {}", k("one of", "之一"), all.join(comma))
        }
        Ty::YesNo => k("yes/no", "是/否").into(),
        _ => k("region", "区域").into(),
    };
    let facts: Vec<String> = columns
        .iter()
        .map(|(name, t, optional)| {
            format!("{} \"{}\"{colon}{}{}", name.en, name.zh, ty(t), if *optional { "?" } else { "" })
        })
        .collect();
    let by: Vec<&str> = keys.iter().map(|k| k.0.as_str()).collect();
    let body = if facts.is_empty() { String::new() } else { format!(" {{ {} }}", facts.join(semi)) };
    let text = format!(
        "{} {} \"{}\" {} \"{file}\" {} {}{body}\n",
        k("table", "数据表"),
        title.en,
        title.zh,
        k("from", "取自"),
        k("by", "按"),
        by.join(comma),
    );
    let mut csv: Vec<&str> = by.clone();
    csv.extend(columns.iter().map(|c| word(&c.0, zh)));
    let mut csv = csv.join(",") + "\n";
    let mut seen: Vec<Vec<&String>> = Vec::new();
    for _ in 0..2 + r.below(9) {
        let id: Vec<&String> = keys.iter().map(|k| r.pick(&k.2)).collect();
        if seen.contains(&id) {
            continue;
        }
        let mut cells: Vec<String> = id.iter().map(|part| (*part).clone()).collect();
        for (_, ty, optional) in &columns {
            cells.push(if *optional && r.chance(30) { String::new() } else { cell(r, m, ty) });
        }
        csv.push_str(&format!("{}\n", cells.join(",")));
        seen.push(id);
    }
    Table { name: title, keys: keys.into_iter().map(|k| k.1).collect(), columns, text, file: (file, csv) }
}

fn cell(r: &mut Random, m: &Model, ty: &Ty) -> String {
    match ty {
        Ty::Number(lo, hi, Unit::Rate) => format!("{}%", r.between(*lo, *hi)),
        Ty::Number(lo, hi, _) => r.between(*lo, *hi).to_string(),
        Ty::OneOf(values) => r.pick(values).zh.clone(),
        Ty::YesNo => (*r.pick(&["yes", "no", "是", "否"])).to_owned(),
        _ => r.pick(&m.regions).clone(),
    }
}

impl Gen {
    /// Cells of tables whose rows this event can pick: readable once they are known.
    pub(super) fn table_slots(&mut self, cx: &mut Cx) {
        for table in self.tables.clone() {
            let mut picked: Vec<Slot> = Vec::new();
            for key in &table.keys {
                let fits: Vec<Slot> = cx.slots.iter().filter(|s| s.ty == *key && !s.is_cell()).cloned().collect();
                picked.extend(self.r.any(&fits).cloned());
            }
            if picked.len() != table.keys.len() {
                continue;
            }
            let keys =
                |zh: bool| picked.iter().map(|s| s.spell(zh)).collect::<Vec<_>>().join(if zh { "，" } else { ", " });
            let row = Name {
                en: format!("{}[{}]", table.name.en, keys(false)),
                zh: format!("{}[{}]", table.name.zh, keys(true)),
            };
            // The row itself can be asked for and nothing else: a fact of no use.
            cx.slots.push(Slot { path: vec![row.clone()], ty: Ty::Text, needs: vec![row.en.clone()] });
            for (column, ty, optional) in &table.columns {
                let mut needs = vec![row.en.clone()];
                if *optional {
                    needs.push(format!("{}.{}", row.en, column.en));
                }
                cx.slots.push(Slot { path: vec![row.clone(), column.clone()], ty: ty.clone(), needs });
            }
        }
    }
}
