//! A rule against its announced text: when and where it answers, on what condition, and what it moves.

use super::finding::{Finding, Sort};
use super::value::Values;
use super::{Side, limit, say};
use crate::diagnostic::Text;
use crate::hir;
use crate::ir::{Due, EventId, Flow, Gate, GateKind, IntervalSet, Limit, LimitUnit, OnReturn, Payee, Word, hash};
use crate::source::{Location, SourceMap};
use crate::typed::{Award, Expr, Kind, Rule};
use rustc_hash::FxHashMap;

/// The same rule in both texts.
pub(super) struct Pair<'a> {
    pub(super) now: Side<'a>,
    pub(super) was: Side<'a>,
    pub(super) now_rule: &'a Rule,
    pub(super) was_rule: &'a Rule,
    pub(super) sources: &'a SourceMap,
    /// A consumer gives something for what the rule gives, so all of it is the consumer's concern.
    pub(super) exchange: bool,
}

/// Does it pay a consumer, or take from one?
pub(super) fn faces_consumers(side: Side<'_>, rule: &Rule) -> bool {
    rule.awards.iter().any(|award| paid(side, award) || takes(side, award))
}

fn paid(side: Side<'_>, award: &Award) -> bool {
    let person = |p: &Payee| super::policy::is_person(side, p.role);
    !matches!(award.flow, Flow::Take(_)) && award.payees.iter().any(person)
}

/// Does it take something from a consumer, or charge one?
pub(super) fn takes(side: Side<'_>, award: &Award) -> bool {
    let person = |p: &Payee| super::policy::is_person(side, p.role);
    match award.flow {
        Flow::Give => false,
        Flow::Take(_) => award.payees.iter().any(person),
        Flow::Charge => award.from.as_ref().is_some_and(person),
    }
}

/// A resolved rule with its policy.
type Written<'a> = Option<(&'a hir::Policy, &'a hir::Rule)>;

