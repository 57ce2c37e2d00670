//! Decisions out: one line of JSON whose bytes depend on nothing but the program, the event and the decision.
//!
//! ```json
//! {"id":"e1","event":"open_box","awards":[{"policy":"spring","rule":1,"role":"store","payee":"S1","kind":"cash",
//!  "amount":800,"unit":"fen","side":"net","net":800,"tax":200,"gross":1000,"policy_hash":"…"}],
//!  "refusals":[{"policy":"autumn","rule":1,"reason":"budget"}]}
//! ```
//!
//! `held`, behind `awards`, is there if awards wait: as awards, with the last second at which they can still be paid
//! (`until`) and why they wait (`because`), without `payee` where that is unknown, and with a negative `amount` for what
//! waits no longer because goods came back.
//!
//! `item` stands behind `kind` for products and coupons. Where tax is withheld, `side` (`net` or `gross`) says which of the
//! figures behind it `amount` is: `net` arrives, `tax` is owed to the tax office, `gross` is both and what the budget is used
//! by. `due` (the last second by which it is to be paid) where that is not at once; `from` names who hands it over
//! (`through`) or pays it (`charge`), and a negative `amount` is taken. An id whose text is not known (long, and of an
//! earlier event) is written as `payee_hash`, 32 hex digits.

mod nearest;
mod reason;

#[cfg(test)]
mod tests;

pub use nearest::nearest_text;
pub use reason::{reason_name, reason_text};

use crate::event::IdTexts;
use crate::event::format_instant;
use promo_compiler::ir::record::{EventRecord, Id};
use promo_compiler::ir::settle::{AwardOut, Decision, HeldOut, Nearest, Refusal, RefusalOut};
use promo_compiler::ir::{GateKind, Program, RewardUnit, RuleId};
use promo_compiler::source::SourceMap;
use std::fmt::Write;

/// How much of a decision is written.
#[derive(Clone, Copy, Debug)]
pub enum Detail<'a> {
    /// Awards only.
    Awards,
    /// With the name of the reason for each rule that did not pay.
    Reasons,
    /// With the text of the clause that stood in the way and a sentence in both languages.
    Explain(&'a SourceMap),
}

/// Writes decisions of one program.
#[derive(Clone, Copy, Debug)]
pub struct DecisionWriter<'p> {
    program: &'p Program,
}

