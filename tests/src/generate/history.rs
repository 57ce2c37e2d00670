//! Random filters over past events, links and comparisons of identities.

use super::model::{Name, Slot, Ty};
use super::scope::{Cx, Gen};

/// What is drawn is called so.
pub(super) const WINNER: &str = "winner";

impl Gen {
    /// ` (passed is no and spots at least 3)` over an event's own facts, sometimes.
    pub(super) fn filter(&mut self, event: usize) -> String {
        if !self.r.chance(25) {
            return String::new();
        }
        let slots = self.m.slots(event);
        let mut certain: Vec<Slot> = slots.into_iter().filter(|s| s.needs.is_empty()).collect();
        let mut tests = Vec::new();
        for _ in 0..1 + self.r.below(2) {
            if let Some(slot) = self.r.any(&certain).cloned()
                && let Some(test) = self.filter_test(&slot)
            {
                // Two tests of one fact tend to exclude each other.
                certain.retain(|other| other.path != slot.path);
                tests.push(test);
            }
        }
        if tests.is_empty() { String::new() } else { format!(" ({})", tests.join(self.k(" and ", " 且 "))) }
    }

    /// A test that is one fact against fixed values.
    fn filter_test(&mut self, slot: &Slot) -> Option<String> {
        let path = self.s(slot);
        Some(match &slot.ty {
            Ty::YesNo => format!("{path} {} {}", self.k("is", "为"), self.k("no", "否")),
            Ty::OneOf(values) => {
                let value = self.r.pick(&values.clone()).clone();
                let is = if self.r.chance(60) { self.k("is", "为") } else { self.k("is not", "不为") };
                format!("{path} {is} {}", if self.zh { value.zh } else { value.en })
            }
            Ty::Number(lo, hi, unit) if hi - lo > 2 => {
                let bound = self.r.between(lo + 1, hi - 1);
                let op = if self.r.chance(50) { self.k("at least", "至少") } else { self.k("under", "低于") };
                format!("{path} {op} {}", self.lit(bound, unit))
            }
            Ty::Region => format!("{path} {} {}", self.k("in", "属于"), self.region_set(1)),
            Ty::Product => format!("{path} {} {}", self.k("in", "属于"), self.product_set(1)),
            _ => return None,
        })
    }

    /// `(pair is known)` and perhaps `by pair.guide`: a count of this very kind of event, seen through a link.
    pub(super) fn counted_links(&mut self, cx: &Cx) -> Option<(usize, String, Vec<Slot>)> {
        let on = cx.on?;
        // Nothing is counted by whoever is drawn.
        let link = self.r.any(&cx.links).filter(|name| *name != WINNER)?.clone();
        let theirs =
            |s: &&Slot| s.path.len() == 2 && s.path[0].en == link && matches!(s.ty, Ty::Party(_)) && s.needs.len() == 1;
        let parties: Vec<Slot> = cx.slots.iter().filter(theirs).filter(|s| cx.is_known(s)).cloned().collect();
        let by = self.r.any(&parties).filter(|_| self.r.clone().chance(70)).cloned();
        let known = if self.r.chance(85) || by.is_some() {
            self.k("is known", "已知")
        } else {
            self.k("is unknown", "未知")
        };
        Some((on, format!(" ({link} {known})"), by.into_iter().collect()))
    }

    /// `let pair = last e of this bottle …`
    pub(super) fn links(&mut self, cx: &mut Cx) -> Vec<String> {
        let Some(event) = cx.on else { return Vec::new() };
        let mut out = Vec::new();
        for i in 0..self.r.below(3) {
            let ids: Vec<Slot> = cx.slots.iter().filter(|s| self.has_id(s)).cloned().collect();
            let Some(whose) = self.r.any(&ids).cloned() else { break };
            let own = whose.path.last().cloned();
            let same = |s: &Slot| s.path.len() == 1 && s.ty == whose.ty && s.path.last() == own.as_ref();
            let fits = |e: &usize| self.m.slots(*e).iter().any(same);
            let pasts: Vec<usize> = (0..self.m.events.len()).filter(fits).collect();
            let Some(past) = self.r.any(&pasts).copied() else { break };
            let drawn = i == 1 && self.r.chance(50);
            let name = if drawn { WINNER } else { ["pair", "opened"][i] };
            let text = if drawn { self.drawn_text(past, &whose) } else { self.link_text(event, past, &whose) };
            out.push(format!("{} {name} = {text}", self.k("let", "设")));
            cx.links.push(name.to_owned());
            for mut slot in self.m.slots(past) {
                slot.path.insert(0, super::model::name(name, name));
                for need in &mut slot.needs {
                    *need = format!("{name}.{need}");
                }
                slot.needs.insert(0, name.to_owned());
                cx.slots.push(slot);
            }
        }
        out
    }

