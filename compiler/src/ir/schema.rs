//! What an event looks like: the kinds, and for each kind the layout of its record of 64-bit words.
//!
//! The first words are the same for every kind:
//!
//! | word | meaning |
//! |---|---|
//! | 0 | time: seconds since 1970-01-01T00:00:00Z |
//! | 1 | local day: days since 1970-01-01 in the channel's zone, derived from word 0 |
//! | 2, 3 | id of the event (128 bits: low word, high word), the idempotency key |
//!
//! Behind them come the codes of the scanned pack and everything that contains it (two words each), the product,
//! and every declared fact. A fact or party that may be unknown has a presence word (1 or 0) *before* its own;
//! an unknown fact's words are 0.

use crate::regions::RegionTree;
use crate::source::Spelling;
use serde::{Deserialize, Serialize};

/// Index of a word in an event record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Word(pub u32);

impl Word {
    /// Seconds since 1970 in UTC.
    pub const TIME: Word = Word(0);
    /// Local day number.
    pub const DAY: Word = Word(1);
    /// The event's id, low word.
    pub const ID: Word = Word(2);
    /// First word that differs between kinds.
    pub const FIRST_FREE: Word = Word(4);

    /// As an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The word after it: the high half of an id.
    #[must_use]
    pub const fn next(self) -> Word {
        Word(self.0 + 1)
    }
}

/// Index into [`Schema::events`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId(pub u32);

impl EventId {
    /// As an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A name with its second spelling (empty label: none).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Named {
    /// Canonical name.
    pub name: String,
    /// Label in the other language, or empty.
    pub label: String,
}

impl Named {
    /// True if `text` spells this name either way.
    pub fn is(&self, text: &str) -> bool {
        self.name == text || (!self.label.is_empty() && self.label == text)
    }

    /// The name as a file of this spelling would write it: for messages.
    pub fn said(&self, spelling: Spelling) -> &str {
        let fits = match spelling {
            Spelling::En => self.label.is_ascii(),
            Spelling::Zh => !self.label.is_ascii(),
        };
        let already = match spelling {
            Spelling::En => self.name.is_ascii(),
            Spelling::Zh => !self.name.is_ascii(),
        };
        if self.label.is_empty() || already || !fits { &self.name } else { &self.label }
    }
}

/// The channel model as the runtime needs it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schema {
    /// Name of the channel model.
    pub channel: String,
    /// Seconds east of UTC of every civil date.
    pub utc_offset: i32,
    /// Roles.
    pub roles: Vec<Named>,
    /// Packs, smallest first.
    pub packs: Vec<Named>,
    /// Event kinds.
    pub events: Vec<EventSchema>,
    /// Products in category order: a category is a range of ids.
    pub products: Vec<Product>,
    /// The region tree; a region id is its pre-order number.
    pub regions: RegionTree,
    /// Hash of the layout: a record built for another schema is refused.
    pub hash: u64,
}

/// A product of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// SKU.
    pub sku: String,
    /// Name for people.
    pub name: String,
    /// Price of the smallest pack in fen.
    pub price: i64,
    /// How many smallest packs each pack holds, in the order of [`Schema::packs`]; the first is 1.
    pub units: Vec<i64>,
}

/// What an event does to what an earlier one gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// It is claimed.
    Claimed,
    /// The time to claim it is over.
    Expired,
    /// It waits, and is decided again.
    Retried,
    /// The goods came back, or the earlier event is undone.
    Return,
}

impl Product {
    /// Price of a pack in fen, by its index in [`Schema::packs`].
    pub fn price_of(&self, pack: u32) -> i64 {
        self.price.saturating_mul(self.units.get(pack as usize).copied().unwrap_or(1))
    }
}

/// One event kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EventSchema {
    /// Its name.
    pub name: Named,
    /// How many words a record has.
    pub words: u32,
    /// Fields in record order.
    pub fields: Vec<Field>,
    /// First id word of the acting party (scanner), if there is one.
    pub actor: Option<Word>,
    /// `Some` for period-end events: the time must be the last second of such a period.
    pub period_end: Option<super::Window>,
    /// It settles or undoes what an earlier event gave.
    pub after: Option<After>,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Where it stands in JSON: `["time"]`, `["case"]`, `["store", "id"]`, `["store", "grade"]`.
    pub path: Vec<Named>,
    /// What it is.
    pub ty: FieldType,
    /// Its (first) word.
    pub word: Word,
    /// The presence word, if it may be unknown. A party's facts share its party's.
    pub present: Option<Word>,
}

/// The type of a field, with the bounds the checker relied on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Seconds since 1970.
    Instant,
    /// Days since 1970.
    Date,
    /// Two words.
    Id,
    /// Index into [`Schema::products`].
    Product,
    /// Pre-order number in [`Schema::regions`].
    Region,
    /// 0 or 1.
    YesNo,
    /// Index of the value.
    OneOf(Vec<Named>),
    /// `lo..=hi`, both included, in the unit named.
    Number {
        /// Least value.
        lo: i64,
        /// Greatest value.
        hi: i64,
        /// What it counts.
        unit: NumberUnit,
    },
}

/// What a number counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberUnit {
    /// Fen; JSON takes fen as an integer.
    Fen,
    /// Points.
    Points,
    /// Basis points of one (10,000 = 100%).
    BasisPoints,
    /// A pack or thing: `bottle`, `tables`.
    Thing(String),
    /// A bare number.
    Plain,
}