impl<'p> DecisionWriter<'p> {
    /// A writer for decisions of a program.
    pub const fn new(program: &'p Program) -> DecisionWriter<'p> {
        DecisionWriter { program }
    }

    /// The decision as one line of JSON without a line feed.
    pub fn to_json(&self, event: &EventRecord, decision: &Decision, texts: &IdTexts, detail: Detail<'_>) -> String {
        let mut out = String::with_capacity(256);
        self.write(event, decision, texts, detail, &mut out);
        out
    }

    /// Appends the decision as one line of JSON without a line feed.
    pub fn write(
        &self,
        event: &EventRecord,
        decision: &Decision,
        texts: &IdTexts,
        detail: Detail<'_>,
        out: &mut String,
    ) {
        out.push('{');
        id_field("id", "id_hash", event.id(), texts, out);
        out.push_str(",\"event\":");
        let kind = self.program.schema.events.get(event.event.index());
        text(kind.map_or("", |k| k.name.name.as_str()), out);
        out.push_str(",\"awards\":[");
        separated(&decision.awards, out, |award, out| self.award(event, award, texts, out));
        out.push(']');
        if !decision.held.is_empty() {
            out.push_str(",\"held\":[");
            separated(&decision.held, out, |held, out| self.held(held, texts, out));
            out.push(']');
        }
        if !matches!(detail, Detail::Awards) {
            out.push_str(",\"refusals\":[");
            let mut nearest = decision.nearest.iter().map(Option::as_ref);
            separated(&decision.refusals, out, |refusal, out| {
                self.refusal(event, refusal, nearest.next().flatten(), detail, out);
            });
            out.push(']');
        }
        out.push('}');
    }

    /// Opens an object with the policy and the number of a rule; returns the hash of the policy.
    fn rule(&self, id: RuleId, out: &mut String) -> &str {
        let rule = self.program.rules.get(id.index());
        let policy = rule.and_then(|r| self.program.policies.get(r.policy.index()));
        out.push_str("{\"policy\":");
        text(policy.map_or("", |p| &p.name), out);
        number(",\"rule\":", i64::from(rule.map_or(0, |r| r.number)), out);
        policy.map_or("", |p| &p.hash)
    }

    fn award(&self, event: &EventRecord, award: &AwardOut, texts: &IdTexts, out: &mut String) {
        let hash = self.rule(award.rule, out);
        self.what(award, texts, out);
        if let Some(due) = self.program.due(event, award) {
            out.push_str(",\"due\":");
            text(&format_instant(due, self.program.schema.utc_offset), out);
        }
        if let Some((role, id)) = award.from {
            out.push_str(",\"from_role\":");
            let role = self.program.schema.roles.get(role as usize);
            text(role.map_or("", |r| &r.name), out);
            out.push(',');
            id_field("from", "from_hash", id, texts, out);
        }
        out.push_str(",\"policy_hash\":");
        text(hash, out);
        out.push('}');
    }

    fn held(&self, held: &HeldOut, texts: &IdTexts, out: &mut String) {
        let hash = self.rule(held.rule, out);
        self.what(&held.award(), texts, out);
        out.push_str(",\"until\":");
        text(&format_instant(held.until, self.program.schema.utc_offset), out);
        out.push_str(",\"because\":");
        text(reason_name(held.because), out);
        out.push_str(",\"policy_hash\":");
        text(hash, out);
        out.push('}');
    }

    /// Whose, what and how much.
    fn what(&self, award: &AwardOut, texts: &IdTexts, out: &mut String) {
        out.push_str(",\"role\":");
        let role = self.program.schema.roles.get(award.role as usize);
        text(role.map_or("", |r| &r.name), out);
        if award.payee.is_known() {
            out.push(',');
            id_field("payee", "payee_hash", award.payee, texts, out);
        }
        out.push_str(",\"kind\":");
        let kind = self.program.kinds.get(award.kind.index());
        text(kind.map_or("", |k| &k.name), out);
        if let Some(item) = award.item.and_then(|id| self.program.items.get(id.index())) {
            out.push_str(",\"item\":");
            text(&item.name, out);
        }
        number(",\"amount\":", award.amount, out);
        out.push_str(match kind.map(|k| k.unit) {
            Some(RewardUnit::Fen) | None => ",\"unit\":\"fen\"",
            Some(RewardUnit::Points) => ",\"unit\":\"points\"",
            Some(RewardUnit::Pieces) => ",\"unit\":\"pieces\"",
        });
        if let Some(net) = award.net {
            out.push_str(if net { ",\"side\":\"net\"" } else { ",\"side\":\"gross\"" });
            number(",\"net\":", award.arrives(), out);
            number(",\"tax\":", award.tax, out);
            number(",\"gross\":", award.gross(), out);
        }
    }

    fn refusal(
        &self,
        event: &EventRecord,
        refused: &RefusalOut,
        nearest: Option<&Nearest>,
        detail: Detail<'_>,
        out: &mut String,
    ) {
        self.rule(refused.rule, out);
        out.push_str(",\"reason\":");
        text(reason_name(refused.refusal), out);
        match refused.refusal {
            Refusal::Condition(k) | Refusal::NotSelected(k) => number(",\"condition\":", i64::from(k), out),
            Refusal::OutOfScope(gate) => {
                out.push_str(match gate {
                    GateKind::During => ",\"gate\":\"during\"",
                    GateKind::Products => ",\"gate\":\"products\"",
                    GateKind::Regions => ",\"gate\":\"regions\"",
                    GateKind::Pilot => ",\"gate\":\"pilot\"",
                });
            }
            Refusal::GroupNotChosen(winner) => {
                out.push_str(",\"chosen\":");
                text(self.program.policies.get(winner.index()).map_or("", |p| &p.name), out);
            }
            _ => {}
        }
        if let Detail::Explain(sources) = detail {
            if let Some(clause) = reason::clause(self.program, sources, refused) {
                out.push_str(",\"text\":");
                text(&clause, out);
            }
            let said = reason_text(self.program, Some(sources), refused);
            out.push_str(",\"zh\":");
            text(&said.zh, out);
            out.push_str(",\"en\":");
            text(&said.en, out);
            if let Some(nearest) = nearest {
                out.push_str(",\"nearest\":");
                nearest::write(self.program, event, nearest, out);
            }
        }
        out.push('}');
    }
}

fn separated<T>(all: &[T], out: &mut String, mut write: impl FnMut(&T, &mut String)) {
    for (at, one) in all.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(one, out);
    }
}

fn id_field(name: &str, hash_name: &str, id: Id, texts: &IdTexts, out: &mut String) {
    let known = texts.text(id);
    text(if known.is_some() { name } else { hash_name }, out);
    out.push(':');
    match known {
        Some(known) => text(&known, out),
        None => hex(id, out),
    }
}

fn hex(id: Id, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(out, "\"{:032x}\"", id.0);
}

fn number(lead: &str, value: i64, out: &mut String) {
    let _ = write!(out, "{lead}{value}");
}

/// A JSON text; everything but quotes, backslashes and control characters stands as it is.
fn text(value: &str, out: &mut String) {
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
