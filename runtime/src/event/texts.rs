//! The texts of ids that are too long to be in the id itself.

use promo_compiler::ir::record::Id;
use rustc_hash::FxHashMap;

/// Remembers the text of every long id that a decoder saw, so that a decision can name its payees as the event did.
/// Ids of up to 15 bytes need no place here. Clear it between events if no ids of earlier ones can be paid.
#[derive(Clone, Debug, Default)]
pub struct IdTexts(FxHashMap<Id, String>);

impl IdTexts {
    /// Makes the id of a text, `None` for the empty text, and remembers the text if the id cannot hold it.
    pub fn intern(&mut self, text: &str) -> Option<Id> {
        let id = Id::from_text(text)?;
        if id.text().is_none() {
            self.0.entry(id).or_insert_with(|| text.to_owned());
        }
        Some(id)
    }

    /// The text of an id, `None` if it is long and was never seen here.
    pub fn text(&self, id: Id) -> Option<String> {
        id.text().or_else(|| self.0.get(&id).cloned())
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
