//! What a lottery's notice lacks: each field by law, each with a line that supplies it.

use crate::diagnostic::{Code, Diagnostic, Text};
use crate::ir::schema::Named;
use crate::source::{Location, Spelling};

/// A missing field of the notice.
pub(super) enum Missing {
    /// Nobody is named as the organiser.
    Organiser { at: Location },
    /// How a prize reaches its winner.
    Delivery { at: Location },
    /// Until when it can be claimed, and what happens then.
    Until { at: Location, payee: Named },
    /// A coupon without a stated worth or validity.
    Coupon { at: Location, name: String },
}

impl Missing {
    /// The finding, with a correct line in the spelling of the file.
    pub(super) fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let write = |en: &str, zh: &str| {
            let line = match spelling {
                Spelling::En => en,
                Spelling::Zh => zh,
            };
            Text::new(format!("write `{line}`"), format!("请写 `{line}`"))
        };
        match self {
            Missing::Organiser { at } => Diagnostic::error(
                Code::P0380,
                at,
                Text::new("the notice must name the organiser and a contact", "公示须写明主办者和联系方式"),
                Text::new("this policy draws", "这条政策有抽奖"),
            )
            .help(write(
                "organiser \"Spring River Ltd\" contact \"400-800-8888\"",
                "主办 \"春江酒业有限公司\" 联系 \"400-800-8888\"",
            ))
            .help(Text::new("it stands in the channel model", "写在渠道模型里")),
            Missing::Delivery { at } => Diagnostic::error(
                Code::P0381,
                at,
                Text::new("the notice must say how a prize reaches its winner", "公示须写明奖品如何发放"),
                Text::new("this policy draws", "这条政策有抽奖"),
            )
            .help(write("delivery \"to the wallet within 3 days\"", "发放 \"3 天内发到零钱\"")),
            Missing::Until { at, payee } => Diagnostic::error(
                Code::P0382,
                at,
                Text::new(
                    "the notice must say until when a prize can be claimed and when it is forfeited",
                    "公示须写明兑奖期限和视为放弃的情形",
                ),
                Text::new(
                    format!("the prizes of `{}` have no deadline", payee.said(Spelling::En)),
                    format!("`{}` 的奖品没有期限", payee.said(Spelling::Zh)),
                ),
            )
            .help(write("redeem until 2026-03-31 17:00", "兑付 截至 2026-03-31 17:00"))
            .help(write("claim within 24 hours, else back to budget", "24 小时内 领取，否则 退回预算")),
            Missing::Coupon { at, name } => Diagnostic::error(
                Code::P0383,
                at,
                Text::new(
                    format!("the notice must say what `{name}` is worth and how long it is valid"),
                    format!("公示须写明 `{name}` 的价值和有效期"),
                ),
                Text::new("it is a prize", "它是奖品"),
            )
            .help(write(
                "coupon c75 \"buy 75, get one\" { worth 10 yuan; valid 7 days }",
                "券 c75 \"满 75 减 1\" { 价值 10元；有效 7 天 }",
            )),
        }
    }
}
