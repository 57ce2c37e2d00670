//! What a package means, as a hash: equal for both spellings, for any formatting, titles and order of files, and
//! different as soon as a decision can differ.
//!
//! Everything is written in a canonical form and hashed with BLAKE3: references are replaced by what they refer to,
//! words by the path of their field, and an expression by the hash of its tree, so neither numbering nor sharing
//! shows. Source positions, titles and second spellings are left out.

use super::data::DataKey;
use super::print::word_name;
use super::{
    Award, Beyond, Due, EventId, Flow, Fold, GateKind, Given, Group, GroupRule, Identity, Input, IntervalSet,
    Invariant, KeyPart, Limit, LimitUnit, Link, LinkUse, Measure, Node, NodeId, OnReturn, Policy, PolicyId, Program,
    RewardUnit, Round, RowKey, RowUse, Rule, Term, Test, Window, Withholding, Word,
};

/// Fills in the hash of every policy and of the whole program: 64 hex digits each.
pub fn fill(program: &mut Program) {
    // A group names all its members, and each of them carries it: hashed once, or a thousand members cost a million.
    let groups: Vec<[u8; 32]> = program.groups.iter().map(|group| group_hash(program, group).finish()).collect();
    let hashes: Vec<String> = program.policies.iter().map(|p| policy_hash(program, p, &groups)).collect();
    for (policy, hash) in program.policies.iter_mut().zip(hashes) {
        policy.hash = hash;
    }
    program.semantic_hash = program_hash(program, &groups);
}

fn group_hash(program: &Program, group: &Group) -> Writer {
    let mut w = Writer::new("group");
    group_to(&mut w, program, group);
    w
}

/// The hash of what a policy does, together with how its group relates it to others.
fn policy_hash(program: &Program, policy: &Policy, groups: &[[u8; 32]]) -> String {
    let mut w = Writer::new("policy");
    w.text(&policy.name);
    w.number(policy.during.0).number(policy.during.1).number(i64::from(policy.cp_share));
    w.option(policy.redeem_until);
    let budget = policy.budget.and_then(|id| program.budgets.get(id.index()));
    w.count(usize::from(budget.is_some()));
    if let Some(budget) = budget {
        w.number(budget.counter as i64).number(budget.max).number(budget.announced);
        w.number(beyond(budget.used_up));
    }
    let group = policy.group.and_then(|id| groups.get(id.index()));
    w.count(usize::from(group.is_some()));
    if let Some(group) = group {
        w.bytes(group);
    }
    let rules = program.rules.iter().skip(policy.first_rule.index()).take(policy.rule_count as usize);
    w.count(policy.rule_count as usize);
    rules.for_each(|rule| rule_to(&mut w, program, rule));
    w.hex()
}

fn program_hash(program: &Program, groups: &[[u8; 32]]) -> String {
    let mut w = Writer::new("program");
    w.number(i64::from(program.schema.utc_offset)).number(program.schema.hash as i64);
    // Sorted by their own hash where the order has no meaning.
    w.sorted(program.policies.iter().map(|p| p.hash.clone()));
    w.sorted(groups.iter().map(|group| blake3::Hash::from_bytes(*group).to_hex().to_string()));
    w.sorted(program.measures.iter().map(|measure| {
        let mut w = Writer::new("measure");
        measure_to(&mut w, program, measure);
        w.hex()
    }));
    w.sorted(program.links.iter().map(|link| {
        let mut w = Writer::new("link");
        link_to(&mut w, program, link);
        w.hex()
    }));
    w.sorted(program.identities.iter().map(|identity| {
        let mut w = Writer::new("identity");
        w.identity(program, identity);
        w.hex()
    }));
    w.hex()
}

