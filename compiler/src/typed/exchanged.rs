//! Exchanged goods: a bottle that is handed over for a right may carry the right again, for ever. Whether it does must
//! be said, and that it does not must be enforced.

use super::build;
use super::scalar::Checker;
use super::{Award, Expr, Kind, Policy, Rule, Type};
use crate::amend;
use crate::ast::Exchanged;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::hir::{self, Fact, model::FactType};
use crate::ir::schema::FieldType;
use crate::ir::{EventId, Flow, Given, Input, IntervalSet, KeyPart, Word};
use crate::source::{Location, Spelling};

/// A rule that wins again with goods that a redeeming rule hands over.
struct Loop {
    /// Indexes of the winning rule: policy, rule.
    winner: (usize, usize),
    /// What is won, in the winning rule.
    won: Location,
    /// What is handed over, in the redeeming rule.
    handed: Location,
    /// Its SKU.
    sku: String,
    /// Of one bottle handed over, the odds to win the next: a share of a whole.
    odds: Option<(i64, i64)>,
}

/// Asks of every redeeming rule what its goods can win again; forbids it to the winning rules where that is the answer.
pub(super) fn check(checker: &mut Checker<'_>, policies: &mut [Policy]) {
    let hir = checker.hir;
    for (p, policy) in hir.policies.iter().enumerate() {
        for (r, written) in policy.rules.iter().enumerate() {
            let Some(rule) = policies.get(p).and_then(|policy| policy.rules.get(r)) else { continue };
            let loops = loops(checker, policies, rule);
            match written.exchanged {
                Some((_, at)) if loops.is_empty() => {
                    let unused = idle(at);
                    checker.out.push(unused);
                }
                Some((Exchanged::PlayAgain, _)) => {}
                Some((Exchanged::NoFurther, at)) => forbid(checker, policies, written.event, &loops, at),
                None => {
                    let open = loops.iter().find(|l| !enforced(checker, policies, written.event, l));
                    if let Some(open) = open {
                        let question = question(open, checker.spelling(written.at));
                        checker.out.push(question);
                    }
                }
            }
        }
    }
}

/// The rules that give what this one takes, for scanning the very product that this one hands over.
fn loops(checker: &Checker<'_>, policies: &[Policy], rule: &Rule) -> Vec<Loop> {
    let coupon = |award: &&Award| award.leaf.item.as_ref().is_some_and(|(_, coupon)| *coupon);
    let taken = rule.awards.iter().filter(|a| matches!(a.flow, Flow::Take(_))).filter(coupon);
    let handed: Vec<&Award> = rule.awards.iter().filter(|a| a.flow == Flow::Give && !coupon(a)).collect();
    let mut found = Vec::new();
    for right in taken {
        for goods in &handed {
            let Some((sku, _)) = &goods.leaf.item else { continue };
            for (p, r, winner) in every(policies) {
                let gives = |a: &&Award| a.flow == Flow::Give && a.leaf.item == right.leaf.item;
                let Some(won) = winner.awards.iter().find(gives) else { continue };
                if !reaches(checker, winner, sku) {
                    continue;
                }
                let one = right.leaf.amount.as_const() == Some(1) && goods.leaf.amount.as_const() == Some(1);
                let odds = amend::odds(&won.leaf.amount).filter(|_| one);
                found.push(Loop { winner: (p, r), won: won.at, handed: goods.at, sku: sku.clone(), odds });
            }
        }
    }
    found
}

fn every(policies: &[Policy]) -> impl Iterator<Item = (usize, usize, &Rule)> {
    policies
        .iter()
        .enumerate()
        .flat_map(|(p, policy)| policy.rules.iter().enumerate().map(move |(r, rule)| (p, r, rule)))
}

/// Does the rule answer for the code of a single piece of this product?
fn reaches(checker: &Checker<'_>, rule: &Rule, sku: &str) -> bool {
    let schema = &checker.hir.schema;
    if code(checker, rule.event).is_none() {
        return false;
    }
    let fields = schema.events.get(rule.event.index()).map_or(&[][..], |e| &e.fields);
    let product = fields.iter().find(|f| f.ty == FieldType::Product && f.path.len() == 1).map(|f| f.word);
    let id = schema.products.iter().position(|p| p.sku == sku).and_then(|id| i64::try_from(id).ok());
    let Some((product, id)) = product.zip(id) else { return false };
    let gates = rule.gates.iter().map(|gate| (gate.word, &gate.set));
    let sets = rule.conditions.iter().filter_map(|c| match &c.kind {
        Kind::InSet(word, set) => Some((*word, set)),
        _ => None,
    });
    let holds = |(word, set): (Word, &IntervalSet)| word != product || set.contains(id);
    gates.chain(sets).all(holds)
}

/// The code of the smallest pack in an event that scans it.
fn code(checker: &Checker<'_>, event: EventId) -> Option<Word> {
    let schema = &checker.hir.schema;
    let pack = schema.packs.first()?;
    let fields = &schema.events.get(event.index())?.fields;
    fields.iter().find(|f| f.ty == FieldType::Id && f.path.len() == 1 && f.path.first() == Some(pack)).map(|f| f.word)
}

