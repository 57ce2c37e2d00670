//! [`Compiled`]: the machine code of one program.

use super::host::{JitError, module};
use crate::index::{Index, search};
use cranelift_jit::JITModule;
use promo_compiler::clif::{self, Plan, abi};
use promo_compiler::ir::eval::{FAULT, RuleRunner};
use promo_compiler::ir::settle::Mode;
use promo_compiler::ir::{EventId, Program, RuleId};
use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// See [`abi`] for what each pointer points at. It is unsafe to call: the lengths are the caller's promise.
type Entry = unsafe extern "C" fn(
    words: *const i64,
    inputs: *const i64,
    tables: *const i64,
    row: *const i64,
    amounts: *mut i64,
) -> i64;

const _: () = assert!(abi::param::COUNT == 5 && abi::WORD_BYTES == 8 && size_of::<Entry>() == size_of::<*const u8>());

/// See `index::search`. Unsafe to call for the same reason.
type SearchEntry = unsafe extern "C" fn(words: *const i64, row: *const i64, bits: *mut u64) -> i64;

const _: () = assert!(size_of::<SearchEntry>() == size_of::<*const u8>());

/// Programs whose code is in memory now, over the whole process.
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The machine code of a program.
///
/// Cheap to call from many threads at once; freed with its last owner. No address of it ever leaves this type.
#[derive(Debug)]
pub struct Compiled {
    rules: Box<[Rule]>,
    data: Box<[i64]>,
    functions: usize,
    /// Two per event kind: by gates, and by gates and conditions.
    searches: Box<[Option<Search>]>,
    /// The rows of constants of all searches.
    search_rows: Box<[i64]>,
    /// What the searches read.
    index: Arc<Index>,
    _memory: Memory,
}

#[derive(Clone, Copy, Debug)]
struct Search {
    entry: SearchEntry,
    row: usize,
    words: usize,
}

#[derive(Clone, Copy, Debug)]
struct Rule {
    entry: Entry,
    row: usize,
    words: usize,
    inputs: usize,
    awards: usize,
}

impl Compiled {
    /// Compiles every rule of a program, and the searches of its index.
    ///
    /// # Errors
    /// If the program is malformed, the machine is not supported, or the system refuses executable memory.
    pub fn new(program: &Program, index: Arc<Index>) -> Result<Compiled, JitError> {
        let plan = clif::plan(program)?;
        let mut memory = Memory::new(module()?);
        let (searches, shapes, search_rows) = searches(program, &index);
        let (entries, search_entries) = memory.compile(&plan, &shapes)?;
        let searches = searches.into_iter().map(|found| {
            let (shape, row, words) = found?;
            let entry = *search_entries.get(shape)?;
            Some(Search { entry, row, words })
        });
        let searches = searches.collect();
        let rules = plan
            .rules
            .iter()
            .map(|rule| {
                let entry = entries.get(rule.shape).copied();
                // The row a function reads must lie inside `data` for as long as the function can be called.
                let inside = rule.row.checked_add(rule.row_len).is_some_and(|end| end <= plan.data.len());
                match entry {
                    Some(entry) if inside => {
                        Ok(Rule { entry, row: rule.row, words: rule.words, inputs: rule.inputs, awards: rule.awards })
                    }
                    _ => Err(JitError::Codegen(Arc::new(clif::EmitError::NotComputed))),
                }
            })
            .collect::<Result<_, _>>()?;
        Ok(Compiled {
            rules,
            functions: plan.shapes.len(),
            data: plan.data.into(),
            searches,
            search_rows: search_rows.into(),
            index,
            _memory: memory,
        })
    }

    /// The same as [`Index::candidates`].
    #[inline]
    pub fn candidates(&self, event: EventId, words: &[i64], mode: Mode, out: &mut Vec<RuleId>) {
        let conditions = mode == Mode::Fast;
        let at = event.index().wrapping_mul(2).wrapping_add(usize::from(conditions));
        if mode != Mode::All
            && let Some(Some(search)) = self.searches.get(at)
            && words.len() >= search.words
            && let Some(row) = self.search_rows.get(search.row..)
        {
            let mut bits = [0u64; search::MAX_WIDTH];
            let (record, row) = (words.as_ptr(), row.as_ptr());
            let to = bits.as_mut_ptr();
            // SAFETY: `entry` points at code that `_memory` keeps mapped and executable, emitted with this signature
            // for the shape of which this row has the constants. It reads words below `search.words`, compared
            // above, its row, and through it the tables of `index`, which `self` owns and nobody can change:
            // `Index::search` has seen that every number in them leads to another place inside. It writes at most
            // `MAX_WIDTH` words of `bits`, calls nothing and cannot trap.
            let answer = unsafe { (search.entry)(record, row, to) };
            match answer {
                search::NONE => return out.clear(),
                search::SOME => return self.index.found(event, &bits, words, conditions, out),
                _ => {}
            }
        }
        self.index.candidates(event, words, mode, out);
    }

    /// How many functions there are: rules that differ only in constants share one.
    pub fn functions(&self) -> usize {
        self.functions
    }

    /// Programs whose code this process holds in memory, for metrics and for tests that look for leaks.
    pub fn live() -> usize {
        LIVE.load(Ordering::Relaxed)
    }
}

