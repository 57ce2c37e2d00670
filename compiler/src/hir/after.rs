//! After the award: what a party was given so far, what is taken from it, and what one party pays another.

use super::error::NameKind;
use super::model::{COUPON, GOODS, PAYMENT};
use super::scope::Scope;
use super::{Flow, Give, Party, Reward, expr};
use crate::ast;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::ir::{Window, Windows};
use crate::source::{Location, Spelling};
use serde::Serialize;

/// What a party was given so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    /// Index of the reward kind.
    pub kind: usize,
    /// Which product or coupon (true).
    pub item: Option<(String, bool)>,
    /// Whose: always of a role.
    pub party: Party,
    /// Given in this window; `None`: the balance, given less taken.
    pub window: Option<Window>,
    /// Which of these windows.
    pub windows: Windows,
}

/// What can be wrong with the names of an account.
#[derive(Clone, Copy, Debug)]
pub enum Error {
    /// `this campaign`: awards are not kept by campaign.
    Campaign {
        /// The expression.
        at: Location,
    },
    /// `goods` and `coupon` are many things.
    ManyThings {
        /// The kind.
        at: Location,
    },
}

impl Error {
    /// The finding.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let show = |en: &str, zh: &str| match spelling {
            Spelling::En => format!("`{en}`"),
            Spelling::Zh => format!("`{zh}`"),
        };
        let (at, en, zh, label_en, label_zh, line) = match self {
            Error::Campaign { at } => (
                at,
                "what a party was given is not kept by campaign",
                "所得奖励不按活动期记账",
                "an account is common to all policies",
                "账户由所有政策共用",
                show("sum of cash given to consumer this month", "本月 消费者 所得 红包 合计"),
            ),
            Error::ManyThings { at } => (
                at,
                "which thing is added up?",
                "累计的是哪一种？",
                "this kind holds many things",
                "这一种类包含多种东西",
                show("balance of SKU-500 of consumer", "消费者 的 SKU-500 余额"),
            ),
        };
        Diagnostic::error(Code::P0255, at, Text::new(en, zh), Text::new(label_en, label_zh))
            .help(Text::new(format!("write {line}"), format!("请写 {line}")))
    }
}

/// Does any policy give something that must be claimed?
pub fn claims(files: &[ast::File]) -> bool {
    files.iter().flat_map(|f| &f.items).any(|item| match item {
        ast::Item::Policy(p) => claimed(&p.clauses),
        ast::Item::Template(t) => claimed(&t.clauses),
        ast::Item::Instance(i) => claimed(&i.clauses),
        _ => false,
    })
}

fn claimed(clauses: &[ast::Clause]) -> bool {
    clauses.iter().any(|clause| match &clause.kind {
        ast::ClauseKind::On { clauses, .. } | ast::ClauseKind::Every { clauses, .. } => claimed(clauses),
        ast::ClauseKind::Give(give) => give.claim.is_some(),
        _ => false,
    })
}

impl Scope<'_> {
    /// `balance of points of consumer`, `sum of cash given to consumer this month`
    pub fn account(&mut self, account: &ast::Account) -> Option<Account> {
        let at = self.at(account.what.span);
        let (kind, item) = match self.cx.model.kind(&account.what.text) {
            Some(GOODS | COUPON | PAYMENT) => {
                self.out.push(Error::ManyThings { at }.into_diagnostic(self.spelling));
                return None;
            }
            Some(kind) => (kind, None),
            None => {
                let known = self.cx.catalogue.sku(&account.what.text).is_some()
                    || self.cx.coupons.iter().any(|c| c.name == account.what.text);
                if !known {
                    let choices = self.cx.model.kinds.iter().skip(PAYMENT + 1);
                    let choices = choices.map(|k| k.name.said(self.spelling).to_owned());
                    let choices = choices.chain(self.cx.coupons.iter().map(|c| c.name.clone())).collect();
                    self.error(super::error::Error::unknown(at, NameKind::Kind, &account.what.text, choices));
                    return None;
                }
                let (name, coupon, _) = self.item(&account.what)?;
                (if coupon { COUPON } else { GOODS }, Some((name, coupon)))
            }
        };
        let party = self.role(&account.of)?;
        let (window, windows) = match account.window {
            Some((ast::Window::Campaign, _)) => {
                let at = self.at(account.span);
                self.out.push(Error::Campaign { at }.into_diagnostic(self.spelling));
                return None;
            }
            Some((window, back)) => (Some(expr::window(window)), self.windows((window, back), account.span)?),
            None => (None, Windows::THIS),
        };
        Some(Account { kind, item, party, window, windows })
    }

    /// A party with a role.
    pub fn role(&mut self, path: &ast::Path) -> Option<Party> {
        let party = self.party(path)?;
        if party.role.is_none() {
            let name = self.said(&party.fact);
            self.error(super::error::Error::NotARole { at: party.at, name });
            return None;
        }
        Some(party)
    }

    /// `take from consumer points 100`
    pub fn take(&mut self, take: &ast::Take) -> Option<Give> {
        let at = self.at(take.span);
        let reward = self.reward(&take.reward);
        let payee = self.role(&take.from)?;
        Some(Give { flow: Flow::Take, ..Give::of(payee, reward, at) })
    }

    /// `charge consumer 1 yuan, to store`
    pub fn charge(&mut self, charge: &ast::Charge) -> Option<Give> {
        let at = self.at(charge.span);
        let value = self.expr(&charge.value);
        let (from, payee) = (self.role(&charge.from), self.role(&charge.to));
        let (from, payee) = (Some(from?), payee?);
        let reward = Reward { kind: Some(PAYMENT), tax_side: None, value, at };
        Some(Give { flow: Flow::Charge, from, ..Give::of(payee, reward, at) })
    }
}
