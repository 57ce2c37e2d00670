//! The decision IR: loop-free, integer-only, canonical. The reference evaluator ([`eval`]), the index, the
//! machine code, the explanations and the analyses all read this and nothing else.
//!
//! It differs from `typed` in that names, units and optional values are gone: a rule is a *scope* (a product of
//! finite sets and intervals over words of the event record), *conditions*, *awards* and *state uses*; every
//! expression is a list of [`Node`]s in evaluation order over `i64`. Range analysis has shown that no node can
//! overflow, divide by zero or index outside its table.

pub mod data;
pub mod due;
pub mod eval;
pub mod follow_up;
pub mod from_typed;
pub mod hash;
pub mod key;
pub mod past;
pub mod print;
pub mod record;
pub mod schema;
pub mod set;
pub mod settle;
pub mod tax;
pub mod work;

use crate::source::Location;
use serde::{Deserialize, Serialize};

pub use data::{DataTable, RowKey, RowUse};
pub use due::{Due, Term};
pub use past::{Fold, Given, Windows};
pub use schema::{EventId, Schema, Word};
pub use set::IntervalSet;
pub use tax::Withholding;
pub use work::WorkCalendar;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index.
            pub const fn index(self) -> usize { self.0 as usize }
        }
    )*};
}

ids! {
    /// Index into [`Program::policies`].
    PolicyId;
    /// Index into [`Program::rules`].
    RuleId;
    /// Index into [`Program::groups`].
    GroupId;
    /// Index into [`Program::limits`].
    LimitId;
    /// Index into [`Program::budgets`].
    BudgetId;
    /// Index into [`Program::identities`].
    IdentityId;
    /// Index into [`Program::measures`].
    MeasureId;
    /// Index into [`Program::links`].
    LinkId;
    /// Index into [`Program::kinds`].
    KindId;
    /// Index into [`Program::items`].
    ItemId;
    /// Index into [`Program::tables`].
    TableId;
    /// Index into [`Program::data`].
    DataId;
    /// Index into [`Rule::nodes`]; a node only refers to nodes before it.
    NodeId;
    /// Index into [`Rule::inputs`].
    InputId;
}

/// A whole compiled package.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Program {
    /// The events and their record layout.
    pub schema: Schema,
    /// Policies in order of name.
    pub policies: Vec<Policy>,
    /// Rules; the rules of a policy are contiguous and in source order.
    pub rules: Vec<Rule>,
    /// Groups in order of name.
    pub groups: Vec<Group>,
    /// Limits, `once` included.
    pub limits: Vec<Limit>,
    /// Budgets.
    pub budgets: Vec<Budget>,
    /// History measures.
    pub measures: Vec<Measure>,
    /// Which events are remembered as the last of their kind of someone or something.
    pub links: Vec<Link>,
    /// What each event kind adds to measures and links, found on first use: see [`Program::past`].
    #[serde(skip)]
    pub past: past::Index,
    /// Identity sets that some limit counts by.
    pub identities: Vec<Identity>,
    /// Reward kinds.
    pub kinds: Vec<RewardKind>,
    /// Products and coupons that are given.
    pub items: Vec<Item>,
    /// What later events do to awards, in rule and award order.
    pub follow_ups: Vec<FollowUp>,
    /// Dense tables indexed by a bounded word (product id): prices, pack sizes.
    pub tables: Vec<Vec<i64>>,
    /// Data tables the package declares.
    pub data: Vec<DataTable>,
    /// Which days are worked; `None` if the package has no calendar.
    #[serde(default)]
    pub work: Option<WorkCalendar>,
    /// Invariants a later version proves.
    pub semantic_hash: String,
}

/// What people need to know of a policy; its meaning is in its rules.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Policy {
    /// Name: the identity its state is keyed by.
    pub name: String,
    /// Stable 64-bit key of the name (see [`key::stable_id`]).
    pub key: u64,
    /// Title for people.
    pub title: Option<String>,
    /// Rules `first..first + count`.
    pub first_rule: RuleId,
    /// How many.
    pub rule_count: u32,
    /// The group that relates it to others.
    pub group: Option<GroupId>,
    /// Its budget.
    pub budget: Option<BudgetId>,
    /// Consumer-promotion share of the cost in basis points; the rest is trade promotion.
    pub cp_share: u32,
    /// First second of the campaign and first second after it.
    pub during: (i64, i64),
    /// First second at which nothing is redeemed any more.
    pub redeem_until: Option<i64>,
    /// Where it is declared.
    pub at: Location,
    /// Hash of its meaning.
    pub hash: String,
}

