//! What is drawn among all events of a window, in the word order of either spelling.

use super::Fmt;
use crate::ast::Drawn;

impl Fmt<'_> {
    pub(super) fn drawn(&mut self, d: &Drawn) {
        if self.zh() {
            if let Some(of) = &d.of {
                self.kw("this_zh");
                self.put(" ");
                self.path_fused(of);
                self.put(" ");
            }
            self.past_window((d.window, d.back));
            self.kw_between("drawn");
            self.model(&d.event);
        } else {
            self.kw("drawn");
            self.put(" ");
            self.model(&d.event);
        }
        self.filter(d.filter.as_deref());
        if !self.zh() {
            if let Some(of) = &d.of {
                self.kw_between("of");
                self.kw("this");
                self.put(" ");
                self.path(of);
            }
            self.put(" ");
            self.past_window((d.window, d.back));
        }
        if let Some(item) = &d.gave {
            self.further();
            self.kw("gave");
            self.put(" ");
            self.model(item);
        }
        let Some(per) = &d.chance else { return };
        self.further();
        if !self.zh() {
            self.kw("one_chance");
        }
        match (per.as_slice(), self.zh()) {
            ([], true) => self.kw("chance_each"),
            ([], false) => {
                self.put(" ");
                self.kw("chance_each");
            }
            (all, true) => {
                for (at, path) in all.iter().enumerate() {
                    self.put(if at > 0 { " " } else { "" });
                    self.kw("for_each");
                    self.put(" ");
                    self.path_fused(path);
                }
            }
            (all, false) => {
                for path in all {
                    self.kw_between("per");
                    self.path(path);
                }
            }
        }
        if self.zh() {
            self.put(" ");
            self.kw("one_chance");
        }
    }
}
