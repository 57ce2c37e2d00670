//! What can go wrong with a store.

use promo_compiler::diagnostic::{Code, Text};
use promo_compiler::ir::key::StateKey;
use promo_compiler::ir::record::Id;

/// Why a store did not do what it was asked. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", self.code(), self.text().en)]
pub enum StoreError {
    /// The id was used before for an event with other facts.
    OtherFacts {
        /// The id.
        event: Id,
    },
    /// A counter would leave the range of 64 bits.
    Overflow {
        /// The counter.
        key: StateKey,
    },
    /// The store itself failed.
    Failed {
        /// What it said.
        message: String,
    },
}

impl StoreError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            StoreError::OtherFacts { .. } => Code::P0515,
            StoreError::Overflow { .. } => Code::P0516,
            StoreError::Failed { .. } => Code::P0517,
        }
    }

    /// One sentence in both languages.
    pub fn text(&self) -> Text {
        match self {
            StoreError::OtherFacts { event } => {
                let id = event.text().unwrap_or_else(|| format!("{:032x}", event.0));
                Text::new(
                    format!("the event id `{id}` was used before for an event with other facts"),
                    format!("事件编号 `{id}` 已用于另一个内容不同的事件"),
                )
            }
            StoreError::Overflow { key } => Text::new(
                format!("counter `{:016x}` would leave the range of 64 bits", key.counter),
                format!("计数器 `{:016x}` 将超出 64 位整数范围", key.counter),
            ),
            StoreError::Failed { message } => {
                Text::new(format!("the store failed: {message}"), format!("存储出错：{message}"))
            }
        }
    }
}