/// One rule: what one policy does on one event kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Its policy.
    pub policy: PolicyId,
    /// Number within the policy, from 1, in source order (a rule on two events becomes two with one number).
    pub number: u32,
    /// The event kind it answers.
    pub event: EventId,
    /// `during`, `products`, `regions`: an event outside any of these is out of scope and gives no refusal.
    pub gates: Vec<Gate>,
    /// The `where` condition as a conjunction in source order; the first that fails is the reason.
    pub conditions: Vec<Condition>,
    /// State the nodes read, filled by the caller before evaluation.
    pub inputs: Vec<Input>,
    /// Expressions in evaluation order.
    pub nodes: Vec<Node>,
    /// What is paid; an award whose amount is zero or less is not made.
    pub awards: Vec<Award>,
    /// `once` and `at most`, of rule, policy and group, in that order, then invariants.
    pub limits: Vec<LimitUse>,
    /// True when the chance itself is used up even if nothing is won (draws).
    pub consumes_when_nothing: bool,
    /// What the draw is keyed by: the codes or parties of its `once`, else the event's id.
    pub entitlement: Vec<KeyPart>,
    /// Where it is declared.
    pub at: Location,
}

/// A scope test that is known from the event alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The word tested.
    pub word: Word,
    /// It must lie in here.
    pub set: IntervalSet,
    /// Which clause said so.
    pub kind: GateKind,
}

/// Which clause a gate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// `during`
    During,
    /// `products`
    Products,
    /// `regions`
    Regions,
    /// `pilot`
    Pilot,
}

/// One conjunct of a `where`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Condition {
    /// The test.
    pub test: Test,
    /// Source text range, for the reason.
    pub at: Location,
}

/// A test: indexable where it can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// A word of the event lies in a set.
    InSet(Word, IntervalSet),
    /// A node is not zero.
    Node(NodeId),
}

/// A value a rule reads besides the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// 1 if the link holds (exists, in time, by another person), else 0.
    LinkPresent(LinkUse),
    /// A word of the linked event's record; 0 if the link does not hold.
    LinkWord(LinkUse, Word),
    /// A measure, this event's own contribution included.
    Measure(MeasureUse),
    /// Which millionth of all parties a party is in, 0 to 999,999: see [`key::bucket`]. 1,000,000 if it is unknown.
    Bucket(BucketUse),
    /// 64 uniform bits of the keyed hash, as i64; `n` numbers the draws of a rule from 0.
    Draw(u32),
    /// The next ticket of a pool, in `0..size`; `size` if none is left.
    Ticket(PoolUse),
    /// 1 if the data table has the row, else 0.
    Row(RowUse),
    /// 1 if the data table has the row and its cell in this column is filled, else 0.
    CellPresent(RowUse, u32),
    /// The cell of a data table; the least of its column if there is none.
    Cell(RowUse, u32),
}

/// A pool that a rule draws from: its tickets are numbered by a keyed permutation of the order they are taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolUse {
    /// Stable id of the counter of tickets taken: that of a limit of the rule, which counts without a key, for ever.
    pub counter: u64,
    /// How many tickets there are.
    pub size: i64,
    /// Its number among the draws of the rule.
    pub draw: u32,
}

/// A use of a link in a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkUse {
    /// Which past events.
    pub link: LinkId,
    /// Whose: an id of this event, or of one that another link finds; `None` where one is drawn among all. Unknown: the
    /// link does not hold.
    pub key: Option<Box<KeyPart>>,
    /// How long before this event at most.
    pub within: Option<Term>,
    /// At least this many seconds before this event.
    pub apart: Option<i64>,
    /// On the same local day as this event.
    pub same_day: bool,
    /// (actor word of the past event, actor word of this event) must differ; first of two words each.
    pub another: Option<(Word, Word)>,
    /// The same words must be equal.
    pub same: Option<(Word, Word)>,
    /// How many windows before the one of this event; 0 unless the link is [`Link::drawn`].
    pub back: u32,
}

impl LinkUse {
    /// The last event of the link, whenever and by whomever.
    pub fn of(link: LinkId, key: KeyPart) -> LinkUse {
        LinkUse { key: Some(Box::new(key)), ..LinkUse::drawn(link, 0) }
    }

    /// What is drawn among all entries of a window that lies so many before the one of this event.
    pub fn drawn(link: LinkId, back: u32) -> LinkUse {
        LinkUse { link, key: None, within: None, apart: None, same_day: false, another: None, same: None, back }
    }
}