fn link_to(w: &mut Writer, program: &Program, link: &Link) {
    w.number(link.counter as i64);
    w.event(program, link.event);
    for code in link.code.iter().chain(link.drawn.iter().flat_map(|drawn| &drawn.chance)) {
        w.word(program, link.event, *code);
    }
    if let Some(drawn) = &link.drawn {
        w.text("drawn").count(usize::from(link.code.is_some())).number(window(drawn.window));
    }
    w.sorted(link.only.iter().map(|(word, set)| {
        let mut w = Writer::new("only");
        w.word(program, link.event, *word).set(set);
        w.hex()
    }));
    match &link.given {
        None => w.number(0),
        Some(Given::Kind(kind)) => w.number(1).text(program.kinds.get(kind.index()).map_or("", |k| &k.name)),
        Some(Given::Item { name, coupon }) => w.number(2).text(name).number(i64::from(*coupon)),
    };
}

fn group_to(w: &mut Writer, program: &Program, group: &Group) {
    let name = |id: &PolicyId| program.policies.get(id.index()).map_or("", |p| p.name.as_str());
    w.text(&group.name).number(match group.rule {
        GroupRule::BestOf => 0,
        GroupRule::FirstOf => 1,
        GroupRule::AllOf => 2,
    });
    w.count(group.members.len());
    for member in &group.members {
        w.text(name(member));
    }
}

fn rule_to(w: &mut Writer, program: &Program, rule: &Rule) {
    let trees = trees(program, rule);
    let tree = |id: NodeId| trees.get(id.index()).copied().unwrap_or_default();
    w.number(i64::from(rule.number)).event(program, rule.event);
    w.count(rule.gates.len());
    for gate in &rule.gates {
        w.number(match gate.kind {
            GateKind::During => 0,
            GateKind::Products => 1,
            GateKind::Regions => 2,
            GateKind::Pilot => 3,
        });
        w.word(program, rule.event, gate.word).set(&gate.set);
    }
    w.count(rule.conditions.len());
    for condition in &rule.conditions {
        match &condition.test {
            Test::InSet(word, set) => w.number(0).word(program, rule.event, *word).set(set),
            Test::Node(node) => w.number(1).bytes(&tree(*node)),
        };
    }
    w.count(rule.awards.len());
    for award in &rule.awards {
        award_to(w, program, rule, award, &tree(award.amount));
    }
    w.count(rule.limits.len());
    for used in &rule.limits {
        if let Some(limit) = program.limits.get(used.limit.index()) {
            limit_to(w, program, limit);
        }
        w.key(program, rule.event, &used.key);
    }
    w.number(i64::from(rule.consumes_when_nothing)).key(program, rule.event, &rule.entitlement);
}

fn award_to(w: &mut Writer, program: &Program, rule: &Rule, award: &Award, amount: &[u8; 32]) {
    w.count(award.payees.len());
    for payee in &award.payees {
        w.role(program, Some(payee.role)).key_part(program, rule.event, &payee.id);
    }
    if let Some(kind) = program.kinds.get(award.kind.index()) {
        w.text(&kind.name).number(match kind.unit {
            RewardUnit::Fen => 0,
            RewardUnit::Points => 1,
            RewardUnit::Pieces => 2,
        });
    }
    let item = award.item.and_then(|id| program.items.get(id.index()));
    w.count(usize::from(item.is_some()));
    if let Some(item) = item {
        w.text(&item.name).number(i64::from(item.coupon));
    }
    w.bytes(amount).option(award.net.map(i64::from)).number(award.unit_cost);
    w.term(program, award.claim_within);
    // What is said net costs more, what is said gross brings less, the higher the tax.
    let side = program.kinds.get(award.kind.index()).and_then(|kind| Withholding::of(award, kind));
    if let Some(side) = side {
        w.number(side.ppm);
    }
    w.number(match award.flow {
        Flow::Give => 0,
        Flow::Take(_) => 1,
        Flow::Charge => 2,
    });
    if let Flow::Take(account) = award.flow
        && let Some(measure) = program.measures.get(account.index())
    {
        measure_to(w, program, measure);
    }
    w.count(usize::from(award.from.is_some()));
    if let Some(from) = &award.from {
        w.role(program, Some(from.role)).key_part(program, rule.event, &from.id);
    }
    let on_return = match award.on_return {
        OnReturn::NotSaid => 0,
        OnReturn::TakeBack => 1,
        OnReturn::Keep => 2,
        OnReturn::InProportion => 3,
    };
    // One number for both: what is paid at once hashes as it did before there were terms.
    let (term, length) = match award.due {
        None => (0, None),
        Some(Due::NextMonth) => (1, None),
        Some(Due::Within(Term::Days(days))) => (2, Some(days)),
        Some(Due::Within(Term::Seconds(seconds))) => (3, Some(seconds)),
        Some(Due::Within(Term::WorkingDays(days))) => (4, Some(days)),
    };
    w.number(on_return + 4 * term);
    if let Some(length) = length {
        w.number(length);
    }
    if let Some(Due::Within(Term::WorkingDays(_))) = award.due {
        w.work(program);
    }
    // What does not wait hashes as it did before anything could.
    if award.hold.is_some() {
        w.text("hold").term(program, award.hold);
    }
}