impl<'a> Pair<'a> {
    pub(super) fn new(
        now: Side<'a>,
        was: Side<'a>,
        now_rule: &'a Rule,
        was_rule: &'a Rule,
        sources: &'a SourceMap,
    ) -> Pair<'a> {
        let exchange = was_rule.awards.iter().any(|award| takes(was, award));
        Pair { now, was, now_rule, was_rule, sources, exchange }
    }

    /// Compares everything of the rule.
    pub(super) fn compare(&self, now: Written<'_>, was: Written<'_>, found: &mut Vec<Finding>) {
        if self.fields(self.now, self.now_rule.event) != self.fields(self.was, self.was_rule.event) {
            let what = Text::new("the facts of the event", "事件的信息");
            let (now, was) = (Some(self.now_rule.at), self.was_rule.at);
            found.push(Finding { now, was, what, sort: Sort::Unproven });
            return;
        }
        let mut values = Values::new(self.now, self.was, self.now_rule.event, self.was_rule.event);
        self.gates(now, was, found);
        self.conditions(&mut values, found);
        self.awards(&mut values, found);
        limit::compare(self, found);
    }

    /// What the words of an event's record mean.
    fn fields(&self, side: Side<'a>, event: EventId) -> Option<&'a [crate::ir::schema::Field]> {
        side.program.schema.events.get(event.index()).map(|e| e.fields.as_slice())
    }

    /// What was announced about each word: its gates and the conditions that are sets.
    fn announced(&self) -> FxHashMap<Word, IntervalSet> {
        let gates = self.was_rule.gates.iter().map(|gate| (gate.word, &gate.set));
        let sets = self.was_rule.conditions.iter().filter_map(|c| match &c.kind {
            Kind::InSet(word, set) => Some((*word, set)),
            _ => None,
        });
        let mut all: FxHashMap<Word, IntervalSet> = FxHashMap::default();
        for (word, set) in gates.chain(sets) {
            let both = all.get(&word).map_or_else(|| set.clone(), |known| known.intersect(set));
            all.insert(word, both);
        }
        all
    }

    fn gates(&self, now: Written<'_>, was: Written<'_>, found: &mut Vec<Finding>) {
        let announced = self.announced();
        for gate in &self.now_rule.gates {
            let before = announced.get(&gate.word);
            if before.is_some_and(|set| set.minus(&gate.set).is_empty()) {
                continue;
            }
            let (what, late) = self.narrower(gate, before);
            let at = clause(&self.now.hir.model, now, gate.kind, late).unwrap_or(self.now_rule.at);
            let old = clause(&self.was.hir.model, was, gate.kind, late).unwrap_or(self.was_rule.at);
            found.push(Finding { now: Some(at), was: old, what, sort: Sort::Worse });
        }
    }

    /// What a gate leaves out that was in; true if it is a time after the campaign.
    fn narrower(&self, gate: &Gate, before: Option<&IntervalSet>) -> (Text, bool) {
        let schema = &self.now.program.schema;
        let lost = before.map(|set| set.minus(&gate.set));
        let ends = |set: &IntervalSet| Some((set.first()?, set.ranges().last()?.1));
        match gate.kind {
            GateKind::During => {
                let Some(((from, until), (old_from, old_until))) = ends(&gate.set).zip(before.and_then(ends)) else {
                    return (Text::new("the dates", "期间"), false);
                };
                if until < old_until {
                    let (old, new) = (say::until(old_until, schema.utc_offset), say::until(until, schema.utc_offset));
                    return (
                        Text::new(
                            format!("the prize could be had until {old}, now until {new}"),
                            format!("原来到 {old} 都能得到，现在只到 {new}"),
                        ),
                        true,
                    );
                }
                let (old, new) = (say::from(old_from, schema.utc_offset), say::from(from, schema.utc_offset));
                (
                    Text::new(
                        format!("the prize could be had from {old} on, now from {new}"),
                        format!("原来从 {old} 起就能得到，现在从 {new} 起"),
                    ),
                    false,
                )
            }
            GateKind::Products => {
                let sku = lost.and_then(|set| set.first()).and_then(|id| usize::try_from(id).ok());
                let sku = sku.and_then(|id| schema.products.get(id)).map(|p| p.sku.as_str());
                (
                    match sku.filter(|_| before.is_some() && self.is_value(gate.word)) {
                        Some(sku) => Text::new(
                            format!("`{sku}` is no longer among the products"),
                            format!("产品里不再有 `{sku}`"),
                        ),
                        None => Text::new("the products were not restricted so", "原来没有这样限定产品"),
                    },
                    false,
                )
            }
            GateKind::Regions | GateKind::Pilot => {
                (Text::new("it was to be had in more regions", "原来适用的区域更大"), false)
            }
        }
    }

    /// A product itself, not whether it is known.
    fn is_value(&self, word: Word) -> bool {
        let fields = self.fields(self.now, self.now_rule.event).unwrap_or_default();
        fields.iter().any(|f| f.word == word && f.ty == crate::ir::schema::FieldType::Product)
    }

    fn conditions(&self, values: &mut Values<'_>, found: &mut Vec<Finding>) {
        let announced = self.announced();
        for ours in &self.now_rule.conditions {
            let held = match &ours.kind {
                Kind::InSet(word, set) => announced.get(word).is_some_and(|was| was.minus(set).is_empty()),
                _ => false,
            };
            if held || self.was_rule.conditions.iter().any(|theirs| values.implies(theirs, ours)) {
                continue;
            }
            found.push(self.condition(values, ours));
        }
    }

    /// What to say of a condition that no announced one implies.
    fn condition(&self, values: &mut Values<'_>, ours: &Expr) -> Finding {
        let said = |at: Location| self.sources.text(at).split_whitespace().collect::<Vec<_>>().join(" ");
        let same_word = |e: &Expr| match (&e.kind, &ours.kind) {
            (Kind::InSet(a, _), Kind::InSet(b, _)) => a == b,
            _ => false,
        };
        let old = &self.was_rule.conditions;
        if let Some(theirs) = old.iter().find(|theirs| values.implies_back(ours, theirs)) {
            let (before, after) = (said(theirs.at), said(ours.at));
            let what = Text::new(
                format!("the condition was `{before}`, now it is the stricter `{after}`"),
                format!("条件原来是 `{before}`，现在是更严的 `{after}`"),
            );
            return Finding { now: Some(ours.at), was: theirs.at, what, sort: Sort::Worse };
        }
        // The announced condition this one stands for: of the same fact, else the first that is no longer there.
        let gone = |values: &mut Values<'_>, theirs: &Expr| {
            !self.now_rule.conditions.iter().any(|now| values.same(now, theirs))
        };
        let counterpart = old.iter().find(|e| same_word(e)).or_else(|| old.iter().find(|e| gone(values, e)));
        match counterpart {
            Some(theirs) => {
                let (before, after) = (said(theirs.at), said(ours.at));
                let what = Text::new(
                    format!("the condition was `{before}`, now it is `{after}`"),
                    format!("条件原来是 `{before}`，现在是 `{after}`"),
                );
                Finding { now: Some(ours.at), was: theirs.at, what, sort: Sort::Unproven }
            }
            None => {
                let after = said(ours.at);
                let what = Text::new(
                    format!("the condition `{after}` was not announced"),
                    format!("公布的条款里没有 `{after}` 这个条件"),
                );
                Finding { now: Some(ours.at), was: self.was_rule.at, what, sort: Sort::Worse }
            }
        }
    }

    fn awards(&self, values: &mut Values<'_>, found: &mut Vec<Finding>) {
        let mut used = vec![false; self.now_rule.awards.len()];
        for theirs in &self.was_rule.awards {
            let taken = takes(self.was, theirs);
            if !(taken || self.exchange || paid(self.was, theirs)) {
                continue;
            }
            let ours =
                self.now_rule.awards.iter().zip(&mut used).find(|(ours, used)| !**used && self.alike(ours, theirs));
            match ours {
                Some((ours, used)) => {
                    *used = true;
                    if taken {
                        self.taken(values, ours, theirs, found);
                    } else {
                        self.given(values, ours, theirs, found);
                    }
                }
                None if taken => {}
                None => {
                    let said = self.sources.text(theirs.at).split_whitespace().collect::<Vec<_>>().join(" ");
                    let what = Text::new(format!("`{said}` is no longer given"), format!("不再有 `{said}`"));
                    found.push(Finding { now: Some(self.now_rule.at), was: theirs.at, what, sort: Sort::Gone });
                }
            }
        }
        if !self.exchange {
            self.others(values, found);
        }
        for (ours, _) in self.now_rule.awards.iter().zip(used).filter(|(ours, used)| !used && takes(self.now, ours)) {
            let what = Text::new("what a consumer gives for it was not announced", "公布的条款里消费者不用付这一项");
            found.push(Finding { now: Some(ours.at), was: self.was_rule.at, what, sort: Sort::Worse });
        }
    }

    /// What others are paid by the same rule, which uses up the limits and the budget of the consumer, may not grow.
    fn others(&self, values: &mut Values<'_>, found: &mut Vec<Finding>) {
        let other = |side, award: &&Award| !takes(side, award) && !paid(side, award);
        for ours in self.now_rule.awards.iter().filter(|award| other(self.now, award)) {
            let mut before = self.was_rule.awards.iter().filter(|award| other(self.was, award));
            let covered = before.any(|theirs| {
                self.alike(ours, theirs) && values.at_most(&ours.leaf.amount, &theirs.leaf.amount).is_ok()
            });
            if !covered {
                let what = Text::new(
                    "what others are paid here comes out of the same budget and limits, and was not announced so",
                    "这里付给其他人的占用同一预算和上限，与公布的不同",
                );
                found.push(Finding { now: Some(ours.at), was: self.was_rule.at, what, sort: Sort::Unproven });
            }
        }
    }

    /// An amount that has grown beyond a limit on money is not paid at all.
    fn fits(&self, values: &mut Values<'_>, now: &Award, was: &Award, found: &mut Vec<Finding>) {
        let dearer = now.leaf.net != was.leaf.net || values.at_most(&now.leaf.amount, &was.leaf.amount).is_err();
        let money = |unit| matches!(unit, LimitUnit::Fen | LimitUnit::Cost | LimitUnit::Amount | LimitUnit::Dearest);
        let limits = self.now_rule.limits.iter().map(|(limit, _)| limit).filter(|limit| money(limit.unit));
        // An invariant on a share of the price has no sum of its own to compare with.
        let narrow = |limit: &Limit| {
            now.leaf.amount.hi > limit.max || limit.invariant.as_ref().is_some_and(|i| i.of_price.is_some())
        };
        if let Some(limit) = limits.into_iter().find(|limit| dearer && narrow(limit)) {
            let what = Text::new(
                "the amount has grown beyond what this limit lets pay",
                "数额提高以后，超过了这个上限，可能一分不付",
            );
            found.push(Finding { now: Some(limit.at), was: was.at, what, sort: Sort::Unproven });
        }
    }

    /// Do both move the same thing between the same parties?
    fn alike(&self, now: &Award, was: &Award) -> bool {
        let party = |side: Side<'_>, event: EventId, p: &Payee| (p.role, hash::key_digest(side.program, event, &p.id));
        let ours = |p: &Payee| party(self.now, self.now_rule.event, p);
        let theirs = |p: &Payee| party(self.was, self.was_rule.event, p);
        let flow = match (now.flow, was.flow) {
            (Flow::Give, Flow::Give) | (Flow::Take(_), Flow::Take(_)) => true,
            (Flow::Charge, Flow::Charge) => now.from.as_ref().map(ours) == was.from.as_ref().map(theirs),
            _ => false,
        };
        // Net of tax is at least what gross was.
        let side = now.leaf.net == was.leaf.net || was.leaf.net == Some(false);
        flow && side
            && (now.leaf.kind, &now.leaf.item) == (was.leaf.kind, &was.leaf.item)
            && now.payees.iter().map(ours).eq(was.payees.iter().map(theirs))
    }

    fn taken(&self, values: &mut Values<'_>, now: &Award, was: &Award, found: &mut Vec<Finding>) {
        if let Err(fault) = values.at_most(&now.leaf.amount, &was.leaf.amount) {
            let mut finding = fault.swapped(Text::new("what a consumer gives for it", "消费者要付的"));
            if let (Some(a), Some(b)) = (was.leaf.amount.as_const(), now.leaf.amount.as_const()) {
                let (a, b) = (say::amount(a, &was.leaf.amount.ty), say::amount(b, &now.leaf.amount.ty));
                finding.sort = Sort::Worse;
                finding.what = Text::new(
                    format!("a consumer gave {} for it, now {}", a.en, b.en),
                    format!("消费者原来要付 {}，现在要付 {}", a.zh, b.zh),
                );
            }
            found.push(Finding { now: Some(now.at), was: was.at, ..finding });
        }
    }

    fn given(&self, values: &mut Values<'_>, now: &Award, was: &Award, found: &mut Vec<Finding>) {
        let worse = |what| Finding { now: Some(now.at), was: was.at, what, sort: Sort::Worse };
        self.fits(values, now, was, found);
        if let Err(fault) = values.at_least(&now.leaf.amount, &was.leaf.amount) {
            found.push(fault.finding(Text::new("a change of the amount", "数额的修改")));
        }
        if let Some(within) = now.claim_within.filter(|now| was.claim_within.is_none_or(|was| !now.covers(was))) {
            let now = say::duration(within);
            found.push(worse(match was.claim_within.map(say::duration) {
                Some(was) => Text::new(
                    format!("it could be claimed within {}, now within {}", was.en, now.en),
                    format!("原来 {}内都能领取，现在只有 {}", was.zh, now.zh),
                ),
                None => Text::new(
                    format!("it need not be claimed, now it must be within {}", now.en),
                    format!("原来不必领取，现在须在 {}内领取", now.zh),
                ),
            }));
        }
        if let Some(was) = was.hold.filter(|was| now.hold.is_none_or(|now| !now.covers(*was))) {
            let was = say::duration(was);
            found.push(worse(Text::new(
                format!("it waited {} for whoever is paid to become known, now less long or not at all", was.en),
                format!("收款方未知时原来等待 {}，现在更短或不再等待", was.zh),
            )));
        }
        if !no_later(now.due, was.due) {
            found.push(worse(Text::new("it is to be paid later than announced", "支付的时间比公布的晚")));
        }
        if returns(now.on_return) > returns(was.on_return) {
            found.push(worse(Text::new(
                "when goods come back more of it is taken back than announced",
                "退货时追回的比公布的多",
            )));
        }
        if now.leaf.item.as_ref().is_some_and(|(_, coupon)| *coupon) {
            self.coupon(now, was, found);
        }
    }

    /// A coupon that is given is worth as much and valid as long.
    fn coupon(&self, now: &Award, was: &Award, found: &mut Vec<Finding>) {
        let find = |side: Side<'a>| {
            let (name, _) = now.leaf.item.as_ref()?;
            side.hir.coupons.iter().find(|c| c.name == *name)
        };
        let Some((new, old)) = find(self.now).zip(find(self.was)) else { return };
        let worse = |what| Finding { now: Some(new.at), was: old.at, what, sort: Sort::Worse };
        if now.leaf.unit_cost < was.leaf.unit_cost {
            found.push(worse(Text::new("the coupon was worth more", "这张券原来价值更高")));
        }
        if let Some(valid) = new.valid.filter(|now| old.valid.is_none_or(|was| !now.covers(was))) {
            let now = say::duration(valid);
            found.push(worse(match old.valid.map(say::duration) {
                Some(was) => Text::new(
                    format!("the coupon was valid {}, now {}", was.en, now.en),
                    format!("这张券原来有效 {}，现在有效 {}", was.zh, now.zh),
                ),
                None => Text::new(
                    format!("the coupon was valid without end, now {}", now.en),
                    format!("这张券原来一直有效，现在有效 {}", now.zh),
                ),
            }));
        }
    }
}