/// Whose bucket, of which assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketUse {
    /// Stable id of the roll-out or experiment.
    pub salt: u64,
    /// Who.
    pub party: KeyPart,
}

/// A use of a measure in a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureUse {
    /// Which measure.
    pub measure: MeasureId,
    /// Whose: as many id words as the measure's contributions have. If one is unknown the value is 0.
    pub key: Vec<KeyPart>,
    /// Which of its windows, and how their values become one.
    pub windows: Windows,
}

/// A part of a state key: an id of two words (128 bits).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyPart {
    /// An id of this event: first of two words, with the word that says whether it is known.
    Id {
        /// First of two words.
        word: Word,
        /// 1 if known; `None`: always known.
        present: Option<Word>,
    },
    /// Whoever shares an identifier with this event, however far apart; unknown if no identifier is known.
    Same(IdentityId),
    /// An id of a linked event; unknown if the link does not hold.
    LinkId {
        /// The link.
        link: LinkUse,
        /// First of two words in the linked record.
        word: Word,
        /// Presence word in the linked record.
        present: Option<Word>,
    },
}

/// One step of an expression. Every value is an `i64`; truth is 1 or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Node {
    /// A constant.
    Const(i64),
    /// A word of the event record.
    Fact(Word),
    /// A state input.
    Input(InputId),
    /// a + b
    Add(NodeId, NodeId),
    /// a − b
    Sub(NodeId, NodeId),
    /// a × b
    Mul(NodeId, NodeId),
    /// a ÷ divisor, rounded; the divisor is at least 1.
    Div(NodeId, i64, Round),
    /// a ÷ b, rounded; range analysis has shown that b is at least 1.
    Quotient(NodeId, NodeId, Round),
    /// The smaller.
    Min(NodeId, NodeId),
    /// The greater.
    Max(NodeId, NodeId),
    /// a = b
    Eq(NodeId, NodeId),
    /// a < b
    Lt(NodeId, NodeId),
    /// a ≤ b
    Le(NodeId, NodeId),
    /// Both are 1.
    And(NodeId, NodeId),
    /// Either is 1.
    Or(NodeId, NodeId),
    /// 1 − a
    Not(NodeId),
    /// `if c ≠ 0 { a } else { b }`
    Select(NodeId, NodeId, NodeId),
    /// lo ≤ a < hi
    Within(NodeId, i64, i64),
    /// `tables[t][a]`; range analysis has shown a is inside.
    Lookup(TableId, NodeId),
    /// ⌊u(a) × n ÷ 2⁶⁴⌋ where u reads a's bits as unsigned: a uniform number in `0..n`, from a draw input. n ≥ 1.
    Uniform(NodeId, i64),
}

/// Rounding of a quotient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// ⌊x + ½⌋
    HalfUp,
    /// ⌊x⌋
    Down,
    /// ⌈x⌉
    Up,
    /// To the nearest; a half to the even neighbour.
    HalfEven,
}

/// One payment a rule can make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// Who is paid: the first that is known. None known: the award is skipped.
    pub payees: Vec<Payee>,
    /// What.
    pub kind: KindId,
    /// Which product or coupon, for kinds that have items.
    pub item: Option<ItemId>,
    /// How much: fen, points or pieces.
    pub amount: NodeId,
    /// `Some(true)`: net of the withheld tax; `Some(false)`: gross; `None`: the kind withholds none.
    pub net: Option<bool>,
    /// Which way it goes.
    pub flow: Flow,
    /// Who hands it over, or who pays a charge.
    pub from: Option<Payee>,
    /// Fen of budget that one unit of the amount uses (1 for money, the price for goods, 0 for points); of a net amount
    /// each unit of its gross.
    pub unit_cost: i64,
    /// Within what it must be claimed, else it goes back to the budget.
    pub claim_within: Option<Term>,
    /// When it is to be paid; `None`: at once.
    pub due: Option<Due>,
    /// What a return of the goods does.
    pub on_return: OnReturn,
    /// How long it waits where the payee is unknown, counted from its event.
    pub hold: Option<Term>,
    /// Where it is remembered for what happens to it later.
    pub kept: Option<Kept>,
    /// Where it is remembered while it waits.
    pub held: Option<Held>,
    /// Where it is declared.
    pub at: Location,
}

/// Where an award is remembered: how much of it still stands (a counter), to whom and since when (words).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Kept {
    /// Stable id.
    pub counter: u64,
    /// First of two words: the id of the event, or the code it is for.
    pub by: Word,
}

