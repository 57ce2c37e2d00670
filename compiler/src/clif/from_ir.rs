//! The function of a shape: all conditions in source order, then all amounts.
//!
//! A node is computed once, where it is first needed: nodes that only the amounts read sit behind the conditions.
//!
//! Range analysis has shown that nothing overflows, but only for records inside their bounds. So every step that
//! could leave its range carries a *fault* flag beside its value, exactly as the evaluator carries `None`: it counts
//! only where the value is used, and there the function answers [`FAULT`] instead of a wrong amount.

use super::abi::{ALL_HOLD, FAULT, WORD_BYTES, offset, param, signature};
use super::check::operands;
use super::shape::{Plan, Shape, ShapeTest};
use crate::ir::{Node, NodeId, Round, TableId, Word};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, Function, InstBuilder, MemFlagsData, UserFuncName, Value, types};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{FuncId, Module, ModuleError};
use std::fmt;

/// Why no code was made.
#[derive(Debug)]
pub enum EmitError {
    /// Cranelift refused.
    Cranelift(Box<ModuleError>),
    /// A value was needed that was not computed: [`check`](super::check::check) was not run.
    NotComputed,
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmitError::Cranelift(error) => write!(f, "{error}"),
            EmitError::NotComputed => f.write_str("a value is used before it is computed"),
        }
    }
}

impl std::error::Error for EmitError {}

impl From<ModuleError> for EmitError {
    fn from(error: ModuleError) -> EmitError {
        EmitError::Cranelift(Box::new(error))
    }
}

/// Declares and defines one function per shape, in order.
///
/// # Errors
/// If Cranelift refuses; the module is then of no use.
pub fn emit(plan: &Plan, module: &mut dyn Module) -> Result<Vec<FuncId>, EmitError> {
    let target = module.target_config();
    let signature = signature(target);
    let mut context = module.make_context();
    let mut frontend = FunctionBuilderContext::new();
    let mut functions = Vec::with_capacity(plan.shapes.len());
    for number in 0..plan.shapes.len() {
        module.clear_context(&mut context);
        build(plan, number, target, &mut frontend, &mut context.func)?;
        let id = module.declare_anonymous_function(&signature)?;
        module.define_function(id, &mut context)?;
        functions.push(id);
    }
    Ok(functions)
}

/// Fills `function` with the code of shape `number`.
pub(super) fn build(
    plan: &Plan,
    number: usize,
    target: TargetFrontendConfig,
    frontend: &mut FunctionBuilderContext,
    function: &mut Function,
) -> Result<(), EmitError> {
    let shape = plan.shapes.get(number).ok_or(EmitError::NotComputed)?;
    function.signature = signature(target);
    function.name = UserFuncName::user(0, u32::try_from(number).unwrap_or(u32::MAX));
    let mut builder = FunctionBuilder::new(function, frontend);
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    let &[words, inputs, tables, row, amounts] = builder.block_params(entry) else {
        return Err(EmitError::NotComputed);
    };
    let mut emitter = Emitter {
        plan,
        shape,
        immediate: plan.only_row(number),
        base: [words, inputs, tables, row, amounts],
        builder,
        nodes: vec![None; shape.nodes.len()],
        words: Vec::new(),
    };
    emitter.body()?;
    emitter.builder.seal_all_blocks();
    emitter.builder.finalize(target);
    Ok(())
}

/// A computed node.
#[derive(Clone, Copy)]
struct Computed {
    /// Its value.
    value: Value,
    /// True if the value is a comparison's one-byte flag, widened only where a number is needed.
    is_flag: bool,
    /// One byte, 1 if the value left its range; `None`: it cannot.
    fault: Option<Value>,
}

impl Computed {
    fn int(value: Value, fault: Option<Value>) -> Computed {
        Computed { value, is_flag: false, fault }
    }

    fn flag(value: Value, fault: Option<Value>) -> Computed {
        Computed { value, is_flag: true, fault }
    }
}

struct Emitter<'a> {
    plan: &'a Plan,
    shape: &'a Shape,
    immediate: Option<&'a [i64]>,
    base: [Value; param::COUNT],
    builder: FunctionBuilder<'a>,
    nodes: Vec<Option<Computed>>,
    words: Vec<(Word, Value)>,
}

