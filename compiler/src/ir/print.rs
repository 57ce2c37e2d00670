//! The decision IR as text, for `promo dump --stage ir` and for reviews: words by the path of their field, every
//! expression written out.

use super::{
    Award, Beyond, Budget, Due, EventId, Flow, Fold, GateKind, Given, GroupRule, Input, IntervalSet, Invariant,
    KeyPart, Limit, LimitUnit, LinkUse, Node, NodeId, OnReturn, Policy, Program, RewardUnit, Round, RowKey, RowUse,
    Rule, Schema, Term, Test, Window, Windows, Withholding, Word,
};
use crate::ir::schema::{Field, FieldType, NumberUnit};
use std::fmt::Write;

/// How many values of a table are shown.
const TABLE_VALUES: usize = 64;

/// The whole program.
pub fn print(program: &Program) -> String {
    let mut out = String::new();
    line(&mut out, 0, &format!("program {} {}", program.schema.channel, program.semantic_hash));
    for at in 0..program.schema.events.len() {
        print_event(&mut out, &program.schema, EventId(at as u32));
    }
    for (at, measure) in program.measures.iter().enumerate() {
        let window = window(measure.window);
        line(&mut out, 0, &format!("measure m{at} {:016x} {window}, at most {}", measure.counter, measure.max));
        if let Some(paid) = measure.paid {
            let p = Printer { program, event: EventId(u32::MAX) };
            let kind = program.kinds.get(paid.kind.index()).map_or("?", |k| &k.name);
            let item = paid.item.and_then(|id| program.items.get(id.index())).map_or("", |i| &i.name);
            let less = if paid.balance { ", less what is taken" } else { "" };
            line(&mut out, 1, &format!("{kind} {item} given to {}{less}", p.role(paid.role)));
        }
        for c in &measure.contributions {
            let p = Printer { program, event: c.event };
            let add = c.add.map_or_else(|| "1".to_owned(), |w| p.word(w));
            let only = c.only.iter().map(|(word, set)| format!(" where {} in {}", p.word(*word), ranges(set)));
            let linked = c.linked.iter().map(|(input, set)| format!(" where {} in {}", p.input(input), ranges(set)));
            let (event, key) = (p.event_name(c.event), p.key(&c.key));
            line(&mut out, 1, &format!("{event} adds {add} by {key}{}", only.chain(linked).collect::<String>()));
        }
    }
    for (at, link) in program.links.iter().enumerate() {
        let p = Printer { program, event: link.event };
        let (event, code) = (p.event_name(link.event), link.code.map_or("all".to_owned(), |code| p.word(code)));
        let only = link.only.iter().map(|(word, set)| format!(" where {} in {}", p.word(*word), ranges(set)));
        let given = match &link.given {
            None => String::new(),
            Some(Given::Kind(kind)) => {
                format!(" that gave {}", program.kinds.get(kind.index()).map_or("?", |k| &k.name))
            }
            Some(Given::Item { name, coupon }) => {
                format!(" that gave {}{name}", if *coupon { "coupon " } else { "" })
            }
        };
        let only = only.collect::<String>();
        let (which, chance) = match &link.drawn {
            None => ("last", String::new()),
            Some(drawn) => {
                let chance: Vec<String> = drawn.chance.iter().map(|word| p.word(*word)).collect();
                let chance = if chance.is_empty() { "id".to_owned() } else { chance.join(" and ") };
                ("drawn", format!(" per {:?}, one chance per {chance}", drawn.window))
            }
        };
        let found = format!("{which} {event} on {code}{only}{given}{chance}");
        line(&mut out, 0, &format!("link k{at} {:016x} {found}", link.counter));
    }
    for identity in &program.identities {
        line(&mut out, 0, &format!("identity {} {:016x}", identity.name, identity.counters[0]));
        for (event, identifiers) in &identity.events {
            let p = Printer { program, event: *event };
            let words: Vec<String> = identifiers.iter().map(|i| p.word(i.word)).collect();
            line(&mut out, 1, &format!("{} by {}", p.event_name(*event), words.join(", ")));
        }
    }
    for (at, table) in program.tables.iter().enumerate() {
        // One over regions has thousands, the same in every program.
        let shown: Vec<String> = table.iter().take(TABLE_VALUES).map(i64::to_string).collect();
        let more = match table.len().saturating_sub(shown.len()) {
            0 => String::new(),
            more => format!(" … and {more} more"),
        };
        line(&mut out, 0, &format!("table t{at} {}{more}", shown.join(" ")));
    }
    for group in &program.groups {
        let rule = match group.rule {
            GroupRule::BestOf => "best of",
            GroupRule::FirstOf => "first of",
            GroupRule::AllOf => "all of",
        };
        let names = group.members.iter().map(|id| program.policies.get(id.index()).map_or("?", |p| p.name.as_str()));
        let names: Vec<&str> = names.collect();
        line(&mut out, 0, &format!("group {} {rule} {}", group.name, names.join(", ")));
    }
    for policy in &program.policies {
        print_policy(&mut out, program, policy);
    }
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}{}", "  ".repeat(depth), text.trim_end());
}

