//! Random channel models, catalogues and regions, and what each of their events makes readable.

use crate::random::Random;
use std::fmt::Write as _;

/// A name in both spellings; `zh` is its declared label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Canonical.
    pub en: String,
    /// Label, or the canonical name again if it has none.
    pub zh: String,
}

/// A name with a label.
pub fn name(en: &str, zh: &str) -> Name {
    Name { en: en.to_owned(), zh: zh.to_owned() }
}

/// What a number counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Fen.
    Money,
    /// Points.
    Points,
    /// Nothing.
    Plain,
    /// How often.
    Times,
    /// Millionths; in facts basis points.
    Rate,
    /// Days.
    Days,
    /// A thing or pack, spelled so in this package.
    Thing(String),
}

/// What something readable is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// yes/no
    YesNo,
    /// one of
    OneOf(Vec<Name>),
    /// `lo..hi` in the unit it is written in: yuan, percent, pieces
    Number(i64, i64, Unit),
    /// date
    Date,
    /// instant
    Instant,
    /// product
    Product,
    /// region
    Region,
    /// text
    Text,
    /// Someone in this role.
    Party(usize),
    /// An entity.
    Entity(usize),
    /// A code of this pack.
    Code(usize),
}

/// A declared fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Name.
    pub name: Name,
    /// Type.
    pub ty: Ty,
    /// May be unknown.
    pub optional: bool,
}

/// A role or an entity.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Name.
    pub name: Name,
    /// Facts.
    pub facts: Vec<Fact>,
}

/// A party or entity on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// Index into [`Model::roles`].
    Role(usize),
    /// Index into [`Model::entities`].
    Entity(usize),
}

/// An event kind.
#[derive(Clone, Debug)]
pub struct Event {
    /// Name.
    pub name: Name,
    /// Layer and role.
    pub scan: Option<(usize, usize)>,
    /// The entity it is about.
    pub about: Option<usize>,
    /// Acting roles of an event that is no scan.
    pub by: Vec<usize>,
    /// Its own facts.
    pub facts: Vec<Fact>,
    /// Route, with the mark of what may be unknown.
    pub knows: Vec<(Member, bool)>,
}

/// A reward kind.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Name.
    pub name: Name,
    /// Money or points.
    pub money: bool,
    /// Withholds tax.
    pub taxed: bool,
}

/// A layer.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Name.
    pub name: Name,
    /// Pack.
    pub pack: usize,
    /// Hidden.
    pub hidden: bool,
}

/// A channel model with its data files.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Roles.
    pub roles: Vec<Owner>,
    /// Packs, smallest first.
    pub packs: Vec<Name>,
    /// Layers.
    pub layers: Vec<Layer>,
    /// Entities.
    pub entities: Vec<Owner>,
    /// Events.
    pub events: Vec<Event>,
    /// The pack that can be scanned back as a return, if the channel says so.
    pub comes_back: Option<usize>,
    /// True if the first two roles are identifiers of one person.
    pub same_person: bool,
    /// Reward kinds.
    pub kinds: Vec<Kind>,
    /// Coupons.
    pub coupons: Vec<String>,
    /// SKUs with the index of their category.
    pub products: Vec<(String, usize)>,
    /// Category paths.
    pub categories: Vec<&'static str>,
    /// Region paths: provinces, cities, districts.
    pub regions: Vec<String>,
    /// `products.csv`
    pub products_csv: String,
    /// `regions.csv`
    pub regions_csv: String,
    /// Channel settings as text.
    pub head: String,
}

/// Something that can be read in a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its path.
    pub path: Vec<Name>,
    /// Its type.
    pub ty: Ty,
    /// What must be known for it to be known.
    pub needs: Vec<String>,
}

impl Slot {
    /// As written.
    pub fn spell(&self, zh: bool) -> String {
        let parts: Vec<&str> = self.path.iter().map(|n| if zh { n.zh.as_str() } else { n.en.as_str() }).collect();
        parts.join(".")
    }

    /// A cell of a data table, or a row of it.
    pub fn is_cell(&self) -> bool {
        self.path.first().is_some_and(|name| name.en.contains('['))
    }

    /// Canonical path: the key of its presence.
    pub fn key(&self) -> String {
        self.spell(false)
    }
}

