//! The search of the index as machine code: the same AND of rows, with the loops unrolled and nothing checked that
//! building the index has settled.
//!
//! Kinds whose searches have one [`Shape`] share a function and differ in a row of constants, for the same reason as
//! rules do, and for one more: events of different kinds follow each other, and one function is predicted better
//! than many. Each constant that is an address points into the [`Index`], which must outlive the code.

use super::lookup::SEARCH;
use super::{Dimension, Index, Kind};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, Block, InstBuilder, MemFlagsData, Signature, Value, types};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{FuncId, Module};
use promo_compiler::clif::EmitError;
use promo_compiler::ir::EventId;

/// Widest rows, in words, that are searched by machine code.
pub(crate) const MAX_WIDTH: usize = 16;

/// Answer: no rule.
pub(crate) const NONE: i64 = 0;
/// Answer: the bits are written.
pub(crate) const SOME: i64 = 1;
/// Answer: the record has a value that the code leaves to [`Index::candidates`].
pub(crate) const ASK_INDEX: i64 = 2;

/// Everything of a search but its constants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    width: usize,
    tests: Vec<Test>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Test {
    word: u32,
    steps: u32,
    /// The greatest value has a row of its own, and is left to the index.
    guarded: bool,
}

/// The search of one event kind.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    /// Its function.
    pub(crate) shape: Shape,
    /// The constants: for each test the least value, the greatest, where its cells are, where its rows are; with
    /// steps also the shift, where the cuts are, and where the row numbers of the segments are.
    pub(crate) row: Vec<i64>,
    /// Words a record must have.
    pub(crate) words: usize,
}

impl Index {
    /// How many event kinds there are.
    pub(crate) fn kinds(&self) -> usize {
        self.kinds.len()
    }

    /// The search of an event kind, if machine code can do it. `record` is the length of its records.
    pub(crate) fn search(&self, event: EventId, conditions: bool, record: usize) -> Option<Search> {
        let kind = self.kinds.get(event.index())?;
        // A kind without rules takes part in the search of another, so that it needs no branch that is hard to
        // predict: whatever bits are found, it has no rule for them.
        let like = |other: &&Kind| !other.rules.is_empty() && other.width == kind.width;
        let kind = if kind.rules.is_empty() { self.kinds.iter().find(like)? } else { kind };
        kind.search(conditions).filter(|search| search.words <= record)
    }
}

impl Kind {
    fn search(&self, conditions: bool) -> Option<Search> {
        if self.width > MAX_WIDTH {
            return None;
        }
        let (mut tests, mut row, mut words) = (Vec::new(), Vec::new(), 0);
        for dimension in self.lead.iter().chain(self.others(conditions)) {
            tests.push(dimension.test(self, &mut row)?);
            words = words.max(dimension.word.index() + 1);
        }
        Some(Search { shape: Shape { width: self.width, tests }, row, words })
    }
}

impl Dimension {
    /// Appends the constants, once it is certain that they lead nowhere outside.
    fn test(&self, kind: &Kind, row: &mut Vec<i64>) -> Option<Test> {
        let lookup = &self.lookup;
        let rows = kind.rows.get(self.first..)?;
        let span = lookup.hi.checked_sub(lookup.lo).filter(|span| *span >= 0)?;
        if lookup.steps == SEARCH || lookup.shift > 62 || (span >> lookup.shift) as usize >= lookup.cells.len() {
            return None;
        }
        let numbers = if lookup.steps == 0 { &lookup.cells } else { &lookup.rows };
        let inside = |number: &u16| (usize::from(*number) + 1) * kind.width <= rows.len();
        if !numbers.iter().all(inside) || (lookup.steps == 0 && lookup.shift != 0) {
            return None;
        }
        row.extend([lookup.lo, lookup.hi, address(&lookup.cells), address(rows)]);
        if lookup.steps > 0 {
            let inside = |segment: &u16| usize::from(*segment) < lookup.cuts.len();
            // No step leads over the last cut, and there is a row behind each.
            let stops = lookup.cuts.last() == Some(&i64::MAX) && lookup.hi < i64::MAX;
            if !stops || !lookup.cells.iter().all(inside) || lookup.rows.len() < lookup.cuts.len() {
                return None;
            }
            row.extend([i64::from(lookup.shift), address(&lookup.cuts), address(&lookup.rows)]);
        }
        let guarded = lookup.row(i64::MAX) != lookup.row(lookup.hi);
        Some(Test { word: self.word.0, steps: lookup.steps, guarded })
    }
}

fn address<T>(slice: &[T]) -> i64 {
    slice.as_ptr().expose_provenance() as i64
}

/// The signature of a search: record, row of constants, where the bits go; gives [`NONE`], [`SOME`] or
/// [`ASK_INDEX`].
pub(crate) fn signature(target: TargetFrontendConfig) -> Signature {
    let mut signature = Signature::new(target.default_call_conv);
    signature.params = vec![AbiParam::new(target.pointer_type()); 3];
    signature.returns = vec![AbiParam::new(types::I64)];
    signature
}