fn print_event(out: &mut String, schema: &Schema, id: EventId) {
    let Some(event) = schema.events.get(id.index()) else { return };
    let period = event.period_end.map_or(String::new(), |w| format!(", at the end of a {}", window(w)));
    line(out, 0, &format!("event {} {} words{period}", event.name.name, event.words));
    for field in &event.fields {
        let present = field.present.map_or(String::new(), |p| format!(", known if w{}", p.0));
        line(out, 1, &format!("w{} {}: {}{present}", field.word.0, path(field), field_type(&field.ty)));
    }
}

fn field_type(ty: &FieldType) -> String {
    match ty {
        FieldType::Instant => "instant".into(),
        FieldType::Date => "date".into(),
        FieldType::Id => "id".into(),
        FieldType::Product => "product".into(),
        FieldType::Region => "region".into(),
        FieldType::YesNo => "yes/no".into(),
        FieldType::OneOf(values) => {
            let names: Vec<&str> = values.iter().map(|v| v.name.as_str()).collect();
            format!("one of {}", names.join(", "))
        }
        FieldType::Number { lo, hi, unit } => {
            let unit = match unit {
                NumberUnit::Fen => " fen",
                NumberUnit::Points => " points",
                NumberUnit::BasisPoints => " basis points",
                NumberUnit::Thing(name) => return format!("{lo}..={hi} {name}"),
                NumberUnit::Plain => "",
            };
            format!("{lo}..={hi}{unit}")
        }
    }
}

fn print_policy(out: &mut String, program: &Program, policy: &Policy) {
    let title = policy.title.as_ref().map_or(String::new(), |t| format!(" {t:?}"));
    line(out, 0, &format!("policy {}{title} {}", policy.name, policy.hash));
    let redeem = policy.redeem_until.map_or(String::new(), |at| format!(", redeem until {at}"));
    let share = format!("cp {} of 10000", policy.cp_share);
    line(out, 1, &format!("during {}..{}{redeem}, {share}", policy.during.0, policy.during.1));
    if let Some(budget) = policy.budget.and_then(|id| program.budgets.get(id.index())) {
        let Budget { counter, max, announced, used_up, .. } = budget;
        let announced = if announced == max { String::new() } else { format!(", {announced} fen announced") };
        line(out, 1, &format!("budget {counter:016x} {max} fen{announced}, when used up: {}", beyond(*used_up)));
    }
    for rule in program.rules.iter().skip(policy.first_rule.index()).take(policy.rule_count as usize) {
        print_rule(out, program, rule);
    }
}

