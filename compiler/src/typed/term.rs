//! Terms in working days: the calendar must speak of every day that counts.

use super::scalar::Checker;
use crate::calendar::{self, local_day};
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::ir::{Due, Term};
use crate::source::{Location, Spelling};

/// What can be wrong there.
#[derive(Clone, Copy, Debug)]
pub enum Error {
    /// The package has no calendar.
    NoCalendar(Location),
    /// The calendar does not speak of these days, the first and the last that can count.
    Beyond(Location, i64, i64),
    /// A measure counts events of any time.
    AnyTime(Location),
}

impl Error {
    /// The finding.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let date =
            |day: i64| calendar::date(day).map_or_else(|| day.to_string(), |(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
        match self {
            Error::NoCalendar(at) => Diagnostic::error(
                Code::P0649,
                at,
                Text::new("which days are working days?", "哪些天是工作日？"),
                Text::new("the package has no calendar", "包里没有日历"),
            )
            .help(Text::new(
                "name one in `promo.toml`: `[catalogue]` `calendar = \"calendar.csv\"`, a file of `date,kind,name`",
                "在 `promo.toml` 中写 `[catalogue]` `calendar = \"calendar.csv\"`，文件各列为 `日期,类型,名称`",
            )),
            Error::Beyond(at, first, last) => Diagnostic::error(
                Code::P0650,
                at,
                Text::new(
                    format!("the calendar does not list all days from {} to {}", date(first), date(last)),
                    format!("日历没有列全 {} 至 {} 的各天", date(first), date(last)),
                ),
                Text::new(
                    "a term of working days that begins in the campaign can reach there",
                    "活动期内起算的工作日期限会用到这些天",
                ),
            )
            .help(Text::new(
                "add the year to the calendar file, a row of kind `year` and its holidays, or say the term in days",
                "在日历文件中补上那一年（一行 `整年` 和各假日），或改用自然日",
            )),
            Error::AnyTime(at) => Diagnostic::error(
                Code::P0650,
                at,
                Text::new(
                    "what is counted here can happen in years the calendar does not list",
                    "这里所计的事件可能发生在日历没有列出的年份",
                ),
                Text::new("a term of working days", "工作日期限"),
            )
            .help(match spelling {
                Spelling::En => Text::new("write `within 5 days`", "请写 `within 5 days`"),
                Spelling::Zh => Text::new("write `5 天内`", "请写 `5 天内`"),
            }),
        }
    }
}

/// When a term is counted, of events in a half-open time.
#[derive(Clone, Copy)]
enum Way {
    /// It begins with the event.
    From,
    /// It ends with it.
    Until,
}

impl Checker<'_> {
    /// What an award promises can be reckoned for every event of its rule.
    pub fn terms(&mut self, claim: Option<Term>, due: Option<Due>, at: Location) {
        let Some((from, end)) = self.reach else { return };
        let due = match due {
            Some(Due::Within(term)) => Some(term),
            Some(Due::NextMonth) | None => None,
        };
        for term in claim.into_iter().chain(due) {
            self.known(term, Way::From, (from, end), at);
        }
    }

    /// What a rule asks of the past can be reckoned at each of its events.
    pub fn age(&mut self, term: Term, at: Location) {
        match (term, self.reach) {
            (Term::WorkingDays(_), None) => self.term_error(Error::AnyTime(at)),
            (term, Some(reach)) => self.known(term, Way::Until, reach, at),
            _ => {}
        }
    }

    fn known(&mut self, term: Term, way: Way, (from, end): (i64, i64), at: Location) {
        let Term::WorkingDays(days) = term else { return };
        let Some(work) = &self.hir.work else { return self.term_error(Error::NoCalendar(at)) };
        let offset = self.hir.model.utc_offset;
        let (first, last) = (local_day(from, offset), local_day(end.saturating_sub(1), offset));
        let reached = match way {
            Way::From => work.after(last, days).map(|reached| (first, reached)),
            Way::Until => work.before(first, days).map(|reached| (reached, last)),
        };
        let listed = |(lo, hi): (i64, i64)| (lo..=hi).all(|day| work.is_worked(day).is_some());
        if !reached.is_some_and(listed) {
            // Where the calendar ends nobody knows how far it goes; so many days is the least.
            let (lo, hi) = match way {
                Way::From => (first, last.saturating_add(days)),
                Way::Until => (first.saturating_sub(days), last),
            };
            let (lo, hi) = reached.unwrap_or((lo, hi));
            self.term_error(Error::Beyond(at, lo, hi));
        }
    }

    fn term_error(&mut self, e: Error) {
        let (Error::NoCalendar(at) | Error::Beyond(at, ..) | Error::AnyTime(at)) = e;
        let spelling = self.spelling(at);
        self.out.push(e.into_diagnostic(spelling));
    }
}