/// Declares and defines the function of a shape.
pub(crate) fn emit(shape: &Shape, module: &mut dyn Module) -> Result<FuncId, EmitError> {
    let target = module.target_config();
    let mut context = module.make_context();
    context.func.signature = signature(target);
    let mut frontend = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut frontend);
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    if let &[words, row, out] = builder.block_params(entry) {
        Emitter { builder: &mut builder, words, row, out, next: 0 }.body(shape);
    }
    builder.seal_all_blocks();
    builder.finalize(target);
    let id = module.declare_anonymous_function(&signature(target))?;
    module.define_function(id, &mut context)?;
    Ok(id)
}

struct Emitter<'a, 'b> {
    builder: &'a mut FunctionBuilder<'b>,
    words: Value,
    row: Value,
    out: Value,
    /// The next constant of the row.
    next: i32,
}

impl Emitter<'_, '_> {
    fn body(&mut self, shape: &Shape) {
        let (done, ask) = (self.builder.create_block(), self.builder.create_block());
        let answer = self.builder.append_block_param(done, types::I64);
        let (lead, others) = shape.tests.split_at_checked(2).unwrap_or((&shape.tests, &[]));
        let mut rest = Vec::new();
        for part in [lead, others] {
            for test in part {
                self.and(*test, shape.width, ask, &mut rest);
            }
            self.stop_if_none(&rest, done);
        }
        for (at, bits) in (0i32..).zip(&rest) {
            self.builder.ins().store(MemFlagsData::trusted(), *bits, self.out, at * 8);
        }
        let some = self.builder.ins().iconst(types::I64, SOME);
        self.builder.ins().return_(&[some]);
        self.builder.switch_to_block(done);
        self.builder.ins().return_(&[answer]);
        self.builder.switch_to_block(ask);
        let ask = self.builder.ins().iconst(types::I64, ASK_INDEX);
        self.builder.ins().return_(&[ask]);
    }

    fn stop_if_none(&mut self, rest: &[Value], done: Block) {
        let next = self.builder.create_block();
        let zero = self.builder.ins().iconst(types::I64, NONE);
        let any = rest.iter().copied().reduce(|any, bits| self.builder.ins().bor(any, bits)).unwrap_or(zero);
        self.builder.ins().brif(any, next, [], done, &[zero.into()]);
        self.builder.switch_to_block(next);
    }

    fn constant(&mut self) -> Value {
        self.next += 1;
        let flags = MemFlagsData::trusted().with_readonly();
        self.builder.ins().load(types::I64, flags, self.row, (self.next - 1) * 8)
    }

    /// Item `index` of 16 or 64 bits behind `base`.
    fn item(&mut self, base: Value, index: Value, log2: i64) -> Value {
        let scale = self.builder.ins().iconst(types::I64, log2);
        let bytes = self.builder.ins().ishl(index, scale);
        let address = self.builder.ins().iadd(base, bytes);
        let flags = MemFlagsData::trusted().with_readonly();
        match log2 {
            1 => self.builder.ins().uload16(types::I64, flags, address, 0),
            _ => self.builder.ins().load(types::I64, flags, address, 0),
        }
    }

    /// ANDs the row of one test to `rest`; the first test makes it.
    fn and(&mut self, test: Test, width: usize, ask: Block, rest: &mut Vec<Value>) {
        let flags = MemFlagsData::trusted().with_readonly();
        let (lo, hi, cells, rows) = (self.constant(), self.constant(), self.constant(), self.constant());
        // INVARIANT: words lie below `Search::words`, which `clif::check` bounds far below this.
        let offset = i32::try_from(test.word).unwrap_or(0) * 8;
        let value = self.builder.ins().load(types::I64, flags, self.words, offset);
        if test.guarded {
            let next = self.builder.create_block();
            let greatest = self.builder.ins().iconst(types::I64, i64::MAX);
            let is = self.builder.ins().icmp(IntCC::Equal, value, greatest);
            self.builder.ins().brif(is, ask, [], next, []);
            self.builder.switch_to_block(next);
        }
        let within = self.builder.ins().smax(value, lo);
        let within = self.builder.ins().smin(within, hi);
        let mut cell = self.builder.ins().isub(within, lo);
        let number = if test.steps == 0 {
            self.item(cells, cell, 1)
        } else {
            let (shift, cuts, segments) = (self.constant(), self.constant(), self.constant());
            cell = self.builder.ins().ushr(cell, shift);
            let mut segment = self.item(cells, cell, 1);
            for _ in 0..test.steps {
                let cut = self.item(cuts, segment, 3);
                let behind = self.builder.ins().icmp(IntCC::SignedLessThanOrEqual, cut, within);
                let step = self.builder.ins().uextend(types::I64, behind);
                segment = self.builder.ins().iadd(segment, step);
            }
            self.item(segments, segment, 1)
        };
        let bytes = self.builder.ins().iconst(types::I64, width as i64 * 8);
        let start = if width.is_power_of_two() {
            let log2 = self.builder.ins().iconst(types::I64, i64::from(width.trailing_zeros()) + 3);
            self.builder.ins().ishl(number, log2)
        } else {
            self.builder.ins().imul(number, bytes)
        };
        let start = self.builder.ins().iadd(rows, start);
        for at in 0..width {
            let bits = self.builder.ins().load(types::I64, flags, start, at as i32 * 8);
            match rest.get_mut(at) {
                Some(before) => *before = self.builder.ins().band(*before, bits),
                None => rest.push(bits),
            }
        }
    }
}