impl Emitter<'_> {
    fn body(&mut self) -> Result<(), EmitError> {
        let fail = self.builder.create_block();
        let which = self.builder.append_block_param(fail, types::I64);
        for (number, test) in (1i64..).zip(&self.shape.tests) {
            let holds = match *test {
                ShapeTest::Few { word, slot, count } => self.few(word, slot, count),
                ShapeTest::Many { word, slot, log2 } => self.many(word, slot, log2),
                ShapeTest::Node(node) => {
                    self.compute(node)?;
                    let node = self.computed(node)?;
                    self.stop_if(node.fault, fail);
                    node.value
                }
            };
            self.go_on_if(holds, number, fail);
        }
        let mut amounts = Vec::with_capacity(self.shape.amounts.len());
        for node in &self.shape.amounts {
            self.compute(*node)?;
            let fault = self.computed(*node)?.fault;
            self.stop_if(fault, fail);
            amounts.push(self.int(*node)?);
        }
        let flags = MemFlagsData::trusted();
        for (i, amount) in amounts.into_iter().enumerate() {
            self.builder.ins().store(flags, amount, self.base[param::AMOUNTS], offset(i));
        }
        let zero = self.iconst(ALL_HOLD);
        self.builder.ins().return_(&[zero]);
        self.builder.switch_to_block(fail);
        self.builder.ins().return_(&[which]);
        Ok(())
    }

    fn go_on_if(&mut self, holds: Value, number: i64, fail: Block) {
        let next = self.builder.create_block();
        let number = self.iconst(number);
        self.builder.ins().brif(holds, next, [], fail, &[number.into()]);
        self.builder.switch_to_block(next);
    }

    fn stop_if(&mut self, fault: Option<Value>, fail: Block) {
        let Some(fault) = fault else { return };
        let next = self.builder.create_block();
        let number = self.iconst(FAULT);
        self.builder.ins().brif(fault, fail, &[number.into()], next, []);
        self.builder.switch_to_block(next);
    }

    fn iconst(&mut self, value: i64) -> Value {
        self.builder.ins().iconst(types::I64, value)
    }

    /// Reads item `index` of one of the read-only slices.
    fn read(&mut self, base: usize, index: usize) -> Value {
        let flags = MemFlagsData::trusted().with_readonly();
        let base = self.base.get(base).copied().unwrap_or(self.base[param::ROW]);
        self.builder.ins().load(types::I64, flags, base, offset(index))
    }

    /// Reads item `index`, a value, from `first` on in one of the read-only slices.
    fn read_at(&mut self, base: usize, index: Value, first: usize) -> Value {
        let scale = self.iconst(i64::from(WORD_BYTES.trailing_zeros()));
        let bytes = self.builder.ins().ishl(index, scale);
        let base = self.base.get(base).copied().unwrap_or(self.base[param::ROW]);
        let address = self.builder.ins().iadd(base, bytes);
        let flags = MemFlagsData::trusted().with_readonly();
        self.builder.ins().load(types::I64, flags, address, offset(first))
    }

    fn slot(&mut self, slot: usize) -> Value {
        match self.immediate.and_then(|row| row.get(slot)) {
            Some(value) => self.iconst(*value),
            None => self.read(param::ROW, slot),
        }
    }

    fn word(&mut self, word: Word) -> Value {
        if let Some((_, value)) = self.words.iter().find(|(w, _)| *w == word) {
            return *value;
        }
        let value = self.read(param::WORDS, word.index());
        self.words.push((word, value));
        value
    }

    /// `lo ≤ value < lo + length` in one unsigned comparison.
    fn between(&mut self, value: Value, lo: Value, length: Value) -> Value {
        let from = self.builder.ins().isub(value, lo);
        self.builder.ins().icmp(IntCC::UnsignedLessThan, from, length)
    }

    fn few(&mut self, word: Word, slot: usize, count: usize) -> Value {
        let value = self.word(word);
        let mut any = None;
        for i in 0..count {
            let (lo, length) = (self.slot(slot + 2 * i), self.slot(slot + 2 * i + 1));
            let inside = self.between(value, lo, length);
            any = Some(match any {
                Some(before) => self.builder.ins().bor(before, inside),
                None => inside,
            });
        }
        any.unwrap_or_else(|| self.builder.ins().iconst(types::I8, 0))
    }

    /// The last interval that begins at or before the value, by a binary search without branches.
    fn many(&mut self, word: Word, slot: usize, log2: u32) -> Value {
        let value = self.word(word);
        let mut at = self.iconst(0);
        for bit in (0..log2).rev() {
            let half = self.iconst(1 << bit);
            // `at` has only higher bits set, so `probe` stays below 1 << log2.
            let probe = self.builder.ins().bor(at, half);
            let lo = self.read_at(param::ROW, probe, slot);
            let begun = self.builder.ins().icmp(IntCC::SignedLessThanOrEqual, lo, value);
            at = self.builder.ins().select(begun, probe, at);
        }
        let lo = self.read_at(param::ROW, at, slot);
        let length = self.read_at(param::ROW, at, slot + (1usize << log2));
        self.between(value, lo, length)
    }

    /// Computes a node and what it needs, as far as that has not been done.
    fn compute(&mut self, root: NodeId) -> Result<(), EmitError> {
        // Operands come first in the list, so one sweep down finds what is needed and one up computes it: no
        // recursion, however deep the expression.
        let mut needed = vec![false; root.index() + 1];
        if let Some(last) = needed.last_mut() {
            *last = true;
        }
        for i in (0..=root.index()).rev() {
            let wanted = needed.get(i).copied().unwrap_or(false);
            if !wanted || self.nodes.get(i).is_some_and(Option::is_some) {
                continue;
            }
            for operand in self.shape.nodes.get(i).map(|n| operands(*n)).into_iter().flatten().flatten() {
                *needed.get_mut(operand.index()).ok_or(EmitError::NotComputed)? = true;
            }
        }
        for (i, wanted) in needed.into_iter().enumerate() {
            if !wanted || self.nodes.get(i).is_some_and(Option::is_some) {
                continue;
            }
            let node = *self.shape.nodes.get(i).ok_or(EmitError::NotComputed)?;
            let value = self.node(node)?;
            *self.nodes.get_mut(i).ok_or(EmitError::NotComputed)? = Some(value);
        }
        Ok(())
    }

    fn computed(&self, node: NodeId) -> Result<Computed, EmitError> {
        self.nodes.get(node.index()).copied().flatten().ok_or(EmitError::NotComputed)
    }

    /// A node as a number.
    fn int(&mut self, node: NodeId) -> Result<Value, EmitError> {
        let node = self.computed(node)?;
        Ok(if node.is_flag { self.builder.ins().uextend(types::I64, node.value) } else { node.value })
    }

    /// A node as a flag: not zero.
    fn flag(&mut self, node: NodeId) -> Result<Value, EmitError> {
        let node = self.computed(node)?;
        if node.is_flag {
            return Ok(node.value);
        }
        let zero = self.iconst(0);
        Ok(self.builder.ins().icmp(IntCC::NotEqual, node.value, zero))
    }

    /// Two nodes as numbers, and whether either left its range.
    fn both(&mut self, a: NodeId, b: NodeId) -> Result<(Value, Value, Option<Value>), EmitError> {
        let fault = self.either(self.computed(a)?.fault, self.computed(b)?.fault);
        Ok((self.int(a)?, self.int(b)?, fault))
    }

    fn either(&mut self, a: Option<Value>, b: Option<Value>) -> Option<Value> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.builder.ins().bor(a, b)),
            (one, other) => one.or(other),
        }
    }

    fn compare(&mut self, cc: IntCC, a: NodeId, b: NodeId) -> Result<Computed, EmitError> {
        let (a, b, fault) = self.both(a, b)?;
        Ok(Computed::flag(self.builder.ins().icmp(cc, a, b), fault))
    }

    /// `and` with `needed` = the first side holds, `or` with `needed` = it does not: the fault of the second side
    /// counts only then.
    fn second_side(&mut self, a: NodeId, b: NodeId, needed: Value) -> Result<Option<Value>, EmitError> {
        let second = self.computed(b)?.fault.map(|fault| self.builder.ins().band(fault, needed));
        let first = self.computed(a)?.fault;
        Ok(self.either(first, second))
    }

    fn not(&mut self, flag: Value) -> Value {
        let one = self.builder.ins().iconst(types::I8, 1);
        self.builder.ins().bxor(flag, one)
    }

    fn node(&mut self, node: Node) -> Result<Computed, EmitError> {
        Ok(match node {
            Node::Const(slot) => Computed::int(self.slot(slot_index(slot)), None),
            Node::Fact(word) => Computed::int(self.word(word), None),
            Node::Input(input) => Computed::int(self.read(param::INPUTS, input.index()), None),
            Node::Add(a, b) => {
                let (a, b, before) = self.both(a, b)?;
                let (value, fault) = self.builder.ins().sadd_overflow(a, b);
                Computed::int(value, self.either(before, Some(fault)))
            }
            Node::Sub(a, b) => {
                let (a, b, before) = self.both(a, b)?;
                let (value, fault) = self.builder.ins().ssub_overflow(a, b);
                Computed::int(value, self.either(before, Some(fault)))
            }
            Node::Mul(a, b) => {
                let (a, b, before) = self.both(a, b)?;
                let (value, fault) = self.builder.ins().smul_overflow(a, b);
                Computed::int(value, self.either(before, Some(fault)))
            }
            Node::Min(a, b) => {
                let (a, b, fault) = self.both(a, b)?;
                Computed::int(self.builder.ins().smin(a, b), fault)
            }
            Node::Max(a, b) => {
                let (a, b, fault) = self.both(a, b)?;
                Computed::int(self.builder.ins().smax(a, b), fault)
            }
            Node::Div(a, divisor, round) => {
                let fault = self.computed(a)?.fault;
                let a = self.int(a)?;
                Computed::int(self.divide(a, divisor, round), fault)
            }
            Node::Quotient(a, b, round) => {
                let (a, b, before) = self.both(a, b)?;
                // A divisor below 1 is a fault, and the division must not trap on it.
                let one = self.iconst(1);
                let fault = self.builder.ins().icmp(IntCC::SignedLessThan, b, one);
                let divisor = self.builder.ins().smax(b, one);
                Computed::int(self.divide_by(a, divisor, round), self.either(before, Some(fault)))
            }
            Node::Eq(a, b) => self.compare(IntCC::Equal, a, b)?,
            Node::Lt(a, b) => self.compare(IntCC::SignedLessThan, a, b)?,
            Node::Le(a, b) => self.compare(IntCC::SignedLessThanOrEqual, a, b)?,
            Node::And(a, b) => {
                let (first, second) = (self.flag(a)?, self.flag(b)?);
                let fault = self.second_side(a, b, first)?;
                Computed::flag(self.builder.ins().band(first, second), fault)
            }
            Node::Or(a, b) => {
                let (first, second) = (self.flag(a)?, self.flag(b)?);
                let needed = self.not(first);
                let fault = self.second_side(a, b, needed)?;
                Computed::flag(self.builder.ins().bor(first, second), fault)
            }
            Node::Not(a) => {
                let fault = self.computed(a)?.fault;
                let a = self.flag(a)?;
                Computed::flag(self.not(a), fault)
            }
            Node::Select(c, a, b) => self.select(c, a, b)?,
            Node::Within(a, lo, length) => {
                let fault = self.computed(a)?.fault;
                let a = self.int(a)?;
                let (lo, length) = (self.slot(slot_index(lo)), self.slot(slot_index(length)));
                Computed::flag(self.between(a, lo, length), fault)
            }
            Node::Lookup(table, a) => self.lookup(table, a)?,
            Node::Uniform(a, n) => {
                let fault = self.computed(a)?.fault;
                let a = self.int(a)?;
                let n = self.slot(slot_index(n));
                Computed::int(self.builder.ins().umulhi(a, n), fault)
            }
        })
    }

    /// Both sides are computed, nothing in them can trap; the fault of the side not taken does not count.
    fn select(&mut self, c: NodeId, a: NodeId, b: NodeId) -> Result<Computed, EmitError> {
        let Computed { value: condition, fault: in_condition, .. } = self.computed(c)?;
        let (in_a, in_b) = (self.computed(a)?.fault, self.computed(b)?.fault);
        let side = match (in_a, in_b) {
            (None, None) => None,
            (a, b) => {
                let fine = self.builder.ins().iconst(types::I8, 0);
                Some(self.builder.ins().select(condition, a.unwrap_or(fine), b.unwrap_or(fine)))
            }
        };
        let fault = self.either(in_condition, side);
        let (a, b) = (self.int(a)?, self.int(b)?);
        Ok(Computed::int(self.builder.ins().select(condition, a, b), fault))
    }

    /// `tables[table][index]`. Range analysis has shown the index is inside; a record that breaks its own bounds
    /// must still not read beyond the table, not even speculatively.
    fn lookup(&mut self, table: TableId, index: NodeId) -> Result<Computed, EmitError> {
        let &(first, len) = self.plan.tables.get(table.index()).ok_or(EmitError::NotComputed)?;
        let before = self.computed(index)?.fault;
        let index = self.int(index)?;
        let zero = self.iconst(0);
        if len == 0 {
            return Ok(Computed::int(zero, Some(self.builder.ins().iconst(types::I8, 1))));
        }
        let len = self.iconst(i64::try_from(len).unwrap_or(i64::MAX));
        let inside = self.builder.ins().icmp(IntCC::UnsignedLessThan, index, len);
        let index = self.builder.ins().select_spectre_guard(inside, index, zero);
        let value = self.read_at(param::TABLES, index, first);
        let outside = self.not(inside);
        Ok(Computed::int(value, self.either(before, Some(outside))))
    }

    /// The quotient by a constant of at least 1, rounded. Never traps: the divisor is neither 0 nor −1.
    fn divide(&mut self, a: Value, divisor: i64, round: Round) -> Value {
        if divisor <= 1 {
            return a;
        }
        let d = self.iconst(divisor);
        self.divide_by(a, d, round)
    }

    /// The quotient by a value of at least 1, rounded.
    fn divide_by(&mut self, a: Value, d: Value, round: Round) -> Value {
        let toward_zero = self.builder.ins().sdiv(a, d);
        let product = self.builder.ins().imul(toward_zero, d);
        let rest = self.builder.ins().isub(a, product);
        // ⌊a ÷ d⌋ and a remainder in 0..d: where the remainder is negative, its sign (−1) and its divisor move over.
        let bits = self.iconst(63);
        let sign = self.builder.ins().sshr(rest, bits);
        let floor = self.builder.ins().iadd(toward_zero, sign);
        let borrow = self.builder.ins().band(sign, d);
        let rest = self.builder.ins().iadd(rest, borrow);
        let up = match round {
            Round::Down => return floor,
            Round::Up => {
                let zero = self.iconst(0);
                self.builder.ins().icmp(IntCC::NotEqual, rest, zero)
            }
            // rest ≥ d − rest is 2 × rest ≥ d without the product.
            Round::HalfUp => {
                let other = self.builder.ins().isub(d, rest);
                self.builder.ins().icmp(IntCC::SignedGreaterThanOrEqual, rest, other)
            }
            Round::HalfEven => {
                let other = self.builder.ins().isub(d, rest);
                let above = self.builder.ins().icmp(IntCC::SignedGreaterThan, rest, other);
                let half = self.builder.ins().icmp(IntCC::Equal, rest, other);
                let odd = self.builder.ins().ireduce(types::I8, floor);
                let half_odd = self.builder.ins().band(half, odd);
                self.builder.ins().bor(above, half_odd)
            }
        };
        let up = self.builder.ins().uextend(types::I64, up);
        self.builder.ins().iadd(floor, up)
    }
}

fn slot_index(slot: i64) -> usize {
    // INVARIANT: slots are made by `plan` and at most MAX_ITEMS.
    usize::try_from(slot).unwrap_or(usize::MAX)
}