/// Where an award waits, all by the id of its event: how much of it waits (a counter), for whom and until when (words).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Held {
    /// Stable id.
    pub counter: u64,
    /// Stable id of the record of the event, one for all rules on its kind.
    pub record: u64,
    /// Stable id of the counter that is 1 once the rule has paid something for the event.
    pub counted: u64,
    /// Stable id under which a return finds the award, by the word of [`Kept::by`].
    pub returned: u64,
}

/// Which way an award goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// To the payee.
    Give,
    /// From the payee's account, which must hold as much.
    Take(MeasureId),
    /// To the payee, from another party.
    Charge,
}

/// What a return does to a paid reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnReturn {
    /// The reward is final when paid.
    NotSaid,
    /// All of it comes back.
    TakeBack,
    /// It stays.
    Keep,
    /// As much of it as goods come back.
    InProportion,
}

/// A possible payee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payee {
    /// Index of the role in [`Schema::roles`].
    pub role: u32,
    /// The id.
    pub id: KeyPart,
}

/// A use of a limit in a rule: how its key is found in this event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitUse {
    /// The limit.
    pub limit: LimitId,
    /// The ids it counts by, one per `per`. If one is unknown the rule is refused ([`Refusal::UnknownParty`]).
    ///
    /// [`Refusal::UnknownParty`]: settle::Refusal::UnknownParty
    pub key: Vec<KeyPart>,
}

/// `once` or `at most`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Stable id of its counter.
    pub counter: u64,
    /// Times, or fen.
    pub max: i64,
    /// What is counted.
    pub unit: LimitUnit,
    /// Its window.
    pub window: Window,
    /// Beyond the bound.
    pub beyond: Beyond,
    /// Counts and stops only awards to this role.
    pub only_role: Option<u32>,
    /// True for `once`: the refusal is "already paid".
    pub once: bool,
    /// `Some` for an invariant: it holds over all policies, and an event that does not know what it counts by is
    /// none of its concern.
    pub invariant: Option<Invariant>,
    /// Where it is declared.
    pub at: Location,
}

/// What makes a limit an invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invariant {
    /// Its title: what a refusal names.
    pub name: String,
    /// Counts only awards of this kind.
    pub only_kind: Option<KindId>,
    /// Counts by whoever of [`Limit::only_role`] is paid, besides the key of the use.
    pub per_payee: bool,
    /// Instead of [`Limit::max`], which is 0 then: a share of the price of the event's product.
    pub of_price: Option<OfPrice>,
}

/// A share of a catalogue price, rounded down to the fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OfPrice {
    /// Index into [`Schema::packs`].
    pub pack: u32,
    /// Parts per million.
    pub ppm: i64,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// Times the rule paid.
    Times,
    /// Fen of money kinds, as the policy says them: net amounts net, gross ones gross.
    Fen,
    /// Seconds since the rule last paid: the counter holds the second of that event, and the bound is the least gap.
    Seconds,
    /// Parties the rule paid: the counter holds one for each of them, [`key::parties`] how many they are.
    Parties,
    /// Fen of budget: money with the tax on it, and goods and coupons at what they cost.
    Cost,
    /// Points or pieces.
    Amount,
    /// The cost of the dearest single award; nothing is counted.
    Dearest,
}

/// Beyond a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// Nothing is paid.
    Skip,
    /// What is left is paid. Of times nothing is left: what else is due is paid and counted no more (a pool whose
    /// tickets are all taken).
    Cut,
    /// It waits so long, counted from its event, and is decided again meanwhile. No budget says so.
    Hold(Term),
}

/// A natural window; the id of the window an event falls into is computed from its own time ([`key::window_id`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The local clock hour.
    Hour,
    /// The local day.
    Day,
    /// The local week, from Monday.
    Week,
    /// The calendar month.
    Month,
    /// The calendar quarter.
    Quarter,
    /// The calendar year.
    Year,
    /// For ever; a campaign window is `Ever` under a counter of its own.
    Ever,
    /// This event alone: nothing is stored.
    Event,
}

/// A budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Stable id of its counter (fen spent).
    pub counter: u64,
    /// Fen that may be spent, softness included.
    pub max: i64,
    /// Fen announced.
    pub announced: i64,
    /// When it is used up.
    pub used_up: Beyond,
    /// Where it is declared.
    pub at: Location,
}

