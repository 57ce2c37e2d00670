//! Who bears the tax that is withheld.

use super::Writer;
use super::words::{percent, say};

impl Writer<'_> {
    /// What is withheld from a kind, and whose burden it is on the sides its amounts were said on; `None`: nothing is.
    pub(super) fn tax_terms(&self, kind: usize) -> Option<String> {
        let declared = self.package.model.kinds.get(kind)?;
        let ppm = declared.tax?;
        let (name, rate, rest) = (self.name(&declared.name), percent(ppm), percent(1_000_000 - ppm));
        let mut text = say!(
            self,
            "{name}: individual income tax of {rate} of the amount before tax is withheld, rounded up to the fen.",
            "{name}：代扣代缴个人所得税，为税前金额的{rate}，不足一分的进到分。"
        );
        if self.sides.contains(&(kind, true)) {
            text.push_str(&say!(
                self,
                " “Net of tax” is what is received; the organiser bears the tax on top of it: the amount before tax is the net \
                 one divided by {rest}, rounded up to the fen.",
                "“税后”为实际到手金额，税款由主办方另行承担：税前金额为税后金额除以{rest}，不足一分的进到分。"
            ));
        }
        if self.sides.contains(&(kind, false)) {
            text.push_str(&say!(
                self,
                " “Before tax” is what the tax is taken from; the payee bears it and receives what is left.",
                "“税前”为扣税之前的金额，税款由获得者承担，实际到手为扣税后的余额。"
            ));
        }
        text.push_str(&say!(
            self,
            " A budget is used by the amount before tax; limits count the amount as it is written.",
            "预算按税前金额使用；限额按所写金额计算。"
        ));
        Some(text)
    }
}