impl RuleRunner for Compiled {
    #[inline]
    fn run(&self, rule: RuleId, words: &[i64], inputs: &[i64], amounts: &mut [i64]) -> u32 {
        let Some(rule) = self.rules.get(rule.index()) else {
            return FAULT;
        };
        if words.len() < rule.words || inputs.len() < rule.inputs || amounts.len() < rule.awards {
            return FAULT;
        }
        let Some(row) = self.data.get(rule.row..) else {
            return FAULT;
        };
        let (tables, row) = (self.data.as_ptr(), row.as_ptr());
        let (words, inputs, amounts) = (words.as_ptr(), inputs.as_ptr(), amounts.as_mut_ptr());
        // SAFETY: `entry` points at code that `_memory`, which `self` owns, keeps mapped and executable. `clif`
        // emits functions of this signature that read `rule.words` of `words` and `rule.inputs` of `inputs` and
        // write `rule.awards` of `amounts`, which were compared above, and read the tables at the front of `data`
        // and the rule's row, which `new` has seen to lie inside `data`. They call nothing and cannot trap.
        let answer = unsafe { (rule.entry)(words, inputs, tables, row, amounts) };
        // −1 becomes FAULT; every other answer is the number of a condition and small.
        answer as u32
    }
}

const _: () = assert!(abi::FAULT as u32 == FAULT);

/// Owns the mapped memory. The mutex is never locked after loading: it makes the module `Sync`, which by itself it
/// is not.
struct Memory(Mutex<Option<JITModule>>);

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

impl Memory {
    fn new(module: JITModule) -> Memory {
        LIVE.fetch_add(1, Ordering::Relaxed);
        Memory(Mutex::new(Some(module)))
    }

    /// Emits, links once, and takes the addresses.
    fn compile(&mut self, plan: &Plan, shapes: &[search::Shape]) -> Result<(Vec<Entry>, Vec<SearchEntry>), JitError> {
        let gone = || JitError::Codegen(Arc::new(clif::EmitError::NotComputed));
        let module = self.0.get_mut().map_err(|_| gone())?.as_mut().ok_or_else(gone)?;
        let refused = |error: clif::EmitError| match error {
            clif::EmitError::Cranelift(inner) if is_memory(&inner) => JitError::Refused(inner.to_string()),
            other => JitError::Codegen(Arc::new(other)),
        };
        let functions = clif::emit(plan, module).map_err(refused)?;
        let searches = shapes.iter().map(|shape| search::emit(shape, module)).collect::<Result<Vec<_>, _>>();
        let searches = searches.map_err(refused)?;
        module.finalize_definitions().map_err(|error| JitError::Refused(format!("{error:#}")))?;
        let entry = |id| {
            let address = module.get_finalized_function(id);
            // SAFETY: the address is that of a finalized function which `clif::emit` declared with
            // `abi::signature`, the signature of `Entry`; both pointers have one size (asserted above).
            unsafe { mem::transmute::<*const u8, Entry>(address) }
        };
        let search_entry = |id| {
            let address = module.get_finalized_function(id);
            // SAFETY: as above, with `search::emit`, `search::signature` and `SearchEntry`.
            unsafe { mem::transmute::<*const u8, SearchEntry>(address) }
        };
        Ok((functions.into_iter().map(entry).collect(), searches.into_iter().map(search_entry).collect()))
    }
}

/// Of a kind and mode: the number of its shape, where its constants begin, and the words it reads.
type Found = Option<(usize, usize, usize)>;

/// Plans the searches of all kinds: by gates, and by gates and conditions; with their shapes and constants.
fn searches(program: &Program, index: &Index) -> (Vec<Found>, Vec<search::Shape>, Vec<i64>) {
    let (mut shapes, mut rows): (Vec<search::Shape>, Vec<i64>) = (Vec::new(), Vec::new());
    let mut plan = |event: u32, conditions: bool| {
        let record = program.schema.events.get(event as usize)?.words as usize;
        let search = index.search(EventId(event), conditions, record)?;
        let shape = shapes.iter().position(|shape| *shape == search.shape).unwrap_or_else(|| {
            shapes.push(search.shape);
            shapes.len() - 1
        });
        let row = rows.len();
        rows.extend(search.row);
        Some((shape, row, search.words))
    };
    let kinds = (0u32..).take(index.kinds());
    let found = kinds.flat_map(|event| [false, true].map(|conditions| plan(event, conditions))).collect();
    (found, shapes, rows)
}

fn is_memory(error: &cranelift_module::ModuleError) -> bool {
    matches!(error, cranelift_module::ModuleError::Allocation { .. })
}

impl Drop for Memory {
    fn drop(&mut self) {
        let module = match self.0.get_mut() {
            Ok(module) => module.take(),
            Err(poisoned) => poisoned.into_inner().take(),
        };
        if let Some(module) = module {
            // SAFETY: the entries live only in the `Compiled` that owns this memory and is being dropped, and
            // `run` borrows it, so no function is running and none can be called any more.
            unsafe { module.free_memory() };
        }
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

const fn assert_send_sync<T: Send + Sync>() {}
const _: () = assert_send_sync::<Compiled>();