fn limit_to(w: &mut Writer, program: &Program, limit: &Limit) {
    w.number(limit.counter as i64).number(limit.max);
    w.number(match limit.unit {
        LimitUnit::Times => 0,
        LimitUnit::Fen => 1,
        LimitUnit::Seconds => 5,
        LimitUnit::Cost => 2,
        LimitUnit::Amount => 3,
        LimitUnit::Dearest => 4,
        LimitUnit::Parties => 6,
    });
    w.number(window(limit.window)).number(beyond(limit.beyond)).number(i64::from(limit.once));
    if let Beyond::Hold(term) = limit.beyond {
        w.term(program, Some(term));
    }
    w.role(program, limit.only_role);
    w.count(usize::from(limit.invariant.is_some()));
    if let Some(invariant) = &limit.invariant {
        invariant_to(w, program, invariant);
    }
}

fn invariant_to(w: &mut Writer, program: &Program, invariant: &Invariant) {
    let kind = invariant.only_kind.and_then(|kind| program.kinds.get(kind.index()));
    w.text(&invariant.name).number(i64::from(invariant.per_payee));
    w.count(usize::from(kind.is_some())).text(kind.map_or("", |k| k.name.as_str()));
    w.count(usize::from(invariant.of_price.is_some()));
    if let Some(share) = invariant.of_price {
        // The bound is what each product comes to.
        w.number(share.ppm).count(program.schema.products.len());
        for product in &program.schema.products {
            w.text(&product.sku).number(product.price_of(share.pack));
        }
    }
}

fn measure_to(w: &mut Writer, program: &Program, measure: &Measure) {
    w.number(measure.counter as i64).number(window(measure.window)).number(measure.max);
    w.count(usize::from(measure.paid.is_some()));
    if let Some(paid) = measure.paid {
        w.text(program.kinds.get(paid.kind.index()).map_or("", |k| &k.name));
        let item = paid.item.and_then(|id| program.items.get(id.index()));
        w.text(item.map_or("", |i| &i.name)).role(program, Some(paid.role)).number(i64::from(paid.balance));
    }
    w.sorted(measure.contributions.iter().map(|c| {
        let mut w = Writer::new("contribution");
        w.event(program, c.event).key(program, c.event, &c.key).count(usize::from(c.add.is_some()));
        if let Some(word) = c.add {
            w.word(program, c.event, word);
        }
        w.sorted(c.only.iter().map(|(word, set)| {
            let mut w = Writer::new("only");
            w.word(program, c.event, *word).set(set);
            w.hex()
        }));
        w.sorted(c.linked.iter().map(|(input, set)| {
            let mut w = Writer::new("linked");
            input_to(&mut w, program, c.event, input);
            w.set(set);
            w.hex()
        }));
        w.hex()
    }));
}

