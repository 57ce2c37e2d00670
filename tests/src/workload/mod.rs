//! promo-bench v1 (performance.md) as a package in text: the same policies must give the same checksums.
//!
//! Two things are not as in the workload, both because the language asks for them: a policy pays once per code and has
//! a budget nobody can use up ([`stateless`] takes both away again), and a draw's prizes are one fen more, since an
//! award of nothing is no award ([`Package::total`] knows).

pub mod scans;

use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::schema::{EventId, Schema, Word};
use promo_compiler::ir::settle::{Decision, Draws};
use promo_compiler::ir::{KeyPart, Program};
use promo_compiler::package::{InputFile, PackageInput};
use promo_compiler::pipeline;
use promo_compiler::source::Spelling;
use scans::{
    CITIES, DAY, DISTRICTS, GRADES, PRODUCTS, PROVINCES, Policy, Reward, Scan, city_of, districts, draw_hash,
    province_of,
};
use std::fmt::Write as _;

/// The workload's policies, compiled.
#[derive(Clone, Debug)]
pub struct Package {
    /// As the workload has them.
    pub policies: Vec<Policy>,
    /// From text.
    pub program: Program,
    layout: Layout,
}

/// Where a scan's facts stand; the same in all twenty kinds.
#[derive(Clone, Debug)]
struct Layout {
    words: usize,
    code: Word,
    product: Word,
    role: Word,
    district: Word,
    grade: Word,
    purchases: Word,
    count_today: Word,
    price: Word,
    /// Region id of each district, product id of each product.
    districts: Vec<i64>,
    products: Vec<i64>,
}

/// The package as text.
pub fn text(policies: &[Policy]) -> PackageInput {
    let mut products = "sku,name,category,price\n".to_owned();
    for i in 0..PRODUCTS {
        let _ = writeln!(products, "{},product {i},all,1.00", sku(i));
    }
    let mut regions = "code,name,parent\n".to_owned();
    for p in 0..PROVINCES {
        let _ = writeln!(regions, "P{p},P{p},");
    }
    for c in 0..CITIES {
        let _ = writeln!(regions, "C{c},C{c},P{}", province_of(c));
    }
    for d in 0..DISTRICTS {
        let _ = writeln!(regions, "D{d},D{d},C{}", city_of(d));
    }
    let mut rules = String::new();
    policies.iter().for_each(|p| policy_text(p, &mut rules));
    if policies.len() > 1 {
        let names: Vec<String> = policies.iter().map(|p| policy_name(p.id)).collect();
        let _ = writeln!(rules, "group bench all of {{ {} }}", names.join(", "));
    }
    let files =
        [("channel.promo", channel()), ("policies.promo", rules), ("products.csv", products), ("regions.csv", regions)];
    let files = files.into_iter().map(|(name, text)| InputFile::new(name, text)).collect();
    PackageInput { root_name: "promo-bench".into(), files, manifest_optional: true }
}

fn sku(i: usize) -> String {
    format!("S{i:03}")
}

fn policy_name(id: u32) -> String {
    format!("p{id:05}")
}

fn channel() -> String {
    let mut text = "channel bench {\n  zone UTC\n  money CNY\n  rounding half_up to fen\n".to_owned();
    for role in 0..4 {
        let _ = writeln!(text, "  role role_{role}");
    }
    text.push_str("  pack item\n");
    for layer in 0..5 {
        let _ = writeln!(text, "  layer layer_{layer} on item hidden");
    }
    let grades: Vec<String> = (0..GRADES).map(|g| format!("G{g}")).collect();
    let grades = grades.join(", ");
    for role in 0..4 {
        for layer in 0..5 {
            let _ = writeln!(
                text,
                "  event scan_{role}_{layer} = role_{role} scans layer_{layer} {{ district: region; grade: one of {grades}; \
                 purchases: 0..1_000; count_today: 0..1_000; paid: 0..10_000 yuan }}"
            );
        }
    }
    text.push_str("  reward cash money\n}\n");
    text
}