const ROLES: &[(&str, &str)] = &[
    ("store", "门店"),
    ("distributor", "经销商"),
    ("rep", "业务员"),
    ("consumer", "消费者"),
    ("guide", "导购"),
    ("host", "主家"),
];
const SCANS: &[(&str, &str)] = &[
    ("open_bottle", "开瓶"),
    ("open_box", "开箱"),
    ("guide_scan", "导购扫码"),
    ("shipped", "出库"),
    ("received", "入库"),
];
const OTHERS: &[(&str, &str)] = &[("order_paid", "回款"), ("checked", "陈列核查"), ("verified", "宴席核验")];
const CATEGORIES: &[&str] = &["高端/青花", "高端/国窖", "饮料", "特价"];

/// A random model.
pub fn model(r: &mut Random, zh: bool) -> Model {
    let mut m = Model { head: head(r, zh), ..Model::default() };
    let packs: &[&[(&str, &str)]] = &[
        &[("bottle", "瓶"), ("case", "箱"), ("pallet", "垛")],
        &[("can", "罐"), ("tray", "托")],
        &[("bottle", "瓶"), ("giftbox", "礼盒"), ("case", "箱")],
        &[("bottle", "瓶")],
    ];
    m.packs = r.pick(packs).iter().map(|(en, zh)| name(en, zh)).collect();
    for pack in 0..m.packs.len() {
        for hidden in [true, false] {
            let which = if hidden { ("in", "内码") } else { ("out", "外码") };
            let p = &m.packs[pack];
            let layer = name(&format!("{}_{}", p.en, which.0), &format!("{}{}", p.zh, which.1));
            m.layers.push(Layer { name: layer, pack, hidden });
        }
    }
    for (en, label) in r.some(ROLES, 3) {
        m.roles.push(Owner { name: name(en, label), facts: Vec::new() });
    }
    for role in 0..m.roles.len() {
        m.roles[role].facts = facts(r, &m, zh, 4);
    }
    if r.chance(60) {
        m.entities.push(Owner { name: name("banquet", "宴席"), facts: facts(r, &m, zh, 4) });
    }
    m.kinds = vec![
        Kind { name: name("cash", "红包"), money: true, taxed: r.chance(60) },
        Kind { name: name("credit", "货款"), money: true, taxed: false },
        Kind { name: name("stars", "星星"), money: false, taxed: false },
    ];
    m.coupons = vec!["c75".to_owned()];
    events(r, &mut m, zh);
    m.comes_back = r.chance(40).then(|| r.below(m.packs.len()));
    m.same_person = m.roles.len() > 1 && r.chance(30);
    products(r, &mut m);
    regions(r, &mut m);
    m
}

fn head(r: &mut Random, zh: bool) -> String {
    let zone = r.pick(&["Asia/Shanghai", "UTC", "Asia/Hong_Kong"]);
    let rounding = r.pick(&[("half_up", "四舍五入"), ("down", "向下"), ("up", "向上"), ("half_even", "银行家舍入")]);
    match zh {
        true => format!("  时区 {zone}\n  货币 CNY\n  取整 {} 到 分\n", rounding.1),
        false => format!("  zone {zone}\n  money CNY\n  rounding {} to fen\n", rounding.0),
    }
}

/// Up to `most` facts of different names.
fn facts(r: &mut Random, m: &Model, zh: bool, most: usize) -> Vec<Fact> {
    let plain = |values: &[&str]| Ty::OneOf(values.iter().map(|v| name(v, v)).collect());
    let thing = |en: &str, label: &str| Unit::Thing(if zh { label } else { en }.to_owned());
    let pack = r.pick(&m.packs).clone();
    let all = vec![
        (name("member", "会员身份"), Ty::YesNo),
        (name("grade", "等级"), plain(&["A", "B", "C"])),
        (
            name("trade", "业态"),
            Ty::OneOf(vec![
                name("shop", "商超"),
                name("diner", "餐饮"),
                name("kiosk", "烟酒店"),
                name("online", "电商"),
            ]),
        ),
        (name("score", "评分"), Ty::Number(0, r.between(5, 100), Unit::Plain)),
        (name("tables", "桌数"), Ty::Number(r.between(0, 1), r.between(10, 500), thing("tables", "桌"))),
        (name("debt", "欠款"), Ty::Number(r.between(0, 1), r.between(100, 100_000), Unit::Money)),
        (name("merit", "功绩"), Ty::Number(0, r.between(10, 5_000), Unit::Points)),
        (name("quota", "比率"), Ty::Number(0, r.between(10, 100), Unit::Rate)),
        (name("held", "持有"), Ty::Number(1, r.between(10, 5_000), Unit::Thing(if zh { pack.zh } else { pack.en }))),
        (name("since", "入网日"), Ty::Date),
        (name("seen_at", "时点"), Ty::Instant),
        (name("area", "辖区"), Ty::Region),
        (name("prefers", "偏好"), Ty::Product),
        (name("note", "备注"), Ty::Text),
        (name("boss", "上级"), Ty::Party(r.below(m.roles.len()))),
    ];
    let mut out: Vec<Fact> = Vec::new();
    for _ in 0..r.below(most + 1) {
        let (name, ty) = r.pick(&all).clone();
        if !out.iter().any(|f| f.name == name) {
            out.push(Fact { name, ty, optional: r.chance(25) });
        }
    }
    out
}