/// The hash of the tree under every node of a rule.
fn trees(program: &Program, rule: &Rule) -> Vec<[u8; 32]> {
    let mut done: Vec<[u8; 32]> = Vec::with_capacity(rule.nodes.len());
    for node in &rule.nodes {
        let tree = node_hash(program, rule, node, &done);
        done.push(tree);
    }
    done
}

fn node_hash(program: &Program, rule: &Rule, node: &Node, done: &[[u8; 32]]) -> [u8; 32] {
    let mut w = Writer::new("node");
    let mut op = |name: &str, parts: &[NodeId]| {
        w.text(name);
        for part in parts {
            w.bytes(&done.get(part.index()).copied().unwrap_or_default());
        }
    };
    match *node {
        Node::Const(value) => {
            w.text("const").number(value);
        }
        Node::Fact(word) => {
            w.text("fact").word(program, rule.event, word);
        }
        Node::Input(input) => {
            w.text("input");
            if let Some(input) = rule.inputs.get(input.index()) {
                input_to(&mut w, program, rule.event, input);
            }
        }
        Node::Add(a, b) => op("add", &[a, b]),
        Node::Sub(a, b) => op("sub", &[a, b]),
        Node::Mul(a, b) => op("mul", &[a, b]),
        Node::Div(a, divisor, round) => {
            op("div", &[a]);
            w.number(divisor).number(round_number(round));
        }
        Node::Quotient(a, b, round) => {
            op("quotient", &[a, b]);
            w.number(round_number(round));
        }
        Node::Min(a, b) => op("min", &[a, b]),
        Node::Max(a, b) => op("max", &[a, b]),
        Node::Eq(a, b) => op("eq", &[a, b]),
        Node::Lt(a, b) => op("lt", &[a, b]),
        Node::Le(a, b) => op("le", &[a, b]),
        Node::And(a, b) => op("and", &[a, b]),
        Node::Or(a, b) => op("or", &[a, b]),
        Node::Not(a) => op("not", &[a]),
        Node::Select(c, a, b) => op("select", &[c, a, b]),
        Node::Within(a, lo, hi) => {
            op("within", &[a]);
            w.number(lo).number(hi);
        }
        Node::Lookup(table, a) => {
            op("lookup", &[a]);
            let table = program.tables.get(table.index()).map_or(&[][..], Vec::as_slice);
            w.count(table.len());
            for value in table {
                w.number(*value);
            }
        }
        Node::Uniform(a, n) => {
            op("uniform", &[a]);
            w.number(n);
        }
    }
    w.finish()
}

fn input_to(w: &mut Writer, program: &Program, event: EventId, input: &Input) {
    match input {
        Input::LinkPresent(link) => {
            w.number(0).link(program, event, link);
        }
        Input::LinkWord(link, word) => {
            w.number(1).link(program, event, link);
            w.word(program, linked(program, link), *word);
        }
        Input::Measure(used) => {
            w.number(2).key(program, event, &used.key);
            w.number(i64::from(used.windows.first_back)).number(i64::from(used.windows.count));
            w.number(match used.windows.fold {
                Fold::Sum => 0,
                Fold::Least => 1,
            });
            if let Some(measure) = program.measures.get(used.measure.index()) {
                measure_to(w, program, measure);
            }
        }
        Input::Bucket(bucket) => {
            w.number(8).number(bucket.salt as i64).key_part(program, event, &bucket.party);
        }
        Input::Draw(n) => {
            w.number(3).number(i64::from(*n));
        }
        Input::Ticket(pool) => {
            w.number(4).number(pool.counter as i64).number(pool.size).number(i64::from(pool.draw));
        }
        Input::Row(row) => {
            w.number(5).row(program, event, row);
        }
        Input::CellPresent(row, column) => {
            w.number(6).row(program, event, row).column(program, row, *column);
        }
        Input::Cell(row, column) => {
            w.number(7).row(program, event, row).column(program, row, *column);
        }
    }
}