/// The clause a gate comes from; `late`: the end of redeeming, if the rule is one of it.
fn clause(model: &hir::Model, written: Written<'_>, kind: GateKind, late: bool) -> Option<Location> {
    let (policy, rule) = written?;
    match kind {
        GateKind::During if late && rule.redeem.is_some() && !policy.chain.is_empty() => {
            hir::chain::level(model, policy, rule).map(|level| level.at)
        }
        GateKind::During if late && rule.redeem.is_some() => policy.redeem_until.as_ref().map(|(_, at)| *at),
        GateKind::During => policy.during.as_ref().map(|(_, _, at)| *at),
        GateKind::Products => policy.products.as_ref().map(|(_, at)| *at),
        GateKind::Regions => rule.regions.as_ref().map(|(_, _, at, _)| *at),
        GateKind::Pilot => rule.pilot.as_ref().map(|(_, _, at, _)| *at),
    }
}

/// Is it due no later?
fn no_later(now: Option<Due>, was: Option<Due>) -> bool {
    match (now, was) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(Due::Within(now)), Some(Due::Within(was))) => was.covers(now),
        (Some(now), Some(was)) => now == was,
    }
}

/// How much a return takes back.
fn returns(on_return: OnReturn) -> u8 {
    match on_return {
        OnReturn::NotSaid | OnReturn::Keep => 0,
        OnReturn::InProportion => 1,
        OnReturn::TakeBack => 2,
    }
}