fn policy_text(p: &Policy, out: &mut String) {
    let date = |second: i64| {
        let (year, month, day) = promo_compiler::ir::key::civil(second.div_euclid(DAY));
        format!("{year:04}-{month:02}-{day:02}")
    };
    let skus: Vec<String> = p.products.iter().map(|s| sku(usize::from(*s))).collect();
    let _ = writeln!(out, "policy {} {{", policy_name(p.id));
    let _ = writeln!(out, "  kind CP");
    let _ = writeln!(out, "  during {} .. {}", date(p.start), date(p.end - DAY));
    let _ = writeln!(out, "  products {}", skus.join(", "));
    let _ = writeln!(out, "  regions {} by district", regions_text(p));
    let _ = writeln!(out, "  budget 9_000_000_000 yuan, when used up: stop");
    let mut conditions = Vec::new();
    let grades: Vec<String> = (0..GRADES).filter(|g| p.grades >> g & 1 == 1).map(|g| format!("G{g}")).collect();
    if grades.len() < GRADES {
        conditions.push(format!("grade is {}", grades.join(" or ")));
    }
    if p.threshold > 0 {
        conditions.push(format!("purchases at least {}", p.threshold));
    }
    conditions.push(format!("count_today under {}", p.cap));
    let _ = writeln!(out, "  on scan_{}_{} where {} {{", p.role, p.layer, conditions.join(" and "));
    let _ = writeln!(out, "    once per item");
    let _ = writeln!(out, "    give role_{} cash {}", p.role, reward_text(&p.reward));
    let _ = writeln!(out, "  }}\n}}");
}

/// The nodes, each less the excluded one if that lies in it; nodes inside the excluded one are left out.
fn regions_text(p: &Policy) -> String {
    let name = |node: u16| match usize::from(node) {
        n if n < PROVINCES => format!("P{n}"),
        n if n < PROVINCES + CITIES => format!("C{}", n - PROVINCES),
        n => format!("D{}", n - PROVINCES - CITIES),
    };
    let mut items = Vec::new();
    for node in &p.nodes {
        let own = districts(usize::from(*node));
        match p.except.map(|e| (e, districts(usize::from(e)))) {
            // By rank in the tree and not by districts: a province may have one city only.
            Some((except, less)) if own.0 < less.1 && less.0 < own.1 => {
                if *node < except {
                    items.push(format!("{} except {}", name(*node), name(except)));
                }
            }
            _ => items.push(name(*node)),
        }
    }
    items.join(", ")
}

fn reward_text(reward: &Reward) -> String {
    match reward {
        Reward::Tiered { from, amounts } => {
            let rows: Vec<String> = from.iter().zip(amounts).map(|(f, a)| format!("from {f}: {a} fen")).collect();
            format!("by purchases highest {{ {} }}", rows.join("; "))
        }
        Reward::Percent { basis_points } => {
            format!("{}.{:02}% of paid rounded half_up", basis_points / 100, basis_points % 100)
        }
        Reward::Draw { weights, prizes } => {
            let rows: Vec<String> = weights.iter().zip(prizes).map(|(w, p)| format!("{w}: {} fen", p + 1)).collect();
            format!("draw {{ {} }}", rows.join("; "))
        }
    }
}

impl Package {
    /// Compiles `n` policies of the workload.
    ///
    /// # Errors
    /// The first finding.
    pub fn new(n: usize) -> Result<Package, String> {
        let policies = scans::policies(n);
        let compiled = pipeline::compile(&text(&policies));
        let Some(mut program) = compiled.program else {
            let first = compiled.diagnostics.0.first();
            return Err(first.map_or_else(|| "no program".into(), |d| d.message.get(Spelling::En).to_owned()));
        };
        // The workload's draws are keyed by the policy's number.
        for (policy, of) in program.policies.iter_mut().zip(&policies) {
            policy.key = u64::from(of.id);
        }
        let layout = Layout::new(&program.schema).ok_or("the layout is not the workload's")?;
        Ok(Package { policies, program, layout })
    }

    /// Room for a scan.
    pub fn record(&self) -> EventRecord {
        EventRecord { event: EventId(0), words: vec![0; self.layout.words] }
    }

    /// Writes scan number `n` as a record.
    pub fn write(&self, n: usize, scan: &Scan, record: &mut EventRecord) {
        let l = &self.layout;
        record.event = EventId(scan.kind() as u32);
        let mut set = |word: Word, value: i64| {
            if let Some(slot) = record.words.get_mut(word.index()) {
                *slot = value;
            }
        };
        set(Word::TIME, scan.time);
        set(Word::DAY, scan.time.div_euclid(DAY));
        set(Word::ID, n as i64 + 1);
        set(l.code, scan.code as i64);
        set(l.product, l.products[usize::from(scan.product)]);
        set(l.role, 1);
        set(l.district, l.districts[usize::from(scan.district)]);
        set(l.grade, i64::from(scan.grade));
        set(l.purchases, i64::from(scan.purchases));
        set(l.count_today, i64::from(scan.count_today));
        set(l.price, scan.price);
    }

