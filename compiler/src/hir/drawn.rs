//! One entry drawn of all those of a window, with names resolved.

#![expect(missing_docs, reason = "the fields of the errors say what their message prints")]

use super::expr::window;
use super::scope::{Scope, said};
use super::{Fact, Link};
use crate::ast;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::ir::schema::FieldType;
use crate::ir::{EventId, Window};
use crate::source::{Location, Spelling};
use serde::Serialize;
use std::fmt::Write as _;

/// What a link that draws has besides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drawn {
    /// One is drawn for each of these.
    pub window: Window,
    /// How many windows back.
    pub back: u32,
    /// First and end second of the campaign whose entries are meant.
    pub campaign: Option<(i64, i64)>,
    /// What of the entry has one chance together; empty: each event.
    pub per: Vec<Fact>,
    /// What tells this draw from others: every policy draws for itself.
    pub identity: String,
}

/// What is wrong with a draw.
#[derive(Clone, Debug)]
pub enum DrawnError {
    /// Several windows.
    SeveralWindows { at: Location },
    /// Nobody said how many chances there are.
    Chances { at: Location, event: String, choices: Vec<String> },
    /// A chance counted by what another event says.
    ChanceOfAnother { at: Location, event: String, choices: Vec<String> },
}

impl Scope<'_> {
    /// `drawn registered (…) last week with one chance per invoice`
    pub(super) fn drawn(&mut self, drawn: &ast::Drawn) -> Option<Link> {
        let at = self.at(drawn.span);
        let event = self.event_named(&drawn.event)?;
        if drawn.back.count != 1 || drawn.back.each {
            self.drawn_error(DrawnError::SeveralWindows { at });
            return None;
        }
        let (mut whose, mut past_code, mut key) = (String::new(), None, None);
        if let Some(of) = &drawn.of {
            let (party, past, name) = self.remembered_by(event, of, at)?;
            (whose, past_code, key) = (name, Some(past.word), Some(Box::new(party.fact)));
        }
        let given = match &drawn.gave {
            None => None,
            Some(name) => Some((self.given(name)?, self.at(name.span))),
        };
        let filter = drawn.filter.as_ref().map(|f| Box::new(self.said_of(event, |scope| scope.expr(f))));
        let Some(paths) = &drawn.chance else {
            let (event, choices) = self.chances(event);
            self.drawn_error(DrawnError::Chances { at, event, choices });
            return None;
        };
        let (mut per, mut names) = (Vec::new(), Vec::new());
        for path in paths {
            let found = self.said_of(event, |scope| scope.party(path))?;
            if found.fact.link.is_some() {
                let (event, choices) = self.chances(event);
                self.drawn_error(DrawnError::ChanceOfAnother { at: found.at, event, choices });
                return None;
            }
            names.push(self.said_of(event, |scope| scope.identity(&found))?.join("."));
            per.push(found.fact);
        }
        let campaign = if drawn.window == ast::Window::Campaign { self.during } else { None };
        let window = window(drawn.window);
        let mut identity = format!("{}/{window:?}/{}", self.policy, names.join(","));
        if let Some((from, _)) = campaign {
            // Where it began: a campaign that is prolonged goes on taking entries.
            let _ = write!(identity, "/{from}");
        }
        Some(Link {
            event,
            filter,
            given,
            whose,
            past_code,
            key,
            drawn: Some(Drawn { window, back: drawn.back.first, campaign, per, identity }),
            within: None,
            apart: None,
            same_day: false,
            another: None,
            same: None,
        })
    }

    /// The name of an event, and by whom or what its chances can be counted.
    fn chances(&self, event: EventId) -> (String, Vec<String>) {
        let schema = self.cx.event(event);
        let parties = schema.fields.iter().filter(|f| f.ty == FieldType::Id && f.path.len() == 2);
        let parties = parties.filter(|f| f.path.last().is_some_and(|n| n.name == "id"));
        (schema.name.said(self.spelling).to_owned(), parties.map(|f| said(f, self.spelling)).collect())
    }

    fn drawn_error(&mut self, e: DrawnError) {
        let spelling = self.spelling;
        self.report().out.push(e.into_diagnostic(spelling));
    }
}

impl DrawnError {
    /// The finding, with example lines in the file's spelling.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let show = |en: String, zh: String| match spelling {
            Spelling::En => format!("`{en}`"),
            Spelling::Zh => format!("`{zh}`"),
        };
        let per = |name: &String| show(format!("with one chance per {name}"), format!("且 每 {name} 一次机会"));
        match self {
            DrawnError::SeveralWindows { at } => Diagnostic::error(
                Code::P0290,
                at,
                Text::new("a draw is among the entries of one window", "抽签只在一个时段的参与者中进行"),
                Text::new("several windows", "这里有几个时段"),
            )
            .help({
                let line = show("last week".into(), "上周".into());
                let all = show("this campaign".into(), "本活动".into());
                Text::new(
                    format!("write one window, as {line}, or {all} for all entries of the campaign"),
                    format!("只写一个时段，如 {line}；要在活动的全部参与者中抽，写 {all}"),
                )
            }),
            DrawnError::Chances { at, event, choices } => {
                let each = show("with one chance each".into(), "且 每次 一次机会".into());
                let lines: Vec<String> = choices.iter().map(per).chain([each.clone()]).collect();
                Diagnostic::error(
                    Code::P0291,
                    at,
                    Text::new(
                        format!("how many chances somebody with several `{event}` events has is not said"),
                        format!("没有写明多次 `{event}` 有几次机会"),
                    ),
                    Text::new("how many chances?", "几次机会？"),
                )
                .help(Text::new(format!("write {}", lines.join(" or ")), format!("请写 {}", lines.join(" 或 "))))
                .help(Text::new(
                    format!("by {each} an event about the same thing, sent once more, is another chance"),
                    format!("写 {each}，则同一样东西再来一次也是另一次机会"),
                ))
            }
            DrawnError::ChanceOfAnother { at, event, choices } => {
                let lines: Vec<String> = choices.iter().map(per).collect();
                let d = Diagnostic::error(
                    Code::P0292,
                    at,
                    Text::new(
                        format!("a chance is counted by what the `{event}` event itself says"),
                        format!("机会只能按 `{event}` 事件本身的信息计算"),
                    ),
                    Text::new("this is found through another event", "这是通过另一个事件查到的"),
                );
                if lines.is_empty() {
                    return d;
                }
                d.help(Text::new(format!("write {}", lines.join(" or ")), format!("请写 {}", lines.join(" 或 "))))
            }
        }
    }
}
