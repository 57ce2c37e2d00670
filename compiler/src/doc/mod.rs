//! The policies as a contract a dealer can read, and the notice a lottery must publish, in Chinese and English.
//!
//! A pure function from a checked package to a [`Document`], which [`markdown`] and [`html`] show. The structure is
//! read from `hir` (names resolved, templates expanded), what the compiler computes from `ir`. Nothing is decided here: every
//! construct only gets its words, and each `match` is exhaustive, so that a new construct cannot be forgotten.

mod amount;
mod bounds;
mod condition;
mod data;
mod disclosure;
mod draw;
mod drawn;
mod error;
mod facts;
mod give;
pub mod html;
mod limits;
pub mod markdown;
mod past;
mod rule;
mod scope;
mod sets;
mod tables;
mod tax;
mod terms;
pub mod tree;
mod words;

pub use disclosure::disclosure;
pub use tree::Document;

use crate::diagnostic::Lang;
use crate::hir::{self, Link};
use crate::ir::{self, EventId};
use std::collections::BTreeSet;
use tree::{Block, Table};
use words::say;

/// What is to be worded.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The package's name.
    pub name: &'a str,
    /// Names of the policies; empty: all.
    pub policies: &'a [String],
    /// The language of the document.
    pub lang: Lang,
}

/// The contract of the policies asked for. Names the package does not have are left out.
pub fn contract(package: &hir::Package, program: &ir::Program, request: Request<'_>) -> Document {
    let mut w = Writer::new(package, program, request.lang);
    let chosen = chosen(package, request.policies);
    for i in &chosen {
        let (Some(policy), Some(checked)) = (package.policies.get(*i), program.policies.get(*i)) else { continue };
        let name = &policy.name;
        let title = policy.title.as_ref();
        let title = title.map_or_else(|| name.clone(), |title| say!(w, "{title} ({name})", "{title}（{name}）"));
        w.chapter(&title, name);
        w.shown.clear();
        w.links.clear();
        w.scope(policy, checked);
        w.rules(policy);
    }
    w.chapter(&say!(w, "Common terms", "共同条款"), "common-terms");
    for group in package.groups.iter().filter(|g| g.members.iter().any(|m| chosen.contains(m))) {
        w.group(group);
    }
    w.invariants();
    w.coupons();
    w.data_tables();
    w.general();
    w.definitions();
    w.version(&chosen);
    w.blocks.insert(0, w.overview());
    let name = request.name;
    let title = say!(w, "{name}: terms of the promotion", "{name} 促销政策条款");
    Document { lang: w.lang, title, blocks: w.blocks }
}

/// Indexes of the policies asked for, in order of name.
fn chosen(package: &hir::Package, names: &[String]) -> Vec<usize> {
    let wanted = |p: &hir::Policy| names.is_empty() || names.contains(&p.name);
    package.policies.iter().enumerate().filter(|(_, p)| wanted(p)).map(|(i, _)| i).collect()
}

/// A line of the table at the top.
struct Paid {
    policy: String,
    event: String,
    who: String,
    what: String,
    clause: String,
}

/// Writes a document: what is being worded, and what has been.
struct Writer<'a> {
    lang: Lang,
    package: &'a hir::Package,
    program: &'a ir::Program,
    /// The event kind facts are words of.
    event: EventId,
    /// The kind rows of a draw inherit.
    given: amount::Given,
    blocks: Vec<Block>,
    /// Numbers of the chapter, the article and the clause being written.
    at: (u32, u32, u32),
    /// How many tables have a number.
    tables: u32,
    /// Tables of this policy, so that the same one is shown once.
    shown: Vec<Table>,
    /// Tables that stand below the clause being written.
    waiting: Vec<Table>,
    /// Links of this policy that have a name.
    links: Vec<Link>,
    /// Links that the counted events being spoken of saw.
    seen: Vec<Link>,
    /// True while words must be understood alone, as in the table at the top: links are said in full.
    alone: bool,
    /// True while another event than the article's is spoken of: one that is counted or remembered.
    elsewhere: bool,
    /// Reward kinds that were named.
    kinds: BTreeSet<usize>,
    /// Those of them whose amounts were said net (true) or gross.
    sides: BTreeSet<(usize, bool)>,
    /// Identity sets that were named, to be explained.
    same: BTreeSet<usize>,
    /// Data tables that were looked up in.
    looked_up: BTreeSet<usize>,
    /// Something is drawn.
    drawn: bool,
    /// Somebody is drawn among all entries.
    drawn_among_all: bool,
    /// Event kinds that were named, to be explained.
    used: BTreeSet<EventId>,
    paid: Vec<Paid>,
}

impl<'a> Writer<'a> {
    fn new(package: &'a hir::Package, program: &'a ir::Program, lang: Lang) -> Writer<'a> {
        Writer {
            lang,
            package,
            program,
            event: EventId(u32::MAX),
            given: amount::Given::default(),
            blocks: Vec::new(),
            at: (0, 0, 0),
            tables: 0,
            shown: Vec::new(),
            waiting: Vec::new(),
            links: Vec::new(),
            seen: Vec::new(),
            alone: false,
            elsewhere: false,
            kinds: BTreeSet::new(),
            sides: BTreeSet::new(),
            same: BTreeSet::new(),
            looked_up: BTreeSet::new(),
            drawn: false,
            drawn_among_all: false,
            used: BTreeSet::new(),
            paid: Vec::new(),
        }
    }

    fn chapter(&mut self, title: &str, anchor: &str) {
        self.at = (self.at.0 + 1, 0, 0);
        let text = format!("{} {title}", self.at.0);
        self.blocks.push(Block::Heading { level: 2, anchor: anchor.to_owned(), text });
    }

    fn article(&mut self, title: &str) {
        self.at = (self.at.0, self.at.1 + 1, 0);
        let text = format!("{}.{} {title}", self.at.0, self.at.1);
        self.blocks.push(Block::Heading { level: 3, anchor: String::new(), text });
    }

    /// Writes a clause with the tables it refers to; returns its number.
    fn clause(&mut self, text: String) -> String {
        self.at.2 += 1;
        let number = format!("{}.{}.{}", self.at.0, self.at.1, self.at.2);
        self.blocks.push(Block::Clause { number: number.clone(), text });
        self.blocks.extend(self.waiting.drain(..).map(Block::Table));
        number
    }
}