fn events(r: &mut Random, m: &mut Model, zh: bool) {
    for (en, label) in r.some(SCANS, 2) {
        let layer = r.below(m.layers.len());
        let role = r.below(m.roles.len());
        let event = Event {
            name: name(en, label),
            scan: Some((layer, role)),
            about: None,
            by: vec![role],
            facts: facts(r, m, zh, 3),
            knows: Vec::new(),
        };
        m.events.push(event);
    }
    for (en, label) in r.some(OTHERS, 1) {
        let about = if m.entities.is_empty() || r.chance(50) { None } else { Some(0) };
        let mut by = if about.is_some() && r.chance(30) { Vec::new() } else { vec![r.below(m.roles.len())] };
        let more = r.below(m.roles.len());
        if r.chance(20) && !by.contains(&more) {
            by.push(more);
        }
        if about.is_none() && by.is_empty() {
            by.push(more);
        }
        m.events.push(Event {
            name: name(en, label),
            scan: None,
            about,
            by,
            facts: facts(r, m, zh, 4),
            knows: Vec::new(),
        });
    }
    for e in 0..m.events.len() {
        let mut knows = Vec::new();
        for role in 0..m.roles.len() {
            if !m.events[e].by.contains(&role) && r.chance(55) {
                knows.push((Member::Role(role), r.chance(45)));
            }
        }
        if m.events[e].about.is_none() && !m.entities.is_empty() && r.chance(40) {
            knows.push((Member::Entity(0), r.chance(50)));
        }
        m.events[e].knows = knows;
    }
}

fn products(r: &mut Random, m: &mut Model) {
    m.categories = CATEGORIES.to_vec();
    m.products_csv.push_str("sku,name,category,price,pack\n");
    let sizes = [r.between(2, 6), r.between(2, 5)];
    for i in 0..r.between(3, 14) {
        let category = r.below(CATEGORIES.len());
        let sku = format!("SKU-{i}");
        let price = format!("{}.{:02}", r.between(1, 900), r.between(0, 99));
        let each = if r.chance(40) { [r.between(2, 6), r.between(2, 5)] } else { sizes };
        let pack = match m.packs.len() {
            1 => String::new(),
            2 => format!("{}", each[0]),
            _ => format!("{}/{}", each[0], each[1]),
        };
        let _ = writeln!(m.products_csv, "{sku},品{i},{},{price},{pack}", CATEGORIES[category]);
        m.products.push((sku, category));
    }
}

fn regions(r: &mut Random, m: &mut Model) {
    m.regions_csv.push_str("code,name,parent\n");
    for (p, (province, stem)) in [("川北省", "川"), ("岭南省", "岭"), ("江东省", "江")].iter().enumerate() {
        let _ = writeln!(m.regions_csv, "{p},{province},");
        m.regions.push((*province).to_owned());
        for (c, number) in ["一", "二", "三"].iter().enumerate().take(1 + r.below(3)) {
            let city = format!("{stem}{number}市");
            let _ = writeln!(m.regions_csv, "{p}{c},{city},{p}");
            m.regions.push(format!("{province}/{city}"));
            for (d, side) in ["东", "西"].iter().enumerate().take(1 + r.below(2)) {
                let _ = writeln!(m.regions_csv, "{p}{c}{d},{stem}{number}{side}区,{p}{c}");
                m.regions.push(format!("{province}/{city}/{stem}{number}{side}区"));
            }
        }
    }
}

