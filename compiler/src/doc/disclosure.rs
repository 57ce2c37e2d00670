//! The notice a prize promotion must publish (规范促销行为暂行规定, article 13): prizes, conditions, how to take part, time and
//! way of the draw, amount or price, quantity or probability, deadline and way of redeeming, delivery, forfeiture,
//! organiser and contact.

use super::amount::Given;
use super::draw::draws_in;
use super::drawn::winner_of;
use super::error::Missing;
use super::tree::{Block, Document, Table};
use super::words::say;
use super::{Request, Writer, chosen};
use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::hir::chain::Level;
use crate::hir::{self, Expr, ExprKind, Limit, Link, Party, Policy, Reward, Rule};
use crate::ir::{self, Term};
use crate::ir::schema::Named;
use crate::source::{Location, Spelling};
use std::collections::BTreeSet;

/// The greatest prize a lottery may have, in fen (反不正当竞争法, article 10: 50,000 yuan).
const GREATEST_PRIZE: i64 = 5_000_000;

/// The notice of the policies asked for that draw; `None` if none of them does.
///
/// # Errors
///
/// Everything the law wants said and the package does not say.
pub fn disclosure(
    package: &hir::Package,
    program: &ir::Program,
    request: Request<'_>,
    files: &[ast::File],
) -> Result<Option<Document>, Diagnostics> {
    let mut w = Writer::new(package, program, request.lang);
    let mut missing = Diagnostics::default();
    let mut any = false;
    for i in chosen(package, request.policies) {
        let Some(policy) = package.policies.get(i) else { continue };
        let lots = lots(policy);
        if lots.is_empty() {
            continue;
        }
        any = true;
        for lacks in w.lacks(policy, &lots) {
            let home = match &lacks {
                Missing::Organiser { at }
                | Missing::Delivery { at }
                | Missing::Until { at, .. }
                | Missing::Coupon { at, .. } => at.source,
            };
            let file = files.iter().find(|f| f.source == home);
            missing.push(lacks.into_diagnostic(file.map_or(Spelling::En, |f| f.spelling)));
        }
        w.notice(policy, &lots);
    }
    missing.sort();
    if missing.has_errors() {
        return Err(missing);
    }
    let name = request.name;
    let title = say!(w, "{name}: public notice of the prize draw", "{name} 有奖销售公示");
    Ok(any.then_some(Document { lang: w.lang, title, blocks: w.blocks }))
}

/// An award that is drawn, or whose winner is.
struct Lot<'h> {
    rule: &'h Rule,
    reward: &'h Reward,
    /// Who wins; several of a share.
    payees: Vec<&'h Party>,
    claim_within: Option<Term>,
    at: Location,
}

impl<'h> Lot<'h> {
    /// The draw among all entries that says who wins.
    fn winner(&self) -> Option<&'h Link> {
        self.payees.iter().find_map(|payee| winner_of(payee))
    }
}

/// Every award of a policy that is drawn, or whose winner is.
fn lots(policy: &Policy) -> Vec<Lot<'_>> {
    fn of(rule: &Rule) -> impl Iterator<Item = Lot<'_>> {
        let Rule { gives, shares, .. } = rule;
        let gives = gives.iter().map(move |g| Lot {
            rule,
            reward: &g.reward,
            payees: vec![&g.payee],
            claim_within: g.claim_within,
            at: g.at,
        });
        let shares = shares.iter().map(move |s| Lot {
            rule,
            reward: &s.reward,
            payees: s.parts.iter().map(|(_, give)| &give.payee).collect(),
            claim_within: None,
            at: s.at,
        });
        gives.chain(shares)
    }
    let drawn = |lot: &Lot<'_>| !draws_in(&lot.reward.value).is_empty() || lot.winner().is_some();
    policy.rules.iter().flat_map(of).filter(drawn).collect()
}

/// The prizes of an award; a random range is one prize.
fn prizes<'h>(lot: &Lot<'h>) -> Vec<&'h Expr> {
    fn of(draw: &Expr) -> Vec<&Expr> {
        match &draw.kind {
            ExprKind::Draw(rows) | ExprKind::Pool(_, rows, ..) => rows.iter().map(|row| &row.prize.value).collect(),
            _ => vec![draw],
        }
    }
    let draws = draws_in(&lot.reward.value);
    // Only the winner is drawn: what is won is certain.
    if draws.is_empty() { vec![&lot.reward.value] } else { draws.into_iter().flat_map(of).collect() }
}