fn print_rule(out: &mut String, program: &Program, rule: &Rule) {
    let p = Printer { program, event: rule.event };
    line(out, 1, &format!("rule {} on {}", rule.number, p.event_name(rule.event)));
    for gate in &rule.gates {
        let kind = match gate.kind {
            GateKind::During => "during",
            GateKind::Products => "products",
            GateKind::Regions => "regions",
            GateKind::Pilot => "pilot",
        };
        line(out, 2, &format!("{kind}: {} in {}", p.word(gate.word), ranges(&gate.set)));
    }
    for (at, input) in rule.inputs.iter().enumerate() {
        line(out, 2, &format!("i{at} = {}", p.input(input)));
    }
    for (at, node) in rule.nodes.iter().enumerate() {
        line(out, 2, &format!("n{at} = {}", p.node(node)));
    }
    for condition in &rule.conditions {
        let test = match &condition.test {
            Test::InSet(word, set) => format!("{} in {}", p.word(*word), ranges(set)),
            Test::Node(node) => n(*node),
        };
        line(out, 2, &format!("where {test}"));
    }
    for award in &rule.awards {
        line(out, 2, &p.award(award));
    }
    for used in &rule.limits {
        if let Some(limit) = program.limits.get(used.limit.index()) {
            line(out, 2, &format!("{} by {}", p.limit(limit), p.key(&used.key)));
        }
    }
    if rule.consumes_when_nothing {
        line(out, 2, "a blank uses up the chance");
    }
    if !rule.entitlement.is_empty() {
        line(out, 2, &format!("draws by {}", p.key(&rule.entitlement)));
    }
}

struct Printer<'a> {
    program: &'a Program,
    event: EventId,
}