impl Model {
    /// The declaration as text.
    pub fn text(&self, r: &mut Random, zh: bool) -> String {
        let k = |en: &'static str, zh_word: &'static str| if zh { zh_word } else { en };
        let n = |n: &Name| if zh { n.zh.clone() } else { n.en.clone() };
        let declared = |n: &Name| if n.en == n.zh { n.en.clone() } else { format!("{} \"{}\"", n.en, n.zh) };
        let mut t = format!("{} 测试渠道 {{\n{}", k("channel", "渠道"), self.head);
        for role in &self.roles {
            let person = if r.chance(6) { k(" is person", " 为 自然人") } else { "" };
            let facts = self.facts_text(&role.facts, zh);
            let _ = writeln!(t, "  {} {}{person}{facts}", k("role", "角色"), declared(&role.name));
        }
        let packs: Vec<String> = self.packs.iter().map(declared).collect();
        let _ = writeln!(t, "  {} {}", k("pack", "包装"), packs.join(" < "));
        for layer in &self.layers {
            let side = if layer.hidden { k("hidden", "隐藏") } else { k("exposed", "外露") };
            let pack = n(&self.packs[layer.pack]);
            let _ = writeln!(t, "  {} {} {} {pack} {side}", k("layer", "码层"), declared(&layer.name), k("on", "于"));
        }
        for entity in &self.entities {
            let facts = self.facts_text(&entity.facts, zh);
            let facts = if facts.is_empty() { " { }".to_owned() } else { facts };
            let _ = writeln!(t, "  {} {}{facts}", k("entity", "实体"), declared(&entity.name));
        }
        for event in &self.events {
            let _ = write!(t, "  {} {}", k("event", "事件"), declared(&event.name));
            match event.scan {
                Some((layer, role)) => {
                    let (role, layer) = (n(&self.roles[role].name), n(&self.layers[layer].name));
                    let _ = write!(t, " = {role} {} {layer}", k("scans", "扫"));
                }
                None => {
                    if let Some(e) = event.about {
                        let _ = write!(t, " {} {}", k("on", "关于"), n(&self.entities[e].name));
                    }
                    let by: Vec<String> = event.by.iter().map(|b| n(&self.roles[*b].name)).collect();
                    if !by.is_empty() {
                        let _ = write!(t, " {} {}", k("by", "由"), by.join(k(", ", "，")));
                    }
                }
            }
            t.push_str(&self.facts_text(&event.facts, zh));
            let knows: Vec<String> = event
                .knows
                .iter()
                .map(|(m, optional)| format!("{}{}", n(&self.owner(*m).name), if *optional { "?" } else { "" }))
                .collect();
            if !knows.is_empty() {
                let _ = write!(t, " {} {}", k("knows", "关联"), knows.join(k(", ", "，")));
            }
            t.push('\n');
        }
        if let Some(layer) = self.layers.iter().find(|l| !l.hidden && Some(l.pack) == self.comes_back) {
            let (role, layer) = (n(&self.roles[0].name), n(&layer.name));
            let (event, scans, returns) = (k("event", "事件"), k("scans", "扫"), k("as return", "作为 退货"));
            let _ = writeln!(t, "  {event} came_back \"退回\" = {role} {scans} {layer} {returns}");
        }
        if let (true, [one, two, ..]) = (self.same_person, &self.roles[..]) {
            let (identity, by, comma) = (k("identity", "身份"), k("by", "按"), k(", ", "，"));
            let _ = writeln!(t, "  {identity} anyone \"同一人\" {by} {}{comma}{}", n(&one.name), n(&two.name));
        }
        for kind in &self.kinds {
            let class = if kind.money { k("money", "金额") } else { k("whole", "整数") };
            let tax = if kind.taxed { k(" tax incidental 20%", " 个税 20%") } else { "" };
            let _ = writeln!(t, "  {} {} {class}{tax}", k("reward", "奖励种类"), declared(&kind.name));
        }
        t.push_str("}\n\n");
        for coupon in &self.coupons {
            let _ = match zh {
                true => writeln!(t, "券 {coupon} \"优惠\" {{ 价值 77元；有效 7 天 }}\n"),
                false => writeln!(t, "coupon {coupon} \"优惠\" {{ worth 77 yuan; valid 7 days }}\n"),
            };
        }
        t
    }

    fn owner(&self, m: Member) -> &Owner {
        match m {
            Member::Role(r) => &self.roles[r],
            Member::Entity(e) => &self.entities[e],
        }
    }

