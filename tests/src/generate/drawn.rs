//! Random draws among all entries of a window.

use super::amount::WINDOWS;
use super::model::{Slot, Ty};
use super::scope::Gen;

impl Gen {
    /// `drawn e (…) of this store last week with one chance per invoice`
    pub(super) fn drawn_text(&mut self, past: usize, whose: &Slot) -> String {
        let event = self.m.events[past].name.clone();
        let event = if self.zh { event.zh } else { event.en };
        let filter = self.filter(past);
        let one = WINDOWS.iter().filter(|(en, _)| !en.contains(|c: char| c.is_ascii_digit()));
        let one: Vec<(&str, &str)> = one.copied().collect();
        let (en, zh) = *self.r.pick(&one);
        let window = self.k(en, zh);
        let of = if whose.path.len() == 1 && self.r.chance(30) { self.s(whose) } else { String::new() };
        let mut more = String::new();
        let and = self.k("", "且 ");
        if self.r.chance(15) {
            let kind = self.m.kinds[0].name.clone();
            let kind = if self.zh { kind.zh } else { kind.en };
            more.push_str(&format!(" {and}{} {kind}", self.k("that gave", "已送")));
        }
        let ids: Vec<Slot> = self.m.slots(past).into_iter().filter(|slot| self.has_id(slot)).collect();
        let ids: Vec<Slot> = ids.into_iter().filter(|slot| matches!(slot.ty, Ty::Party(_) | Ty::Entity(_))).collect();
        let per = self.r.any(&ids).filter(|_| self.r.clone().chance(60)).cloned().map(|slot| self.s(&slot));
        more.push_str(&match (per, self.zh) {
            (Some(per), true) => format!(" 且 每 {per} 一次机会"),
            (Some(per), false) => format!(" with one chance per {per}"),
            (None, true) => " 且 每次 一次机会".to_owned(),
            (None, false) => " with one chance each".to_owned(),
        });
        match (of.is_empty(), self.zh) {
            (true, true) => format!("{window} 抽中的 {event}{filter}{more}"),
            (false, true) => format!("本 {of} {window} 抽中的 {event}{filter}{more}"),
            (true, false) => format!("drawn {event}{filter} {window}{more}"),
            (false, false) => format!("drawn {event}{filter} of this {of} {window}{more}"),
        }
    }
}
