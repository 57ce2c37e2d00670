//! Random invariants.

use super::scope::Gen;

impl Gen {
    /// None, one or two.
    pub(super) fn invariants(&mut self) -> Vec<String> {
        (0..self.r.below(3)).map(|number| self.invariant(number)).collect()
    }

    fn invariant(&mut self, number: usize) -> String {
        let pick = self.r.below(4);
        let name = match pick {
            0 => self.r.pick(&self.m.packs).clone(),
            1 => self.r.pick(&self.m.roles).name.clone(),
            2 => self.r.pick(&self.m.events).name.clone(),
            _ => super::model::name("event", "事件"),
        };
        let of = if self.zh { name.zh } else { name.en };
        let window = match pick < 2 && self.r.chance(50) {
            true => self.k(" per day", " 每天"),
            false => "",
        };
        let kind = self.r.pick(&self.m.kinds).clone();
        let (sum, points) = match self.r.below(4) {
            0 if pick > 1 => (self.k("prize value", "奖品价值").to_owned(), false),
            1 => (if self.zh { kind.name.zh } else { kind.name.en }, !kind.money),
            _ => (self.k("all rewards", "全部奖励").to_owned(), false),
        };
        let most = match self.r.chance(40) && pick == 0 && !points {
            true => self.k("2% of price", "价 的 2%").to_owned(),
            false if points => format!("{} {}", self.r.between(1, 60), self.k("points", "积分")),
            false => self.money_lit(1, 90),
        };
        let (head, per, at_most) =
            (self.k("invariant", "约束"), self.k("for every", "对 每"), self.k("at most", "至多"));
        format!("{head} \"i{number}\" {per} {of}{window}{}{sum} {at_most} {most}\n", self.colon())
    }
}