    fn facts_text(&self, facts: &[Fact], zh: bool) -> String {
        if facts.is_empty() {
            return String::new();
        }
        let k = |en: &'static str, zh_word: &'static str| if zh { zh_word } else { en };
        let one = |f: &Fact| {
            let ty = match &f.ty {
                Ty::YesNo => k("yes/no", "是/否").to_owned(),
                Ty::OneOf(values) => {
                    let value = |v: &Name| if v.en == v.zh { v.en.clone() } else { format!("{} \"{}\"", v.en, v.zh) };
                    let values: Vec<String> = values.iter().map(value).collect();
                    format!("{} {}", k("one of", "之一"), values.join(k(", ", "，")))
                }
                Ty::Number(lo, hi, unit) => match unit {
                    Unit::Rate => format!("{lo}%..{hi}%"),
                    unit => format!("{lo}..{hi}{}", suffix(unit, zh)),
                },
                Ty::Date => k("date", "日期").to_owned(),
                Ty::Instant => k("instant", "时刻").to_owned(),
                Ty::Product => k("product", "产品").to_owned(),
                Ty::Region => k("region", "区域").to_owned(),
                Ty::Party(role) => if zh { &self.roles[*role].name.zh } else { &self.roles[*role].name.en }.clone(),
                Ty::Text | Ty::Entity(_) | Ty::Code(_) => k("text", "文本").to_owned(),
            };
            format!("{} \"{}\"{} {ty}{}", f.name.en, f.name.zh, k(":", "："), if f.optional { "?" } else { "" })
        };
        let facts: Vec<String> = facts.iter().map(one).collect();
        format!(" {{ {} }}", facts.join(k("; ", "；")))
    }

    /// What can be read of an event.
    pub fn slots(&self, event: usize) -> Vec<Slot> {
        let e = &self.events[event];
        let mut out = Vec::new();
        if let Some((layer, _)) = e.scan {
            for (pack, n) in self.packs.iter().enumerate().skip(self.layers[layer].pack) {
                out.push(Slot { path: vec![n.clone()], ty: Ty::Code(pack), needs: Vec::new() });
            }
            out.push(Slot { path: vec![name("product", "产品")], ty: Ty::Product, needs: Vec::new() });
        }
        let by = e.by.iter().map(|b| (Member::Role(*b), false));
        let about = e.about.iter().map(|a| (Member::Entity(*a), false));
        for (member, optional) in by.chain(about).chain(e.knows.iter().copied()) {
            out.extend(self.member(member, optional));
        }
        out.extend(owned(&[], &e.facts, None));
        out
    }

    /// A party or entity with its facts.
    pub fn member(&self, member: Member, optional: bool) -> Vec<Slot> {
        let owner = self.owner(member);
        let key = optional.then(|| owner.name.en.clone());
        let ty = match member {
            Member::Role(r) => Ty::Party(r),
            Member::Entity(e) => Ty::Entity(e),
        };
        let path = vec![owner.name.clone()];
        let mut out = vec![Slot { path: path.clone(), ty, needs: key.iter().cloned().collect() }];
        out.extend(owned(&path, &owner.facts, key));
        out
    }

    /// True if goods cannot come back after this event.
    pub fn is_final(&self, event: usize) -> bool {
        let e = &self.events[event];
        match e.scan {
            Some((layer, _)) => self.layers[layer].hidden && self.layers[layer].pack == 0,
            None => e.about.is_some() || e.knows.iter().any(|(m, _)| matches!(m, Member::Entity(_))),
        }
    }
}

fn owned(path: &[Name], facts: &[Fact], owner: Option<String>) -> Vec<Slot> {
    let one = |f: &Fact| {
        let mut full = path.to_vec();
        full.push(f.name.clone());
        let mut slot = Slot { path: full, ty: f.ty.clone(), needs: Vec::new() };
        slot.needs = if f.optional { vec![slot.key()] } else { owner.iter().cloned().collect() };
        slot
    };
    facts.iter().map(one).collect()
}

/// A unit behind a number.
pub fn suffix(unit: &Unit, zh: bool) -> String {
    match (unit, zh) {
        (Unit::Money, true) => "元".into(),
        (Unit::Money, false) => " yuan".into(),
        (Unit::Points, true) => " 积分".into(),
        (Unit::Points, false) => " points".into(),
        (Unit::Times, true) => " 次".into(),
        (Unit::Times, false) => " times".into(),
        (Unit::Days, true) => " 天".into(),
        (Unit::Days, false) => " days".into(),
        (Unit::Rate, _) => "%".into(),
        (Unit::Plain, _) => String::new(),
        (Unit::Thing(t), _) => format!(" {t}"),
    }
}