    /// Something whose last event can be asked for: of this event, or a party of another link's.
    pub(super) fn has_id(&self, slot: &Slot) -> bool {
        let own = match slot.ty {
            Ty::Party(r) => &self.m.roles[r].name,
            Ty::Entity(e) => &self.m.entities[e].name,
            Ty::Code(p) => &self.m.packs[p],
            _ => return false,
        };
        slot.path.len() <= 2 && slot.path.last() == Some(own)
    }

    fn link_text(&mut self, event: usize, past: usize, whose: &Slot) -> String {
        let word = |g: &Gen, n: &Name| if g.zh { n.zh.clone() } else { n.en.clone() };
        let scanned = self.m.events[event].scan.map(|(l, _)| self.m.layers[l].pack);
        let of = match (&whose.ty, scanned) {
            (Ty::Code(pack), Some(scanned)) if whose.path.len() == 1 && *pack != scanned => {
                let (inner, outer) = (word(self, &self.m.packs[scanned]), word(self, &self.m.packs[*pack]));
                if self.zh { format!("{inner} 所在 {outer}") } else { format!("{inner}'s {outer}") }
            }
            _ => self.s(whose),
        };
        let what = word(self, &self.m.events[past].name);
        let filter = self.filter(past);
        let hours = self.r.between(1, 72);
        let (within, days) = (self.r.chance(50), self.r.chance(25));
        let mut more = Vec::new();
        if self.r.chance(20) {
            let minutes = self.r.between(1, 59);
            more.push(if self.zh {
                format!("至少 {minutes} 分钟前")
            } else {
                format!("at least {minutes} minutes ago")
            });
        }
        if self.r.chance(12) {
            more.push(self.k("on the same day", "同一天").to_owned());
        }
        let acts = |e: usize| self.m.events[e].scan.is_some() || !self.m.events[e].by.is_empty();
        let both_act = acts(event) && acts(past);
        match self.r.below(10) {
            _ if !both_act => {}
            0..3 => more.push(self.k("by another person", "他人").to_owned()),
            3 | 4 => more.push(self.k("by the same person", "同一人").to_owned()),
            _ => {}
        }
        if past == event && self.r.chance(20) {
            let kind = self.m.kinds[0].name.clone();
            more.push(format!("{} {}", self.k("that gave", "已送"), word(self, &kind)));
        }
        if self.zh {
            let unit = if days { "个自然日" } else { "小时" };
            let within = if within { format!("{hours} {unit}内 ") } else { String::new() };
            let more: String = more.iter().map(|m| format!(" 且 {m}")).collect();
            format!("{within}本 {of} 最近 {what}{filter}{more}")
        } else {
            let unit = if days { "natural days" } else { "hours" };
            let within = if within { format!(" within {hours} {unit}") } else { String::new() };
            let more: String = more.iter().map(|m| format!(" {m}")).collect();
            format!("last {what}{filter} of this {of}{within}{more}")
        }
    }

    /// `pair.guide is consumer`: two parties, or two of one entity, code, region or product.
    pub(super) fn identity_test(&mut self, cx: &Cx) -> Option<String> {
        let sort = |ty: &Ty| match ty {
            Ty::Party(_) => Some(0),
            Ty::Entity(e) => Some(10 + e),
            Ty::Code(p) => Some(1_000 + p),
            Ty::Region => Some(1),
            Ty::Product => Some(2),
            _ => None,
        };
        let all = cx.known_slots(|ty| sort(ty).is_some());
        let one = self.r.any(&all)?.clone();
        let same = |s: &&Slot| sort(&s.ty) == sort(&one.ty) && s.path != one.path;
        let others: Vec<Slot> = all.iter().filter(same).cloned().collect();
        let two = self.r.any(&others)?.clone();
        let is = if self.r.chance(50) { self.k("is", "为") } else { self.k("is not", "不为") };
        Some(format!("{} {is} {}", self.s(&one), self.s(&two)))
    }
}