/// What a state input means, whichever program numbers it.
pub fn input_digest(program: &Program, event: EventId, input: &Input) -> [u8; 32] {
    let mut w = Writer::new("input");
    input_to(&mut w, program, event, input);
    w.finish()
}

/// Whose id a part of a key means, whichever program numbers it.
pub fn key_digest(program: &Program, event: EventId, part: &KeyPart) -> [u8; 32] {
    let mut w = Writer::new("key");
    w.key_part(program, event, part);
    w.finish()
}

fn linked(program: &Program, link: &LinkUse) -> EventId {
    program.links.get(link.link.index()).map_or(EventId(u32::MAX), |l| l.event)
}

fn round_number(round: Round) -> i64 {
    match round {
        Round::HalfUp => 0,
        Round::Down => 1,
        Round::Up => 2,
        Round::HalfEven => 3,
    }
}

fn beyond(beyond: Beyond) -> i64 {
    match beyond {
        Beyond::Skip => 0,
        Beyond::Cut => 1,
        Beyond::Hold(_) => 2,
    }
}

fn window(window: Window) -> i64 {
    match window {
        Window::Ever => 0,
        Window::Hour => 6,
        Window::Day => 1,
        Window::Week => 2,
        Window::Month => 3,
        Window::Quarter => 4,
        Window::Year => 5,
        Window::Event => 6,
    }
}

/// Writes values so that no two different sequences give the same bytes: texts and lists with their length,
/// numbers in eight bytes.
struct Writer(blake3::Hasher);

impl Writer {
    /// For one kind of thing; hashes of different kinds never meet.
    fn new(kind: &str) -> Writer {
        let mut w = Writer(blake3::Hasher::new_derive_key("promo 2026 semantic hash v1"));
        w.text(kind);
        w
    }

    fn finish(&self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }

    fn hex(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }

    fn bytes(&mut self, bytes: &[u8; 32]) -> &mut Writer {
        self.0.update(bytes);
        self
    }

    fn number(&mut self, number: i64) -> &mut Writer {
        self.0.update(&number.to_le_bytes());
        self
    }