impl Printer<'_> {
    fn event_name(&self, id: EventId) -> &str {
        self.program.schema.events.get(id.index()).map_or("?", |e| &e.name.name)
    }

    fn word(&self, word: Word) -> String {
        word_name(&self.program.schema, self.event, word)
    }

    fn past_word(&self, link: &LinkUse, word: Word) -> String {
        let event = self.program.links.get(link.link.index()).map_or(EventId(u32::MAX), |l| l.event);
        word_name(&self.program.schema, event, word)
    }

    fn role(&self, role: u32) -> &str {
        self.program.schema.roles.get(role as usize).map_or("?", |r| &r.name)
    }

    fn key(&self, parts: &[KeyPart]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.key_part(part)).collect();
        if parts.is_empty() { "all".into() } else { parts.join(" and ") }
    }

    fn key_part(&self, part: &KeyPart) -> String {
        let known = |present: &Option<Word>| if present.is_some() { "?" } else { "" };
        match part {
            KeyPart::Id { word, present } => format!("{}{}", self.word(*word), known(present)),
            KeyPart::Same(identity) => {
                format!("same {}", self.program.identities.get(identity.index()).map_or("?", |i| &i.name))
            }
            KeyPart::LinkId { link, word, present } => {
                format!("{}.{}{}", self.link(link), self.past_word(link, *word), known(present))
            }
        }
    }

    fn link(&self, link: &LinkUse) -> String {
        let within = link.within.map_or(String::new(), |term| format!(" within {}", term_text(term)));
        let apart = link.apart.map_or(String::new(), |s| format!(" at least {s} s ago"));
        let day = if link.same_day { " on the same day" } else { "" };
        let persons = |pair: Option<(Word, Word)>, how: &str| {
            pair.map_or(String::new(), |(theirs, ours)| {
                format!(" {} {how} {}", self.past_word(link, theirs), self.word(ours))
            })
        };
        let (another, same) = (persons(link.another, "not"), persons(link.same, "is"));
        let key = link.key.as_ref().map_or("all".to_owned(), |key| self.key_part(key));
        let back = if link.back > 0 { format!(" {} before", link.back) } else { String::new() };
        format!("k{}[{key}{within}{apart}{day}{another}{same}{back}]", link.link.0)
    }

    fn input(&self, input: &Input) -> String {
        match input {
            Input::LinkPresent(link) => format!("known {}", self.link(link)),
            Input::LinkWord(link, word) => format!("{}.{}", self.link(link), self.past_word(link, *word)),
            Input::Measure(used) => {
                let windows = match used.windows {
                    Windows::THIS => String::new(),
                    Windows { first_back, count, fold } => {
                        let fold = match fold {
                            Fold::Sum => "sum",
                            Fold::Least => "least",
                        };
                        format!(", {fold} of {count} windows from {first_back} back")
                    }
                };
                format!("m{} by {}{windows}", used.measure.0, self.key(&used.key))
            }
            Input::Bucket(used) => format!("bucket {:016x} of {}", used.salt, self.key_part(&used.party)),
            Input::Draw(number) => format!("draw {number}"),
            Input::Ticket(pool) => format!("ticket {} of {} {:016x}", pool.draw, pool.size, pool.counter),
            Input::Row(row) => format!("row {}", self.row(row)),
            Input::CellPresent(row, column) => format!("known {}.{}", self.row(row), self.column(row, *column)),
            Input::Cell(row, column) => format!("{}.{}", self.row(row), self.column(row, *column)),
        }
    }

    fn row(&self, row: &RowUse) -> String {
        let known = |present: &Option<Word>| if present.is_some() { "?" } else { "" };
        let key = |key: &RowKey| match key {
            RowKey::Id(part) => self.key_part(part),
            RowKey::Word { link: None, word, present } => format!("{}{}", self.word(*word), known(present)),
            RowKey::Word { link: Some(link), word, present } => {
                format!("{}.{}{}", self.link(link), self.past_word(link, *word), known(present))
            }
        };
        let keys: Vec<String> = row.keys.iter().map(key).collect();
        let name = self.program.data.get(row.table.index()).map_or("?", |t| &t.name);
        format!("{name}[{}]", keys.join(", "))
    }

    fn column(&self, row: &RowUse, column: u32) -> &str {
        let table = self.program.data.get(row.table.index());
        table.and_then(|t| t.columns.get(column as usize)).map_or("?", |c| &c.name)
    }

    fn node(&self, node: &Node) -> String {
        match *node {
            Node::Const(value) => value.to_string(),
            Node::Fact(word) => self.word(word),
            Node::Input(input) => format!("i{}", input.0),
            Node::Add(a, b) => format!("{} + {}", n(a), n(b)),
            Node::Sub(a, b) => format!("{} - {}", n(a), n(b)),
            Node::Mul(a, b) => format!("{} * {}", n(a), n(b)),
            Node::Div(a, divisor, round) => {
                format!("{} / {divisor} {}", n(a), round_name(round))
            }
            Node::Quotient(a, b, round) => format!("{} / {} {}", n(a), n(b), round_name(round)),
            Node::Min(a, b) => format!("min {} {}", n(a), n(b)),
            Node::Max(a, b) => format!("max {} {}", n(a), n(b)),
            Node::Eq(a, b) => format!("{} = {}", n(a), n(b)),
            Node::Lt(a, b) => format!("{} < {}", n(a), n(b)),
            Node::Le(a, b) => format!("{} <= {}", n(a), n(b)),
            Node::And(a, b) => format!("{} and {}", n(a), n(b)),
            Node::Or(a, b) => format!("{} or {}", n(a), n(b)),
            Node::Not(a) => format!("not {}", n(a)),
            Node::Select(c, a, b) => format!("if {} then {} else {}", n(c), n(a), n(b)),
            Node::Within(a, lo, hi) => format!("{} in {lo}..{hi}", n(a)),
            Node::Lookup(table, a) => format!("t{}[{}]", table.0, n(a)),
            Node::Uniform(a, count) => format!("{} of {count}", n(a)),
        }
    }

    fn award(&self, award: &Award) -> String {
        let payees = award.payees.iter().map(|p| format!("{} {}", self.role(p.role), self.key_part(&p.id)));
        let payees: Vec<String> = payees.collect();
        let way = match award.flow {
            Flow::Give => "give",
            Flow::Take(_) => "take from",
            Flow::Charge => "charge for",
        };
        let mut out = format!("{way} {}", payees.join(" else "));
        if let Some(from) = &award.from {
            let _ = write!(out, " by {} {}", self.role(from.role), self.key_part(&from.id));
        }
        if let Some(kind) = self.program.kinds.get(award.kind.index()) {
            let unit = match kind.unit {
                RewardUnit::Fen => "fen",
                RewardUnit::Points => "points",
                RewardUnit::Pieces => "pieces",
            };
            let _ = write!(out, ": {} {unit} of {}", n(award.amount), kind.name);
        }
        if let Some(item) = award.item.and_then(|id| self.program.items.get(id.index())) {
            let _ = write!(out, " {}", item.name);
        }
        match award.net {
            Some(true) => out.push_str(" net"),
            Some(false) => out.push_str(" gross"),
            None => {}
        }
        let kind = self.program.kinds.get(award.kind.index());
        if let Some(side) = kind.and_then(|kind| Withholding::of(award, kind)) {
            let _ = write!(out, " of {} ppm tax", side.ppm);
        }
        let _ = write!(out, ", {} fen each", award.unit_cost);
        if let Some(term) = award.claim_within {
            let _ = write!(out, ", claim within {}", term_text(term));
        }
        match award.due {
            None => {}
            Some(Due::NextMonth) => out.push_str(", pay next month"),
            Some(Due::Within(term)) => {
                let _ = write!(out, ", pay within {}", term_text(term));
            }
        }
        if let Some(hold) = award.hold {
            let _ = write!(out, ", if unknown: hold {}", term_text(hold));
        }
        out.push_str(match award.on_return {
            OnReturn::NotSaid => "",
            OnReturn::TakeBack => ", if returned: take back",
            OnReturn::Keep => ", if returned: keep",
            OnReturn::InProportion => ", if returned: in proportion",
        });
        out
    }

    fn limit(&self, limit: &Limit) -> String {
        let unit = match limit.unit {
            LimitUnit::Times => "times",
            LimitUnit::Fen => "fen",
            LimitUnit::Parties => "parties",
            LimitUnit::Seconds => {
                let beyond = beyond(limit.beyond);
                return format!("at least {} seconds apart, beyond: {beyond}, {:016x}", limit.max, limit.counter);
            }
            LimitUnit::Cost => "fen of cost",
            LimitUnit::Amount => "pieces",
            LimitUnit::Dearest => "fen of cost each",
        };
        let only = limit.only_role.map_or(String::new(), |role| format!(" for {}", self.role(role)));
        let once = if limit.once { "once, " } else { "" };
        let (window, beyond) = (window(limit.window), beyond(limit.beyond));
        let invariant = limit.invariant.as_ref().map_or(String::new(), |i| self.invariant(i));
        format!(
            "{once}at most {} {unit} {window}{only}, beyond: {beyond}, {:016x}{invariant}",
            limit.max, limit.counter
        )
    }

    fn invariant(&self, invariant: &Invariant) -> String {
        let mut out = format!(", invariant {:?}", invariant.name);
        if let Some(kind) = invariant.only_kind.and_then(|k| self.program.kinds.get(k.index())) {
            let _ = write!(out, " of {}", kind.name);
        }
        if invariant.per_payee {
            out.push_str(" by payee");
        }
        if let Some(share) = invariant.of_price {
            let pack = self.program.schema.packs.get(share.pack as usize).map_or("?", |p| &p.name);
            let _ = write!(out, " at most {} ppm of the {pack} price", share.ppm);
        }
        out
    }
}

