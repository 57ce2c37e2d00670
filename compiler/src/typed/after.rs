//! After the award: accounts, what is taken from them, charges, and rules of the redemption time.

use super::build;
use super::scalar::{Checker, GREATEST_SUM, Rule};
use super::{Expr, Kind, Leaf, Type};
use crate::ast::{Beyond, RewardClass};
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::hir::model::PAYMENT;
use crate::hir::{self, Flow, Give};
use crate::ir::follow_up::scanned;
use crate::ir::schema::After;
use crate::ir::{self, Input, ItemId, KindId, MeasureId, OnReturn, Paid, Round, Window};
use crate::source::{Location, Spelling};

/// What can be wrong there.
#[derive(Clone, Copy, Debug)]
pub enum Error {
    /// A multiple of something that is not a plain number above zero.
    Multiple(Location),
    /// `redeem on` in a policy that does not say until when.
    RedeemUntil(Location),
    /// A payment that nobody is charged.
    PaymentGiven(Location),
    /// Net or gross of what is taken.
    TakeSide(Location),
    /// A rule that takes or charges is cut by a limit.
    CutExchange(Location),
    /// What is taken back for a code that can be paid more than once.
    ReturnOnce(Location),
    /// A share of an event that has no goods.
    ReturnShare(Location),
    /// An award that is both claimed and taken back.
    ClaimAndReturn(Location),
}

impl Error {
    /// The finding.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let write = |en: &str, zh: &str| {
            let line = match spelling {
                Spelling::En => en,
                Spelling::Zh => zh,
            };
            Text::new(format!("write `{line}`"), format!("请写 `{line}`"))
        };
        let error = |code, at, en: &str, zh: &str, label_en: &str, label_zh: &str| {
            Diagnostic::error(code, at, Text::new(en, zh), Text::new(label_en, label_zh))
        };
        match self {
            Error::Multiple(at) => error(
                Code::P0360,
                at,
                "a multiple of what?",
                "是什么的整数倍？",
                "must be a plain number above zero",
                "必须是大于零的确定的数",
            )
            .help(write("amount is a multiple of 0.50 yuan", "金额 为 0.50元 的 整数倍")),
            Error::RedeemUntil(at) => error(
                Code::P0361,
                at,
                "until when is it redeemed?",
                "兑付到什么时候为止？",
                "the policy has no `redeem until`",
                "政策没有写 `兑付 截至`",
            )
            .help(write("redeem until 2026-06-30 17:00", "兑付 截至 2026-06-30 17:00")),
            Error::PaymentGiven(at) => error(
                Code::P0362,
                at,
                "who pays this?",
                "这笔款由谁付？",
                "a payment goes from one party to another",
                "付款是一方付给另一方的",
            )
            .help(write("charge consumer 1 yuan, to store", "收 消费者 1元，归 门店")),
            Error::TakeSide(at) => error(
                Code::P0363,
                at,
                "what is taken has no net or gross",
                "扣除不分税前税后",
                "it comes out of what was given",
                "从已经发放的里面扣",
            )
            .help(write("take from consumer cash 1 yuan", "扣 消费者 红包 1元")),
            Error::ReturnOnce(at) => error(
                Code::P0365,
                at,
                "whose award is taken back?",
                "追回的是谁的奖励？",
                "one code can be paid more than once here",
                "同一个码可能付过不止一次",
            )
            .help(write("once per case", "每 箱 一次")),
            Error::ReturnShare(at) => error(
                Code::P0366,
                at,
                "in proportion to what?",
                "按什么的比例？",
                "this event reads no code, so a part of it cannot come back",
                "这个事件没有码，只能整个退回",
            )
            .help(write("if returned: take back", "退货：追回")),
            Error::ClaimAndReturn(at) => error(
                Code::P0367,
                at,
                "claimed and taken back: which comes first?",
                "既要领取又要追回，先后怎么算？",
                "what was not claimed would go back to the budget twice",
                "逾期未领的会两次退回预算",
            )
            .help(write("if returned: keep", "退货：保留")),
            Error::CutExchange(at) => error(
                Code::P0364,
                at,
                "a rule that takes or charges cannot be paid in part",
                "有扣除或收款的规则不能只付一部分",
                "what is taken would stay whole",
                "扣除的部分不会随之减少",
            )
            .help(write("beyond: skip", "超出：跳过")),
        }
    }
}

impl Checker<'_> {
    /// Adds an error of this file.
    pub fn after(&mut self, at: Location, e: Error) {
        let spelling = self.spelling(at);
        self.out.push(e.into_diagnostic(spelling));
    }

    /// The id of an item that is given.
    pub fn item(&mut self, name: &str, coupon: bool) -> ItemId {
        let found = self.items.iter().position(|i| i.name == name && i.coupon == coupon);
        ItemId(found.unwrap_or_else(|| {
            self.items.push(ir::Item { name: name.to_owned(), coupon });
            self.items.len() - 1
        }) as u32)
    }

    /// The account of a kind or item for the parties of a role. Its counter is named by what it holds and not by who
    /// asks, so all policies read and write one.
    pub fn account(
        &mut self,
        kind: usize,
        item: Option<&(String, bool)>,
        role: usize,
        window: Option<Window>,
        at: Location,
    ) -> MeasureId {
        let model = &self.hir.model;
        let name = model.kinds.get(kind).map_or("", |k| k.name.name.as_str());
        let thing = item.map_or("", |(name, _)| name.as_str());
        let party = model.roles.get(role).map_or("", |r| r.name.name.as_str());
        let sum = window.map_or_else(|| "balance".to_owned(), |w| format!("given/{w:?}"));
        let counter = ir::key::stable_id(&format!("account/{name}/{thing}/{party}/{sum}"));
        let found = self.measures.iter().position(|known| known.counter == counter).unwrap_or_else(|| {
            let item = item.map(|(name, coupon)| self.item(name, *coupon));
            let paid = Paid { kind: KindId(kind as u32), item, role: role as u32, balance: window.is_none() };
            self.measures.push(ir::Measure {
                counter,
                window: window.unwrap_or(Window::Ever),
                max: GREATEST_SUM,
                contributions: Vec::new(),
                paid: Some(paid),
                at,
            });
            self.measures.len() - 1
        });
        MeasureId(found as u32)
    }
}