impl Writer<'_> {
    fn lacks(&self, policy: &Policy, lots: &[Lot<'_>]) -> Vec<Missing> {
        let mut lacks = Vec::new();
        if self.package.model.organiser.is_none() {
            lacks.push(Missing::Organiser { at: policy.at });
        }
        if policy.delivery.is_none() {
            lacks.push(Missing::Delivery { at: policy.at });
        }
        for lot in lots {
            if policy.redeem_until.is_none() && lot.claim_within.is_none() {
                let role = lot.payees.first().and_then(|p| self.package.model.roles.get(p.role?));
                let payee =
                    role.map_or_else(|| Named { name: String::new(), label: String::new() }, |r| r.name.clone());
                lacks.push(Missing::Until { at: lot.at, payee });
            }
            for prize in prizes(lot) {
                let ExprKind::ItemOf(_, name, true, _) = &prize.kind else { continue };
                let coupon = self.package.coupons.iter().find(|c| c.name == *name);
                if let Some(coupon) = coupon.filter(|c| c.worth.is_none() || c.valid.is_none()) {
                    lacks.push(Missing::Coupon { at: coupon.at, name: name.clone() });
                }
            }
        }
        lacks
    }

    /// One policy as a list of the fields the law names, in its order.
    fn notice(&mut self, policy: &Policy, lots: &[Lot<'_>]) {
        let title = policy.title.clone().unwrap_or_else(|| policy.name.clone());
        self.chapter(&title, &policy.name);
        self.shown.clear();
        self.links.clear();
        self.sides.clear();
        let mut fields: Vec<(String, String)> = Vec::new();
        if let Some((organiser, contact)) = self.package.model.organiser.clone() {
            fields.push((say!(self, "organiser", "主办者"), organiser));
            fields.push((say!(self, "contact", "联系方式"), contact));
        }
        if let Some((from, to, _)) = &policy.during {
            let (from, to, zone) = (self.moment(from, false), self.moment(to, true), self.zone());
            fields.push((
                say!(self, "campaign", "活动时间"),
                say!(self, "{from} to {to} ({zone})", "{from}至{to}（{zone}）"),
            ));
        }
        let products = match &policy.products {
            Some((set, _)) => self.products(set),
            None => say!(self, "no restriction", "不限产品"),
        };
        fields.push((say!(self, "products", "活动产品"), products));
        for lot in lots {
            self.event = lot.rule.event;
            self.lot(policy, lot, &mut fields);
        }
        let won: Vec<&Expr> = lots.iter().flat_map(prizes).collect();
        let is_won = |name: &str| {
            won.iter().any(|prize| matches!(&prize.kind, ExprKind::ItemOf(_, item, true, _) if item == name))
        };
        for coupon in self.package.coupons.iter().filter(|c| is_won(&c.name)) {
            let terms = self.coupon_terms(coupon);
            fields.push((say!(self, "coupon", "券"), terms));
        }
        if let Some(how) = &policy.delivery {
            fields.push((say!(self, "delivery", "奖品交付方式"), how.clone()));
        }
        let checked = self.program.policies.iter().find(|p| p.name == policy.name);
        let budget = checked.and_then(|p| p.budget).and_then(|id| self.program.budgets.get(id.index()));
        if let Some(budget) = budget {
            let money = self.money(budget.max);
            let text = say!(
                self,
                "{money} in all; a prize that no longer fits is not paid in full",
                "总额{money}，余额不足时不能足额支付"
            );
            fields.push((say!(self, "prize budget", "奖品总额"), text));
        }
        let taxed: BTreeSet<usize> = self.sides.iter().map(|(kind, _)| *kind).collect();
        for terms in taxed.into_iter().filter_map(|kind| self.tax_terms(kind)) {
            fields.push((say!(self, "tax", "税款"), terms));
        }
        let header = vec![say!(self, "item", "事项"), say!(self, "content", "内容")];
        let rows = fields.into_iter().map(|(name, text)| vec![name, text]).collect();
        self.blocks.push(Block::Table(Table { label: String::new(), caption: String::new(), header, rows }));
        self.blocks.extend(self.waiting.drain(..).map(Block::Table));
        self.greatest(lots);
    }

    /// How one drawn award is taken part in, drawn, redeemed and forfeited.
    fn lot(&mut self, policy: &Policy, lot: &Lot<'_>, fields: &mut Vec<(String, String)>) {
        let rule = lot.rule;
        let entered = lot.winner().map_or(rule.event, |link| link.event);
        let (event, happening) = (self.event_name(entered), self.happening(entered));
        fields.push((
            say!(self, "how to take part", "参加方式"),
            say!(self, "{event}: {happening}", "{event}：{happening}"),
        ));
        let mut conditions = Vec::new();
        let whom: Vec<String> = rule.selected.iter().map(|selected| self.selection(selected)).collect();
        conditions.extend(self.regions(rule).into_iter().chain(whom));
        if let Some(condition) = &rule.condition {
            conditions.push(self.all_of(condition));
        }
        let once: Vec<String> = rule.once.iter().map(|l| self.once(l)).collect();
        let limits: Vec<String> = rule.limits.iter().map(|l| self.at_most(l)).collect();
        let index = self.package.policies.iter().position(|p| p.name == policy.name);
        let groups = self.package.groups.iter().filter(|g| index.is_some_and(|i| g.members.contains(&i)));
        let ceilings: Vec<&Limit> =
            groups.flat_map(|g| &g.limits).filter(|(event, _)| *event == rule.event).map(|(_, limit)| limit).collect();
        let ceilings: Vec<String> = ceilings.into_iter().map(|l| self.at_most(l)).collect();
        let ceilings = ceilings.into_iter().map(|text| {
            say!(self, "together with the other policies of its group: {text}", "与同组其他政策合计：{text}")
        });
        let ceilings: Vec<String> = ceilings.collect();
        let adjusts: Vec<String> = rule.adjusts.iter().map(|adjust| self.adjust(adjust)).collect();
        conditions.extend(once.into_iter().chain(limits).chain(ceilings).chain(adjusts));
        let conditions: Vec<&str> = conditions.iter().map(|t| t.trim_end_matches(['.', '。'])).collect();
        if !conditions.is_empty() {
            fields.push((say!(self, "conditions", "参加条件"), conditions.join(&say!(self, "; ", "；"))));
        }
        let who: Vec<String> = lot.payees.iter().map(|payee| self.fact(&payee.fact)).collect();
        let who = self.list(&who);
        let what = self.reward(lot.reward, Given::default());
        fields.push((say!(self, "who wins what", "奖项"), say!(self, "{who}: {what}", "{who}：{what}")));
        let draws = draws_in(&lot.reward.value);
        let way = match lot.winner() {
            Some(link) => self.draw_held(rule.event, link),
            None => {
                let way = self.draw_terms();
                say!(self, "At once, for each such event. {way}", "每次参加即时开奖。{way}")
            }
        };
        fields.push((say!(self, "time and way of the draw", "开奖时间和方式"), way));
        let pool = draws.iter().any(|draw| matches!(draw.kind, ExprKind::Pool(..)));
        let quantity = if pool {
            say!(self, "as in the table of the pool", "见奖池表")
        } else if draws.is_empty() {
            say!(self, "one winner each time the draw is held", "每次开奖一名中奖者")
        } else {
            say!(
                self,
                "not fixed in advance: every draw has the chances of the table",
                "不预设数量，每次抽奖均按表中概率"
            )
        };
        fields.push((say!(self, "number of prizes", "奖品数量"), quantity));
        let mut until = Vec::new();
        if let Some(term) = lot.claim_within {
            let within = self.term(term);
            until.push(say!(
                self,
                "within {within} of winning; what is not claimed by then is forfeited and goes back to the budget",
                "中奖后{within}领取；逾期视为放弃，奖品退回预算"
            ));
        }
        // Of a chain the winner's own level, which is the first that is of persons.
        let model = &self.package.model;
        let person = |level: &&Level| model.roles.get(level.role).is_some_and(|role| role.person);
        let own = policy.chain.iter().find(person).map(|level| &level.until);
        if let Some(last) = own.or(policy.redeem_until.as_ref().map(|(last, _)| last)) {
            let last = self.moment(last, true);
            until.push(say!(
                self,
                "until {last}; what is not redeemed by then is forfeited",
                "兑付截至{last}；逾期未兑视为放弃"
            ));
        }
        fields
            .push((say!(self, "redeeming and forfeiture", "兑奖期限和弃奖条件"), until.join(&say!(self, "; ", "；"))));
    }

    /// The greatest prize beside the greatest the law allows.
    fn greatest(&mut self, lots: &[Lot<'_>]) {
        let worths = lots.iter().flat_map(prizes).map(|prize| Some(self.worth(prize)?.most));
        let most = worths.collect::<Option<Vec<i64>>>().and_then(|all| all.into_iter().max());
        let law = self.money(GREATEST_PRIZE);
        let text = match most {
            Some(most) if most > GREATEST_PRIZE => {
                let most = self.money(most);
                say!(
                    self,
                    "Warning: the greatest single prize is worth {most}, more than the {law} a prize draw may have at most.",
                    "警示：单个奖项最高价值{most}，超过抽奖式有奖销售最高奖{law}的法定限额。"
                )
            }
            Some(most) => {
                let most = self.money(most);
                say!(
                    self,
                    "The greatest single prize is worth {most} at catalogue price; the law allows {law}.",
                    "单个奖项最高价值{most}（实物按目录价）；法定最高限额{law}。"
                )
            }
            None => say!(
                self,
                "The worth of the greatest single prize is not a fixed sum; the law allows {law}.",
                "单个奖项最高价值不是固定金额；法定最高限额{law}。"
            ),
        };
        self.blocks.push(Block::Paragraph(text));
    }
}