/// A history measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Stable id of its counter: what is measured, not who asks.
    pub counter: u64,
    /// Its window.
    pub window: Window,
    /// Greatest value range analysis assumed; a store value above it is an error, not a wrong amount.
    pub max: i64,
    /// Which events add to it.
    pub contributions: Vec<Contribution>,
    /// An account: what awards add to it, instead of events.
    pub paid: Option<Paid>,
    /// Where it is first used.
    pub at: Location,
}

/// Which awards an account adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Paid {
    /// Of this kind,
    pub kind: KindId,
    /// of this item,
    pub item: Option<ItemId>,
    /// to parties of this role.
    pub role: u32,
    /// Less what is taken.
    pub balance: bool,
}

/// What one event kind adds to a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// The event kind.
    pub event: EventId,
    /// Only events inside all of these.
    pub only: Vec<(Word, IntervalSet)>,
    /// Only events for which these inputs, always about a link, lie in these sets.
    pub linked: Vec<(Input, IntervalSet)>,
    /// Whose; an event with an unknown part does not count.
    pub key: Vec<KeyPart>,
    /// `None` counts 1, else adds this word.
    pub add: Option<Word>,
}

/// Remembers the last event of a kind per party, entity or code.
/// An identity set: what makes two events those of one user (see [`settle::plan`] for what is read).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its name.
    pub name: String,
    /// Stable ids of the counters of its nodes: lower and upper half of the node pointed at, and how many nodes
    /// point here, directly or through others.
    pub counters: [u64; 3],
    /// What identifies the user in each event kind that says.
    pub events: Vec<(EventId, Vec<Identifier>)>,
    /// Counters and windows of the limits that count by it, each once: they move when sets unite.
    pub limits: Vec<(u64, Window)>,
}

/// A text of an event that identifies a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// Stable id of what sort of identifier it is: equal texts of different sorts are different identifiers.
    pub sort: u64,
    /// First of two words.
    pub word: Word,
    /// 1 if known; `None`: always known.
    pub present: Option<Word>,
}

/// Remembers one event of a kind per code, party or entity, or one of all: the last, or the one that is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Stable id.
    pub counter: u64,
    /// The event kind.
    pub event: EventId,
    /// First word of the id it is remembered under, in that event's record; `None`: all under one.
    pub code: Option<Word>,
    /// Only events inside all of these are remembered.
    pub only: Vec<(Word, IntervalSet)>,
    /// Only events whose decision gives this are remembered.
    pub given: Option<Given>,
    /// One is drawn of all; `None`: the last is remembered.
    pub drawn: Option<Drawn>,
}

/// How one event is drawn of all: each has a rank nobody can foresee, and the lowest is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// One is drawn for each of these.
    pub window: Window,
    /// First words of the ids that have one chance together; empty: each event has one.
    pub chance: Vec<Word>,
}

/// What an event does to an award an earlier one made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The later event's kind.
    pub event: EventId,
    /// What it does.
    pub does: schema::After,
    /// The rule that paid.
    pub rule: RuleId,
    /// Index into its awards.
    pub award: u32,
    /// First of two words of the later event: what the award is kept by.
    pub by: Word,
    /// Only a part comes back.
    pub part: Option<Part>,
}

/// One inner pack of an outer one comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// First of two words: its code, which comes back once.
    pub code: Word,
    /// The product's word.
    pub product: Word,
    /// The pack that comes back.
    pub inner: u32,
    /// The pack that was paid for.
    pub outer: u32,
    /// As much of the award; else all of it.
    pub in_proportion: bool,
}

/// A group of policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How members relate.
    pub rule: GroupRule,
    /// Members in the order written.
    pub members: Vec<PolicyId>,
    /// Where it is declared.
    pub at: Location,
}

/// How the policies of a group relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupRule {
    /// The member of which the most fen arrive in all on this event; a tie goes to the earlier one.
    BestOf,
    /// The first member that pays.
    FirstOf,
    /// Every member that pays.
    AllOf,
}

/// A reward kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RewardKind {
    /// Canonical name: `cash`, `goods` …
    pub name: String,
    /// Chinese label.
    pub label: String,
    /// What its amounts are.
    pub unit: RewardUnit,
    /// Parts per million of the gross that are withheld as tax, less than all of it; `None`: no tax is withheld.
    pub tax: Option<i64>,
}

/// What amounts of a reward kind are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RewardUnit {
    /// Fen.
    Fen,
    /// Whole points.
    Points,
    /// Pieces of an item.
    Pieces,
}

/// A product or coupon that can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// SKU or coupon name.
    pub name: String,
    /// True for a coupon.
    pub coupon: bool,
}
