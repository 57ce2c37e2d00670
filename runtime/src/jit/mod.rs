//! Machine code: the only unsafe code of the repository, behind one safe type, [`Compiled`].
//!
//! Three sorts of operation need it: taking an address for a function, calling it, and giving its memory back. What makes
//! them sound is local to this folder: a [`Compiled`] owns the memory of its functions and never hands out an address,
//! so a function runs only under a borrow of its owner, and the last owner frees the memory.
#![expect(unsafe_code, reason = "generated code cannot be called or freed without")]

mod code;
mod host;
#[cfg(test)]
mod tests;

pub use code::Compiled;
pub use host::JitError;