    /// Adds a decision's awards to the workload's checksum.
    pub fn total(&self, decision: &Decision, total: &mut scans::Total) {
        for award in &decision.awards {
            let Some(rule) = self.program.rules.get(award.rule.index()) else { continue };
            let Some(policy) = self.policies.get(rule.policy.index()) else { continue };
            let less = i64::from(matches!(policy.reward, Reward::Draw { .. }));
            total.add(policy.id, award.amount + 1 - less);
        }
    }
}

impl Layout {
    fn new(schema: &Schema) -> Option<Layout> {
        let first = schema.events.first()?;
        let word =
            |name: &str| first.fields.iter().find(|f| f.path.last().is_some_and(|n| n.name == name)).map(|f| f.word);
        let role = first.fields.iter().find(|f| f.path.len() == 2)?.word;
        let same = |e: &promo_compiler::ir::schema::EventSchema| {
            e.words == first.words && e.fields.iter().zip(&first.fields).all(|(a, b)| a.word == b.word)
        };
        if schema.events.len() != 20 || !schema.events.iter().all(same) {
            return None;
        }
        let region = |d| schema.regions.resolve(&format!("D{d}")).ok().map(|id| i64::from(id.0));
        let product = |i| schema.products.iter().position(|p| p.sku == sku(i)).map(|i| i as i64);
        Some(Layout {
            words: first.words as usize,
            code: word("item")?,
            product: word("product")?,
            role,
            district: word("district")?,
            grade: word("grade")?,
            purchases: word("purchases")?,
            count_today: word("count_today")?,
            price: word("paid")?,
            districts: (0..DISTRICTS).map(region).collect::<Option<_>>()?,
            products: (0..PRODUCTS).map(product).collect::<Option<_>>()?,
        })
    }
}

/// The part of the workload that reads no state: no `once`, no budget, no group. What draws are keyed by stays.
#[must_use]
pub fn stateless(mut program: Program) -> Program {
    for rule in &mut program.rules {
        rule.limits.clear();
    }
    for policy in &mut program.policies {
        policy.budget = None;
        policy.group = None;
    }
    program.groups.clear();
    program.limits.clear();
    program.budgets.clear();
    program
}

/// The workload's draw: keyed by the policy's number and the code, of which a program of [`Package::new`] gives
/// both. Only the high half of the hash decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkloadDraws;

impl Draws for WorkloadDraws {
    fn draw(&self, policy_key: u64, _: u32, _: u32, entitlement: u128) -> u64 {
        draw_hash(policy_key, entitlement as u64) >> 32 << 32
    }
}

/// What a rule of the workload keys its draw by: the scanned code.
pub fn keyed_by_code(program: &Program) -> bool {
    let one = |parts: &[KeyPart]| matches!(parts, [KeyPart::Id { present: None, .. }]);
    program.rules.iter().all(|r| one(&r.entitlement))
}

/// The meaning of the workload, as plainly as it can be said.
pub fn plainly(policies: &[Policy], scan: &Scan, total: &mut scans::Total) {
    let below = |node: u16| {
        let (lo, hi) = districts(usize::from(node));
        (lo..hi).contains(&usize::from(scan.district))
    };
    for p in policies {
        let applies = (p.role, p.layer) == (scan.role, scan.layer)
            && (p.start..p.end).contains(&scan.time)
            && scan.purchases >= p.threshold
            && scan.count_today < p.cap
            && p.grades >> scan.grade & 1 == 1
            && p.products.contains(&scan.product)
            && p.nodes.iter().any(|n| below(*n))
            && !p.except.is_some_and(below);
        if applies {
            total.add(p.id, amount(p, scan) + 1);
        }
    }
}

fn amount(p: &Policy, scan: &Scan) -> i64 {
    match &p.reward {
        Reward::Tiered { from, amounts } => {
            let reached = from.iter().skip(1).filter(|f| scan.purchases >= **f).count();
            amounts[reached]
        }
        Reward::Percent { basis_points } => (scan.price * basis_points + 5_000) / 10_000,
        Reward::Draw { weights, prizes } => {
            let mut rest = scans::draw(p.id, scan.code, weights.iter().sum());
            for (weight, prize) in weights.iter().zip(prizes) {
                if rest < *weight {
                    return *prize;
                }
                rest -= weight;
            }
            0
        }
    }
}
