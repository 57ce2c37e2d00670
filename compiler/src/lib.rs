//! From `.promo` text to decision IR and machine-code-ready CLIF: a pure function of its inputs.
//!
//! | stage | representation | what is true after it |
//! |---|---|---|
//! | parse | [`ast`] | spans on everything, comments kept, all syntax errors reported |
//! | resolve | [`hir`] | every name is an id; both spellings are gone |
//! | check | [`typed`] | type, unit, presence and range of every expression; every money question answered |
//! | lower | [`ir`] | loop-free integer rules over finite scopes; canonical, so it hashes |
//! | evaluate | [`ir::eval`] | **defines the meaning** |
//! | codegen | [`clif`] | Cranelift IR of every rule |
//!
//! Nothing here opens a file, reads a clock or the environment.
#![forbid(unsafe_code)]

pub mod amend;
pub mod ast;
pub mod calendar;
pub mod catalogue;
pub mod clif;
pub mod diagnostic;
pub mod digits;
pub mod doc;
pub mod hir;
pub mod ir;
pub mod ladder;
pub mod package;
pub mod pipeline;
pub mod regions;
pub mod source;
pub mod testing;
pub mod typed;
