//! Withheld tax: what an amount that is said net or gross comes to for the payee, the tax office and the budget.
//!
//! There is one rule: the tax is its rate of the gross, rounded up to the fen, so that never too little is withheld. A net
//! amount costs the gross that is its quotient by one less the rate, rounded up, which is the least gross that leaves
//! it; so what a sum covers net is that sum less the tax on it, and no greater net amount is covered by it.

use super::{Award, RewardKind};

const MILLION: i128 = 1_000_000;

/// On which side of which tax an amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withholding {
    /// The amount is what arrives; else it is what the tax is taken from.
    pub net: bool,
    /// Parts per million of the gross.
    pub ppm: i64,
}

impl Withholding {
    /// That of an award; `None` if nothing is withheld from it.
    pub fn of(award: &Award, kind: &RewardKind) -> Option<Withholding> {
        Some(Withholding { net: award.net?, ppm: kind.tax? })
    }

    /// The gross of an amount in fen.
    pub fn gross(self, amount: i64) -> i64 {
        if !self.net {
            return amount;
        }
        saturated(ceiling(i128::from(amount) * MILLION, MILLION - self.rate()))
    }

    /// The tax on an amount in fen.
    pub fn tax(self, amount: i64) -> i64 {
        match self.net {
            true => self.gross(amount).saturating_sub(amount),
            false => saturated(ceiling(i128::from(amount) * self.rate(), MILLION)),
        }
    }

    /// The greatest amount whose gross is not above `sum`, which is not negative.
    pub fn covered(self, sum: i64) -> i64 {
        match self.net {
            true => sum.saturating_sub(Withholding { net: false, ..self }.tax(sum)),
            false => sum,
        }
    }

    /// A rate that leaves something, also in a damaged program.
    fn rate(self) -> i128 {
        i128::from(self.ppm).clamp(0, MILLION - 1)
    }
}

/// What an award comes to, in its own unit and in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// As the policy says it: fen, points or pieces.
    pub amount: i64,
    /// Fen of budget, the tax included.
    pub cost: i64,
    /// Fen of tax.
    pub tax: i64,
}

impl Figures {
    /// Those of an amount of which each unit costs `unit_cost` fen.
    pub fn of(amount: i64, unit_cost: i64, withheld: Option<Withholding>) -> Figures {
        let gross = withheld.map_or(amount, |side| side.gross(amount));
        let tax = withheld.map_or(0, |side| side.tax(amount));
        Figures { amount, cost: gross.saturating_mul(unit_cost), tax }
    }

    /// What arrives: all of it, or what the tax leaves of a gross amount.
    pub fn arrives(self) -> i64 {
        match self.is_gross() {
            true => self.amount.saturating_sub(self.tax),
            false => self.amount,
        }
    }

    /// True if the tax is taken from the amount and does not come on top of it.
    pub fn is_gross(self) -> bool {
        self.tax > 0 && self.cost <= self.amount
    }

    /// What is left of them where only `amount` still stands: in proportion, rounded up, so that nothing is left of
    /// anything when nothing stands, and all parts of an award come to the whole.
    pub fn standing(self, amount: i64) -> Figures {
        if self.amount <= 0 {
            return Figures { amount: 0, cost: 0, tax: 0 };
        }
        let part = |of: i64| saturated(ceiling(i128::from(of) * i128::from(amount), i128::from(self.amount)));
        Figures { amount, cost: part(self.cost), tax: part(self.tax) }
    }
}

/// a ÷ b, rounded up; b is above zero.
fn ceiling(a: i128, b: i128) -> i128 {
    let whole = a.checked_div_euclid(b).unwrap_or(0);
    whole + i128::from(a.checked_rem_euclid(b).unwrap_or(0) > 0)
}

fn saturated(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NET: Withholding = Withholding { net: true, ppm: 200_000 };
    const GROSS: Withholding = Withholding { net: false, ppm: 200_000 };

    #[test]
    fn a_fifth_is_withheld() {
        assert_eq!((NET.gross(800), NET.tax(800)), (1_000, 200));
        assert_eq!((GROSS.gross(1_000), GROSS.tax(1_000)), (1_000, 200));
        // 0.30 yuan net: 37.5 fen, so 38 of which 7.6 are due and 8 withheld.
        assert_eq!((NET.gross(30), NET.tax(30)), (38, 8));
        assert_eq!((GROSS.gross(31), GROSS.tax(31)), (31, 7));
        assert_eq!((NET.covered(38), NET.covered(37), NET.covered(1), NET.covered(0)), (30, 29, 0, 0));
    }

    #[test]
    fn damaged_rates_and_great_amounts_stay_numbers() {
        for ppm in [i64::MIN, -1, 0, 999_999, 1_000_000, i64::MAX] {
            for net in [true, false] {
                let side = Withholding { net, ppm };
                for amount in [0, 1, i64::MAX] {
                    assert!(side.gross(amount) >= amount && (0..=side.gross(amount)).contains(&side.tax(amount)));
                    assert!(side.covered(amount) <= amount);
                }
            }
        }
    }

    proptest! {
        /// Net and gross are two ways to say one payment.
        #[test]
        fn the_gross_of_a_net_amount_is_the_least_that_leaves_it(net in 1i64..2_000_000, ppm in 0i64..1_000_000) {
            let (up, down) = (Withholding { net: true, ppm }, Withholding { net: false, ppm });
            let gross = up.gross(net);
            prop_assert_eq!(gross - down.tax(gross), net);
            prop_assert_eq!(up.tax(net), down.tax(gross));
            prop_assert!((gross - 1) - down.tax(gross - 1) < net);
            // Never too little, and less than a fen too much.
            let (withheld, due) = (i128::from(up.tax(net)) * MILLION, i128::from(gross) * i128::from(ppm));
            prop_assert!((due..due + MILLION).contains(&withheld));
        }

        #[test]
        fn what_a_sum_covers_never_costs_more(sum in 0i64..2_000_000, ppm in 0i64..1_000_000) {
            let side = Withholding { net: true, ppm };
            let net = side.covered(sum);
            prop_assert!(side.gross(net) <= sum);
            prop_assert!(side.gross(net + 1) > sum);
        }

        /// Taken back in any parts, all of it comes back, and what stands is never short of its cost.
        #[test]
        fn parts_come_to_the_whole(amount in 1i64..100_000, ppm in 0i64..1_000_000, net: bool, part in 1i64..100_000) {
            let whole = Figures::of(amount, 1, Some(Withholding { net, ppm }));
            let (mut left, mut back) = (whole, (0, 0, 0));
            while left.amount > 0 {
                let next = whole.standing((left.amount - part).max(0));
                back.0 += left.cost - next.cost;
                back.1 += left.tax - next.tax;
                back.2 += left.arrives() - next.arrives();
                prop_assert!(next.cost <= left.cost && next.tax <= left.tax && next.arrives() <= left.arrives());
                prop_assert_eq!(next.cost, next.arrives() + next.tax);
                left = next;
            }
            prop_assert_eq!(back, (whole.cost, whole.tax, whole.arrives()));
        }
    }
}
