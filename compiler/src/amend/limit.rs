//! Limits: no new one, none tighter.

use super::finding::{Finding, Sort};
use super::rule::Pair;
use super::{Side, say};
use crate::diagnostic::Text;
use crate::ir::{Beyond, EventId, KeyPart, Limit, LimitUnit, Term, Window, hash};
use crate::source::Location;
use crate::typed::{Rule, Type};

/// A limit with what it counts by.
type Use = (Limit, Vec<KeyPart>);

/// Compares the limits of two rules. Those that hold only what others than consumers are paid are theirs alone, unless
/// the rule is an exchange with a consumer.
pub(super) fn compare(pair: &Pair<'_>, found: &mut Vec<Finding>) {
    for ours in relevant(pair.now, pair.now_rule, pair.exchange) {
        let theirs: Vec<&Use> = relevant(pair.was, pair.was_rule, pair.exchange).collect();
        if theirs.iter().any(|t| holds_less(pair, ours, t)) {
            continue;
        }
        found.push(tighter(pair, ours, &theirs));
    }
}

/// The limits of a rule that can stop what a consumer is paid.
fn relevant<'a>(side: Side<'a>, rule: &'a Rule, exchange: bool) -> impl Iterator<Item = &'a Use> {
    rule.limits
        .iter()
        .filter(move |(limit, _)| exchange || limit.only_role.is_none_or(|role| super::policy::is_person(side, role)))
}

/// Does the present limit stop only what the announced one stopped too?
fn holds_less(pair: &Pair<'_>, (now, key): &Use, (was, old_key): &Use) -> bool {
    let bound = match now.unit {
        LimitUnit::Seconds => now.max <= was.max,
        _ => now.max >= was.max,
    };
    // Whoever was among the first of a month need not be among those of a day.
    let places = now.unit != LimitUnit::Parties || now.window == was.window;
    alike(now, was)
        && bound
        && places
        && within(now.window, was.window)
        && beyond_covers(now.beyond, was.beyond)
        && share(now) >= share(was)
        && finer(pair, key, old_key)
        && sharers(pair.now, now) <= sharers(pair.was, was)
}

/// How many rules count towards one limit: what others use of it is gone.
fn sharers(side: Side<'_>, limit: &Limit) -> usize {
    let rules = side.typed.policies.iter().flat_map(|policy| &policy.rules);
    rules.filter(|rule| rule.limits.iter().any(|(other, _)| other.counter == limit.counter)).count()
}

/// Are they limits of one sort?
fn alike(now: &Limit, was: &Limit) -> bool {
    let named = |l: &Limit| l.invariant.as_ref().map(|i| (i.only_kind, i.per_payee, i.of_price.map(|p| p.pack)));
    now.unit == was.unit && now.only_role == was.only_role && named(now) == named(was)
}

/// Of an invariant that is a share of the price: the share.
fn share(limit: &Limit) -> i64 {
    limit.invariant.as_ref().and_then(|i| i.of_price).map_or(0, |p| p.ppm)
}

/// Every window of the first sort lies in one of the second: a bound per day is weaker than the same one per month.
fn within(now: Window, was: Window) -> bool {
    let rank = |w: Window| match w {
        Window::Event => 0,
        Window::Hour => 1,
        Window::Day => 2,
        // A week lies in no month.
        Window::Week => 3,
        Window::Month => 4,
        Window::Quarter => 5,
        Window::Year => 6,
        Window::Ever => 7,
    };
    now == was || (rank(now) < rank(was) && (now != Window::Week || was == Window::Ever))
}

/// Counted by at least as much: `per store and consumer` is weaker than `per store`, where the rest is always known.
fn finer(pair: &Pair<'_>, now: &[KeyPart], was: &[KeyPart]) -> bool {
    let digest = |side: Side<'_>, event: EventId, part: &KeyPart| hash::key_digest(side.program, event, part);
    let theirs: Vec<_> = was.iter().map(|part| digest(pair.was, pair.was_rule.event, part)).collect();
    let ours: Vec<_> = now.iter().map(|part| digest(pair.now, pair.now_rule.event, part)).collect();
    let more = now.iter().zip(&ours).filter(|(_, d)| !theirs.contains(d));
    let known = |part: &KeyPart| matches!(part, KeyPart::Id { present: None, .. });
    // A user counted by all identifiers is counted alone.
    let users = now.iter().chain(was).any(|part| matches!(part, KeyPart::Same(_)));
    theirs.iter().all(|d| ours.contains(d)) && more.clone().all(|(part, _)| known(part)) && (!users || ours == theirs)
}

/// What to say of a limit that none of the announced ones covers.
fn tighter(pair: &Pair<'_>, now: &Use, theirs: &[&Use]) -> Finding {
    let (limit, key) = now;
    let said = |at: Location| pair.sources.text(at).split_whitespace().collect::<Vec<_>>().join(" ");
    // The announced limit on the same count, if its bound is all that differs.
    let same = theirs.iter().find(|(was, old)| {
        alike(limit, was)
            && limit.window == was.window
            && limit.once == was.once
            && finer(pair, key, old)
            && old.len() == key.len()
    });
    match same {
        Some((was, _)) if limit.max != was.max => {
            let (before, after) = (bound(was), bound(limit));
            let what = Text::new(
                format!("the limit was {}, now it is {}", before.en, after.en),
                format!("上限原来是 {}，现在是 {}", before.zh, after.zh),
            );
            Finding { now: Some(limit.at), was: was.at, what, sort: Sort::Worse }
        }
        Some((was, _)) => {
            let (before, after) = (said(was.at), said(limit.at));
            let what = Text::new(
                format!("the limit was `{before}`, now it is `{after}`"),
                format!("上限原来写作 `{before}`，现在写作 `{after}`"),
            );
            Finding { now: Some(limit.at), was: was.at, what, sort: Sort::Worse }
        }
        None => {
            let ours = relevant(pair.now, pair.now_rule, pair.exchange).count();
            let added = ours > theirs.len();
            let what = match added {
                true => Text::new(
                    format!("`{}` was not announced", said(limit.at)),
                    format!("公布的条款里没有 `{}`", said(limit.at)),
                ),
                false => Text::new(format!("limit `{}`", said(limit.at)), format!("限制 `{}`", said(limit.at))),
            };
            let was = theirs.first().map_or(pair.was_rule.at, |(was, _)| was.at);
            let was = if added { pair.was_rule.at } else { was };
            Finding { now: Some(limit.at), was, what, sort: if added { Sort::Worse } else { Sort::Unproven } }
        }
    }
}

fn bound(limit: &Limit) -> Text {
    match limit.unit {
        LimitUnit::Parties => Text::new(format!("the first {}", limit.max), format!("前 {} 名", limit.max)),
        LimitUnit::Times => Text::new(format!("{} times", limit.max), format!("{} 次", limit.max)),
        LimitUnit::Fen | LimitUnit::Cost | LimitUnit::Dearest => say::amount(limit.max, &Type::Money),
        LimitUnit::Seconds => say::duration(Term::Seconds(limit.max)),
        LimitUnit::Amount => say::amount(limit.max, &Type::Plain),
    }
}

/// Is what is beyond a limit treated no worse? What waits may be paid whole later, what is cut never is.
fn beyond_covers(now: Beyond, was: Beyond) -> bool {
    match (now, was) {
        // Not `cut` for `skip`: what is paid in part is used up, and would have been paid whole another day.
        (Beyond::Hold(_), Beyond::Skip) => true,
        (Beyond::Hold(now), Beyond::Hold(was)) => now.covers(was),
        _ => now == was,
    }
}