fn term_text(term: Term) -> String {
    match term {
        Term::Seconds(seconds) => format!("{seconds} s"),
        Term::Days(days) => format!("{days} days"),
        Term::WorkingDays(days) => format!("{days} working days"),
    }
}

fn round_name(round: Round) -> &'static str {
    match round {
        Round::HalfUp => "half up",
        Round::Down => "down",
        Round::Up => "up",
        Round::HalfEven => "half even",
    }
}

fn n(id: NodeId) -> String {
    format!("n{}", id.0)
}

/// Half-open intervals; a single value as it is.
fn ranges(set: &IntervalSet) -> String {
    let one = |(lo, hi): &(i64, i64)| match hi.checked_sub(*lo) {
        Some(1) => lo.to_string(),
        _ => format!("{lo}..{hi}"),
    };
    let all: Vec<String> = set.ranges().iter().map(one).collect();
    format!("{{{}}}", all.join(", "))
}

fn window(window: Window) -> &'static str {
    match window {
        Window::Hour => "hour",
        Window::Day => "day",
        Window::Week => "week",
        Window::Month => "month",
        Window::Quarter => "quarter",
        Window::Year => "year",
        Window::Ever => "ever",
        Window::Event => "in one event",
    }
}

fn beyond(beyond: Beyond) -> String {
    match beyond {
        Beyond::Skip => "skip".to_owned(),
        Beyond::Cut => "cut".to_owned(),
        Beyond::Hold(term) => format!("hold {}", term_text(term)),
    }
}