/// Does the winning rule ask that nobody was handed this bottle?
fn enforced(checker: &Checker<'_>, policies: &[Policy], redeem: EventId, found: &Loop) -> bool {
    let (p, r) = found.winner;
    let Some(rule) = policies.get(p).and_then(|policy| policy.rules.get(r)) else { return false };
    let (Some(here), Some(there)) = (code(checker, rule.event), code(checker, redeem)) else { return false };
    rule.conditions.iter().any(|condition| {
        let Kind::Not(link) = &condition.kind else { return false };
        let Kind::InputInSet(Input::LinkPresent(link), set) = &link.kind else { return false };
        let Some(past) = checker.links.get(link.link.index()) else { return false };
        let whole = link.within.is_none() && link.apart.is_none() && !link.same_day && past.only.is_empty();
        let anybody = link.another.is_none() && link.same.is_none();
        let gave = past.given.as_ref().is_none_or(|given| *given == handed(found));
        let this = matches!(link.key.as_deref(), Some(KeyPart::Id { word, .. }) if *word == here);
        *set == IntervalSet::one(1) && whole && anybody && gave && this && past.event == redeem && past.code == Some(there)
    })
}

fn handed(found: &Loop) -> Given {
    Given::Item { name: found.sku.clone(), coupon: false }
}

/// Puts into every winning rule that this bottle was not handed over for a right.
fn forbid(checker: &mut Checker<'_>, policies: &mut [Policy], redeem: EventId, loops: &[Loop], at: Location) {
    let Some(there) = code(checker, redeem) else {
        let first = loops.first().map_or(at, |l| l.handed);
        checker.out.push(unenforceable(at, first));
        return;
    };
    let pack = checker.hir.schema.packs.first().map(|pack| pack.name.clone()).unwrap_or_default();
    for found in loops {
        if enforced(checker, policies, redeem, found) {
            continue;
        }
        let (p, r) = found.winner;
        let event = policies.get(p).and_then(|policy| policy.rules.get(r)).map(|rule| rule.event);
        let Some(here) = event.and_then(|event| code(checker, event)) else { continue };
        let key = Fact { link: None, word: here, present: None, ty: FactType::Text, name: pack.clone() };
        let link = hir::Link {
            event: redeem,
            filter: None,
            given: Some((handed(found), at)),
            whose: pack.clone(),
            past_code: Some(there),
            key: Some(Box::new(key)),
            within: None,
            apart: None,
            same_day: false,
            another: None,
            same: None,
            drawn: None,
        };
        let input = Input::LinkPresent(checker.link(&link));
        let known = build::input_in_set(input, IntervalSet::one(1), at);
        let test = Expr { kind: Kind::Not(Box::new(known)), ty: Type::Bool, lo: 0, hi: 1, at };
        if let Some(rule) = policies.get_mut(p).and_then(|policy| policy.rules.get_mut(r)) {
            rule.conditions.push(test);
        }
    }
}

/// How many bottles one bought brings on average: 1 ÷ (1 − p).
fn chain_length((share, total): (i64, i64)) -> Option<String> {
    let left = i128::from(total) - i128::from(share);
    let hundredths = (i128::from(total) * 100 + left / 2).checked_div(left).filter(|_| left > 0)?;
    Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

fn question(found: &Loop, spelling: Spelling) -> Diagnostic {
    let lines = match spelling {
        Spelling::En => ("exchanged goods: no further right", "exchanged goods: play again"),
        Spelling::Zh => ("换得之物：不再参与", "换得之物：再次参与"),
    };
    let length = found.odds.map(|odds| match chain_length(odds) {
        Some(length) => Text::new(
            format!("; if it plays again one bottle bought brings {length} on average"),
            format!("；若再次参与，买一瓶平均得 {length} 瓶"),
        ),
        None => Text::new("; if it plays again the chain never ends", "；若再次参与，就没有尽头"),
    });
    let length = length.unwrap_or_else(|| Text::new("", ""));
    Diagnostic::error(
        Code::P0397,
        found.handed,
        Text::new(
            format!("does a `{}` that is handed over carry the right again?", found.sku),
            format!("换来的 `{}` 还能再中吗？", found.sku),
        ),
        Text::new("its own code falls under the rule that gives the right", "它自己的码也在给出这一权利的规则之内"),
    )
    .label(found.won, Text::new("the right is won here", "权利在这里赢得"))
    .help(Text::new(
        format!("write `{}` or `{}`{}", lines.0, lines.1, length.en),
        format!("请写 `{}` 或 `{}`{}", lines.0, lines.1, length.zh),
    ))
}

fn unenforceable(at: Location, handed: Location) -> Diagnostic {
    Diagnostic::error(
        Code::P0398,
        at,
        Text::new("nobody can tell which goods were exchanged", "分不出哪些是换来的"),
        Text::new("cannot be enforced", "无法落实"),
    )
    .label(
        handed,
        Text::new("this event does not read the code of what is handed over", "这个事件没有读出换给人的那一件的码"),
    )
    .help(Text::new(
        "let the redeeming event scan what is handed over: `event redeemed = store scans cap_outer knows consumer`",
        "让兑付事件扫换出去的那一件：`事件 redeemed = 门店 扫 盖外码 关联 消费者`",
    ))
}

fn idle(at: Location) -> Diagnostic {
    Diagnostic::error(
        Code::P0401,
        at,
        Text::new("what is handed over here wins nothing", "这里换出去的什么也中不了"),
        Text::new("this answer is never used", "这个回答用不到"),
    )
    .warning()
    .help(Text::new("remove it", "删去它"))
}