    fn count(&mut self, count: usize) -> &mut Writer {
        self.number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    fn option(&mut self, number: Option<i64>) -> &mut Writer {
        self.count(usize::from(number.is_some())).number(number.unwrap_or(0))
    }

    /// Seconds as any optional number; a term in days is none of seconds.
    fn term(&mut self, program: &Program, term: Option<Term>) -> &mut Writer {
        match term {
            None => self.option(None),
            Some(Term::Seconds(seconds)) => self.option(Some(seconds)),
            Some(Term::Days(days)) => self.count(2).number(days),
            Some(Term::WorkingDays(days)) => self.count(3).number(days).work(program),
        }
    }

    /// The calendar, for what counts its working days, and for nothing else.
    fn work(&mut self, program: &Program) -> &mut Writer {
        let Some(work) = &program.work else { return self.count(0) };
        self.count(work.covered.len()).count(work.moved.len());
        for (from, end) in &work.covered {
            self.number(*from).number(*end);
        }
        work.moved.iter().for_each(|day| {
            self.number(*day);
        });
        self
    }

    fn text(&mut self, text: &str) -> &mut Writer {
        self.count(text.len());
        self.0.update(text.as_bytes());
        self
    }

    fn sorted(&mut self, hashes: impl Iterator<Item = String>) -> &mut Writer {
        let mut hashes: Vec<String> = hashes.collect();
        hashes.sort_unstable();
        self.count(hashes.len());
        for hash in &hashes {
            self.text(hash);
        }
        self
    }

    fn set(&mut self, set: &IntervalSet) -> &mut Writer {
        self.count(set.ranges().len());
        for (lo, hi) in set.ranges() {
            self.number(*lo).number(*hi);
        }
        self
    }

    fn event(&mut self, program: &Program, event: EventId) -> &mut Writer {
        self.text(program.schema.events.get(event.index()).map_or("", |e| &e.name.name))
    }

    fn word(&mut self, program: &Program, event: EventId, word: Word) -> &mut Writer {
        self.text(&word_name(&program.schema, event, word))
    }

    fn role(&mut self, program: &Program, role: Option<u32>) -> &mut Writer {
        let name = role.and_then(|role| program.schema.roles.get(role as usize)).map_or("", |r| r.name.as_str());
        self.count(usize::from(role.is_some())).text(name)
    }

    fn link(&mut self, program: &Program, event: EventId, link: &LinkUse) -> &mut Writer {
        let past = linked(program, link);
        if let Some(link) = program.links.get(link.link.index()) {
            link_to(self, program, link);
        }
        if let Some(key) = &link.key {
            self.key_part(program, event, key);
        }
        self.term(program, link.within).option(link.apart);
        if link.back > 0 {
            self.text("back").number(i64::from(link.back));
        }
        self.number(i64::from(link.same_day));
        for persons in [link.another, link.same] {
            self.count(usize::from(persons.is_some()));
            if let Some((theirs, ours)) = persons {
                self.word(program, past, theirs).word(program, event, ours);
            }
        }
        self
    }

    /// The keys of a table's rows, not its name: what is looked up is the content.
    fn row(&mut self, program: &Program, event: EventId, row: &RowUse) -> &mut Writer {
        let table = program.data.get(row.table.index());
        self.text(table.map_or("", |t| &t.digest));
        for kind in table.map_or(&[][..], |t| &t.keys) {
            self.number(match kind {
                DataKey::Exact => 0,
                DataKey::Region => 1,
            });
        }
        self.count(row.keys.len());
        for key in &row.keys {
            match key {
                RowKey::Id(part) => {
                    self.number(0).key_part(program, event, part);
                }
                RowKey::Word { link, word, present } => {
                    self.number(1).count(usize::from(link.is_some()));
                    if let Some(link) = link {
                        self.link(program, event, link);
                    }
                    let home = link.as_ref().map_or(event, |link| linked(program, link));
                    self.word(program, home, *word).count(usize::from(present.is_some()));
                }
            }
        }
        self
    }

    fn column(&mut self, program: &Program, row: &RowUse, column: u32) -> &mut Writer {
        let table = program.data.get(row.table.index());
        self.text(table.and_then(|t| t.columns.get(column as usize)).map_or("", |c| &c.digest))
    }

    fn key(&mut self, program: &Program, event: EventId, parts: &[KeyPart]) -> &mut Writer {
        self.count(parts.len());
        for part in parts {
            self.key_part(program, event, part);
        }
        self
    }

    /// The limits that count by it are hashed where they are used.
    fn identity(&mut self, program: &Program, identity: &Identity) -> &mut Writer {
        self.text(&identity.name).count(identity.events.len());
        for (event, identifiers) in &identity.events {
            self.event(program, *event).count(identifiers.len());
            for identifier in identifiers {
                self.number(identifier.sort as i64).word(program, *event, identifier.word);
            }
        }
        self
    }

    fn key_part(&mut self, program: &Program, event: EventId, part: &KeyPart) -> &mut Writer {
        match part {
            KeyPart::Id { word, present } => {
                self.number(0).word(program, event, *word).count(usize::from(present.is_some()))
            }
            KeyPart::Same(identity) => {
                self.number(2);
                match program.identities.get(identity.index()) {
                    Some(identity) => self.identity(program, identity),
                    None => self,
                }
            }
            KeyPart::LinkId { link, word, present } => {
                self.number(1).link(program, event, link);
                self.word(program, linked(program, link), *word).count(usize::from(present.is_some()))
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::ir::settle::tests::world::{self, *};

    /// A program that uses most of what there is.
    fn sample() -> Program {
        let mut p = world::program();
        let budget = p.budget(100, Beyond::Cut);
        let limit = p.limit(3, LimitUnit::Times, Beyond::Skip);
        let a = p.policy("a");
        p.policies[0].budget = Some(budget);
        p.rule(vec![(STORE, CASH, 5), (REP_ROLE, POINTS, 7)]);
        p.last().nodes.extend([Node::Fact(AMOUNT), Node::Add(NodeId(0), NodeId(2))]);
        p.last().awards[0].amount = NodeId(3);
        p.last().limits = vec![per(limit, vec![party(STORE)])];
        p.last().conditions =
            vec![super::super::Condition { test: Test::InSet(AMOUNT, IntervalSet::range(0, 9)), at: AT }];
        let b = p.policy("b");
        p.rule(vec![(STORE, GOODS, 1)]);
        p.group(GroupRule::BestOf, vec![a, b]);
        p
    }

    fn invariant() -> Invariant {
        Invariant { name: "i".into(), only_kind: None, per_payee: false, of_price: None }
    }

    fn hashes(mut program: Program) -> (String, Vec<String>) {
        fill(&mut program);
        (program.semantic_hash, program.policies.into_iter().map(|p| p.hash).collect())
    }

    #[test]
    fn positions_titles_labels_and_numbering_do_not_show() {
        let base = hashes(sample());
        let mut p = sample();
        // Nothing here counts working days.
        p.work = Some(crate::ir::WorkCalendar { covered: vec![(0, 9)], moved: vec![4] });
        let elsewhere = crate::source::Span::new(3, 9).at(crate::source::SourceId(1));
        p.policies[0].at = elsewhere;
        p.policies[0].title = Some("title".into());
        p.rules[0].at = elsewhere;
        p.rules[0].conditions[0].at = elsewhere;
        p.rules[0].awards[0].at = elsewhere;
        p.limits[0].at = elsewhere;
        p.schema.roles[0].label = "门店".into();
        p.kinds[0].label = "红包".into();
        // Another limit before it, a node nobody uses, and the same nodes in another order.
        p.limits.insert(0, p.limits[0].clone());
        p.limits[0].max = 77;
        p.rules[0].limits[0].limit = super::super::LimitId(1);
        p.rules[0].nodes =
            vec![Node::Const(99), Node::Const(7), Node::Fact(AMOUNT), Node::Const(5), Node::Add(NodeId(3), NodeId(2))];
        p.rules[0].awards[0].amount = NodeId(4);
        p.rules[0].awards[1].amount = NodeId(1);
        assert_eq!(hashes(p), base);
        assert_eq!(base.0.len(), 64);
    }

    #[test]
    fn every_change_of_meaning_shows() {
        let base = hashes(sample());
        let changes: Vec<fn(&mut Program)> = vec![
            |p| p.policies[0].name = "c".into(),
            |p| p.policies[0].during.1 -= 1,
            |p| p.policies[0].redeem_until = Some(5),
            |p| p.policies[0].cp_share = 10_000,
            |p| p.policies[0].budget = None,
            |p| p.budgets[0].max += 1,
            |p| p.budgets[0].used_up = Beyond::Skip,
            |p| p.limits[0].max += 1,
            |p| p.limits[0].window = Window::Month,
            |p| p.limits[0].only_role = Some(0),
            |p| p.limits[0].once = true,
            |p| p.limits[0].unit = LimitUnit::Dearest,
            |p| p.limits[0].invariant = Some(invariant()),
            |p| p.limits[0].invariant = Some(Invariant { name: "j".into(), ..invariant() }),
            |p| p.limits[0].invariant = Some(Invariant { only_kind: Some(POINTS), ..invariant() }),
            |p| p.limits[0].invariant = Some(Invariant { per_payee: true, ..invariant() }),
            |p| {
                let of_price = Some(crate::ir::OfPrice { pack: 0, ppm: 150_000 });
                p.limits[0].invariant = Some(Invariant { of_price, ..invariant() });
            },
            |p| p.limits[0].counter += 1,
            |p| p.rules[0].limits[0].key = vec![],
            |p| p.rules[0].limits.clear(),
            |p| p.rules[0].nodes[0] = Node::Const(6),
            |p| p.rules[0].nodes[3] = Node::Sub(NodeId(0), NodeId(2)),
            |p| p.rules[0].nodes[3] = Node::Add(NodeId(2), NodeId(0)),
            |p| p.rules[0].conditions.clear(),
            |p| p.rules[0].conditions[0].test = Test::InSet(AMOUNT, IntervalSet::range(0, 8)),
            |p| p.rules[0].awards.swap(0, 1),
            |p| p.rules[0].awards[0].net = Some(true),
            |p| {
                p.rules[0].awards[0].net = Some(true);
                p.kinds[0].tax = Some(200_000);
            },
            |p| {
                p.rules[0].awards[0].net = Some(true);
                p.kinds[0].tax = Some(100_000);
            },
            |p| {
                p.rules[0].awards[0].net = Some(false);
                p.kinds[0].tax = Some(200_000);
            },
            |p| p.rules[0].awards[0].unit_cost = 0,
            |p| p.rules[0].awards[0].on_return = OnReturn::Keep,
            |p| p.rules[0].awards[0].claim_within = Some(Term::Seconds(60)),
            |p| p.rules[0].awards[0].claim_within = Some(Term::Days(60)),
            |p| p.rules[0].awards[0].claim_within = Some(Term::WorkingDays(60)),
            |p| p.limits[0].beyond = Beyond::Hold(Term::Days(3)),
            |p| p.limits[0].beyond = Beyond::Hold(Term::Seconds(3)),
            |p| p.rules[0].awards[0].hold = Some(Term::Days(3)),
            |p| p.rules[0].awards[0].hold = Some(Term::Days(4)),
            |p| p.rules[0].awards[0].due = Some(Due::NextMonth),
            |p| p.rules[0].awards[0].due = Some(Due::Within(Term::Days(60))),
            |p| p.rules[0].awards[0].due = Some(Due::Within(Term::Seconds(60))),
            |p| p.rules[0].awards[0].due = Some(Due::Within(Term::WorkingDays(60))),
            |p| {
                p.rules[0].awards[0].due = Some(Due::Within(Term::WorkingDays(60)));
                p.work = Some(crate::ir::WorkCalendar { covered: vec![(0, 9)], moved: vec![] });
            },
            |p| {
                p.rules[0].awards[0].due = Some(Due::Within(Term::WorkingDays(60)));
                p.work = Some(crate::ir::WorkCalendar { covered: vec![(0, 9)], moved: vec![4] });
            },
            |p| p.rules[0].awards[0].flow = super::super::Flow::Charge,
            |p| p.rules[0].awards[0].flow = super::super::Flow::Take(super::super::MeasureId(0)),
            |p| p.rules[0].awards[0].from = p.rules[0].awards[1].payees.first().cloned(),
            |p| p.rules[0].awards[0].payees[0].role = 1,
            |p| p.rules[0].consumes_when_nothing = true,
            |p| p.rules[0].event = world::GUIDE_SCAN,
            |p| p.groups[0].rule = GroupRule::FirstOf,
            |p| p.groups[0].members.reverse(),
            |p| p.schema.utc_offset = 0,
        ];
        let mut seen = vec![base.0];
        for (at, change) in changes.into_iter().enumerate() {
            let mut p = sample();
            change(&mut p);
            let (program, _) = hashes(p);
            assert!(!seen.contains(&program), "change {at} does not show");
            seen.push(program);
        }
    }

    #[test]
    fn a_policy_hash_does_not_depend_on_other_policies() {
        let base = hashes(sample());
        let mut p = sample();
        p.rules[1].nodes[0] = Node::Const(2);
        let changed = hashes(p);
        assert_eq!(changed.1[0], base.1[0]);
        assert_ne!(changed.1[1], base.1[1]);
        assert_ne!(changed.0, base.0);
    }
}