/// A word by the path of its field: `store.grade`; `day` for the local day, `store.id+1` for the high half of an id,
/// `store.id known` for a presence word.
pub(crate) fn word_name(schema: &Schema, event: EventId, word: Word) -> String {
    let Some(layout) = schema.events.get(event.index()) else { return format!("w{}", word.0) };
    if word == Word::DAY {
        return "day".into();
    }
    if let Some(field) = layout.fields.iter().find(|f| f.word == word) {
        return path(field);
    }
    if let Some(field) = layout.fields.iter().find(|f| f.present == Some(word)) {
        return format!("{} known", path(field));
    }
    match layout.fields.iter().find(|f| f.ty == FieldType::Id && f.word.next() == word) {
        Some(field) => format!("{}+1", path(field)),
        None => format!("w{}", word.0),
    }
}

fn path(field: &Field) -> String {
    field.path.iter().map(|n| n.name.as_str()).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
#[expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::ir::settle::tests::world::*;
    use crate::ir::{Condition, Link, LinkId, Measure, MeasureId, MeasureUse};

    #[test]
    fn a_program_reads_as_text() {
        let mut p = program();
        p.measures = vec![Measure {
            counter: 7,
            window: Window::Month,
            max: 99,
            contributions: vec![crate::ir::Contribution {
                event: OPEN_BOX,
                only: vec![(AMOUNT, IntervalSet::range(1, 5))],
                linked: vec![],
                key: vec![party(STORE)],
                add: None,
            }],
            paid: None,
            at: AT,
        }];
        p.tables = vec![vec![1, -2]];
        let given = Some(Given::Kind(POINTS));
        let only = vec![(AMOUNT, IntervalSet::one(7))];
        p.links = vec![Link { counter: 8, event: GUIDE_SCAN, code: Some(CODE), only, given, drawn: None }];
        let drawn = Some(crate::ir::Drawn { window: Window::Week, chance: vec![REP] });
        p.links.push(Link { counter: 9, event: GUIDE_SCAN, code: None, only: vec![], given: None, drawn });
        let a = p.policy("a");
        p.rule(vec![(REP_ROLE, CASH, 5)]);
        let code = KeyPart::Id { word: CODE, present: None };
        let link = LinkUse {
            within: Some(Term::Seconds(60)),
            apart: Some(5),
            same_day: true,
            another: Some((ACTOR, ACTOR)),
            same: Some((REP, REP)),
            ..LinkUse::of(LinkId(0), code)
        };
        p.last().inputs = vec![
            Input::LinkPresent(link),
            Input::LinkWord(LinkUse::drawn(LinkId(1), 1), AMOUNT),
            Input::Measure(MeasureUse {
                measure: MeasureId(0),
                key: vec![party(REP_ROLE)],
                windows: Windows { first_back: 1, count: 3, fold: Fold::Least },
            }),
        ];
        p.last().conditions = vec![
            Condition { test: Test::InSet(AMOUNT, IntervalSet::from_ranges([(3, 4), (6, 9)])), at: AT },
            Condition { test: Test::Node(NodeId(0)), at: AT },
        ];
        let limit = p.limit(3, LimitUnit::Times, Beyond::Skip);
        p.limits[0].counter = 9;
        p.last().limits = vec![super::super::LimitUse { limit, key: vec![party(STORE)] }];
        p.group(GroupRule::BestOf, vec![a]);
        let text = print(&p);
        let rest = text.split("measure m0").nth(1).expect("a measure");
        let expected = " 0000000000000007 month, at most 99
  open_box adds 1 by actor where amount in {1..5}
link k0 0000000000000008 last guide_scan on code where amount in {7} that gave points
link k1 0000000000000009 drawn guide_scan on all per Week, one chance per rep
table t0 1 -2
group g best of a
policy a
  during 0..9223372036854775807, cp 0 of 10000
  rule 1 on open_box
    i0 = known k0[code within 60 s at least 5 s ago on the same day actor not actor rep is rep]
    i1 = k1[all 1 before].amount
    i2 = m0 by rep?, least of 3 windows from 1 back
    n0 = 5
    where amount in {3, 6..9}
    where n0
    give rep rep?: n0 fen of cash, 1 fen each
    at most 3 times day, beyond: skip, 0000000000000009 by actor
";
        assert_eq!(rest, expected);
        assert!(text.starts_with("program test\nevent open_box 12 words\n  w0 time: instant\n"), "{text}");
        assert!(text.contains("  w9 rep: id, known if w8\n  w11 amount: 0..=1000 fen\n"));
    }
}