impl Rule<'_, '_> {
    /// What a party was given so far, this event's awards not included.
    pub fn account(&mut self, account: &hir::after::Account, at: Location) -> Expr {
        self.require(&account.party.fact, account.party.at);
        let key = vec![self.checker.key_part(&account.party)];
        let role = account.party.role.unwrap_or_default();
        let measure = self.checker.account(account.kind, account.item.as_ref(), role, account.window, at);
        let class = self.checker.hir.model.kinds.get(account.kind).and_then(|k| k.class);
        let ty = match class {
            Some(RewardClass::Money) => Type::Money,
            Some(RewardClass::Points) => Type::Points,
            None => Type::Plain,
        };
        let input = Input::Measure(ir::MeasureUse { measure, key, windows: account.windows });
        Expr { kind: Kind::Input(input), ty, lo: 0, hi: GREATEST_SUM, at }
    }

    /// The test that a is a whole number of times b, a constant.
    pub fn multiple_of(&mut self, a: Expr, b: Expr, at: Location) -> Expr {
        let whole = a.ty != Type::Error
            && !matches!(a.ty, Type::Bool | Type::Choice | Type::Product | Type::Region | Type::Party);
        let Some(step) = b.as_const().filter(|step| *step >= 1 && whole) else {
            self.checker.after(b.at, Error::Multiple(b.at));
            return Expr::error(at).typed(Type::Bool);
        };
        let ty = a.ty.clone();
        let times = build::div(a.clone(), step, Round::Down, at).and_then(|times| build::mul(times, b, ty, at));
        let nearest = self.fits(times, at);
        build::eq(a, nearest, at)
    }

    /// What a `give`, `take` or `charge` moves, and which way.
    pub fn moved(&mut self, give: &Give) -> Vec<(Leaf, ir::Flow)> {
        let mut leaves = match give.flow {
            Flow::Take => self.taken(&give.reward),
            Flow::Give | Flow::Charge => self.reward(&give.reward),
        };
        if give.flow == Flow::Give {
            if leaves.iter().any(|leaf| leaf.kind == PAYMENT) {
                self.checker.after(give.at, Error::PaymentGiven(give.at));
            }
            return leaves.into_iter().map(|leaf| (leaf, ir::Flow::Give)).collect();
        }
        if give.flow == Flow::Take && give.reward.tax_side.is_some() {
            self.checker.after(give.at, Error::TakeSide(give.at));
        }
        for party in [Some(&give.payee), give.from.as_ref()].into_iter().flatten() {
            self.require(&party.fact, party.at);
        }
        // The budget has paid for what is taken when it was given; what others pay is no business of it.
        leaves.iter_mut().for_each(|leaf| leaf.unit_cost = 0);
        let role = give.payee.role.unwrap_or_default();
        leaves
            .into_iter()
            .map(|leaf| {
                let flow = match give.flow {
                    Flow::Take => {
                        ir::Flow::Take(self.checker.account(leaf.kind, leaf.item.as_ref(), role, None, give.at))
                    }
                    Flow::Give | Flow::Charge => ir::Flow::Charge,
                };
                (leaf, flow)
            })
            .collect()
    }

    /// Asks what taking back would mean, where the channel has a return that can undo what this rule pays.
    pub fn returnable(&mut self, rule: &hir::Rule, on_return: OnReturn) {
        let Some((_, said)) =
            rule.returned.filter(|_| matches!(on_return, OnReturn::TakeBack | OnReturn::InProportion))
        else {
            return;
        };
        let schema = &self.checker.hir.schema;
        let returns = schema.events.iter().filter(|e| e.after == Some(After::Return));
        let mut back = returns.map(|e| scanned(schema, e).map(|(pack, _)| pack));
        let Some(paid) = schema.events.get(rule.event.index()) else { return };
        let undone = match scanned(schema, paid) {
            None => back.any(|pack| pack.is_none()),
            Some((outer, _)) => back.any(|pack| pack.is_some_and(|inner| inner <= outer)),
        };
        if !undone {
            return;
        }
        let code = |party: &hir::Party| schema.packs.iter().any(|p| p.name == party.fact.name);
        let once = rule.once.iter().any(|l| l.window == Window::Ever && !l.per.is_empty() && l.per.iter().all(code));
        let scans = scanned(schema, paid).is_some();
        if scans && !once {
            self.checker.after(said, Error::ReturnOnce(said));
        }
        if !scans && on_return == OnReturn::InProportion {
            self.checker.after(said, Error::ReturnShare(said));
        }
        for give in rule.gives.iter().filter(|give| give.claim_within.is_some()) {
            self.checker.after(give.at, Error::ClaimAndReturn(give.at));
        }
    }

    /// Reports limits that would pay an exchange in part.
    pub fn whole_exchange(&mut self, gives: &[Give], limits: &[hir::Limit]) {
        if gives.iter().all(|give| give.flow == Flow::Give) {
            return;
        }
        for limit in limits.iter().filter(|limit| limit.beyond == Some(Beyond::Cut)) {
            self.checker.after(limit.at, Error::CutExchange(limit.at));
        }
    }
}
