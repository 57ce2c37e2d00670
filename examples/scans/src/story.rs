//! Half a year of scans: stores open cases, guides and consumers scan the bottles over the weeks that follow, and in
//! between are retries, second scans, goods far from home, banquets, checks, payments and closed periods.

use crate::calendar::{DAY, DAYS, month_ends, rfc3339};
use crate::random::Random;
use crate::world::{Distributor, Store, World, consumer, product};

/// How many cases are opened.
const CASES: u64 = 1_300;

/// An event on its way: when, and everything behind its id and time.
struct Event {
    second: i64,
    /// The end of a period comes after everything that happened in it.
    closes: bool,
    kind: &'static str,
    rest: String,
    /// Sent twice: an answer was lost on the way.
    retried: bool,
}

/// All lines in order of time.
pub(crate) fn lines(seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    let world = World::new(&mut random);
    let mut events = Vec::new();
    for n in 1..=CASES {
        case(n, &world, &mut random, &mut events);
    }
    for (n, store) in world.stores.iter().enumerate() {
        store_life(n, store, &mut random, &mut events);
    }
    for distributor in &world.distributors {
        payments(distributor, &mut random, &mut events);
    }
    events.sort_by_key(|e| (e.second, e.closes));
    let mut lines = Vec::with_capacity(events.len());
    for (n, event) in events.iter().enumerate() {
        let Event { second, kind, rest, .. } = event;
        let line = format!(r#"{{"id":"e{:05}","event":"{kind}","time":"{}",{rest}}}"#, n + 1, rfc3339(*second));
        if event.retried {
            lines.push(line.clone());
        }
        lines.push(line);
    }
    lines
}

/// A case: opened by a store, then its bottles.
fn case(n: u64, world: &World, random: &mut Random, events: &mut Vec<Event>) {
    let Some(store) = random.pick(&world.stores) else { return };
    let Some(distributor) = world.distributors.get(store.distributor) else { return };
    let (sku, bottles) = product(random);
    let code = format!("C{n:05}");
    let opened = random.within(5, DAYS - 5) * DAY + random.within(9 * 3600, 20 * 3600);
    let mut open = |random: &mut Random, second| {
        let rep = if random.percent(80) { format!(r#","rep":"{}""#, store.rep) } else { String::new() };
        let rest = format!(
            r#""case":"{code}","product":"{sku}","store":{},{}{rep}"#,
            store_json(store),
            distributor_json(distributor)
        );
        push(random, events, second, "open_box", rest);
    };
    // Some cases reach the consumer without ever having been scanned by a store.
    let scanned = !random.percent(6);
    if scanned {
        open(random, opened);
        // The same code scanned again, minutes or days later.
        if random.percent(3) {
            let later = opened + random.within(60, 3 * DAY);
            open(random, later);
        }
    }
    for b in 1..=bottles {
        if random.percent(82) {
            bottle(&format!("B{n:05}-{b:02}"), &code, sku, opened, store, distributor, random, events);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "all that is known of one bottle")]
fn bottle(
    code: &str,
    case: &str,
    sku: &str,
    opened: i64,
    store: &Store,
    distributor: &Distributor,
    random: &mut Random,
    events: &mut Vec<Event>,
) {
    // Most bottles are opened within days, some after months.
    let days = random.below(10) * random.below(10);
    let second = opened + (days as i64) * DAY + random.within(600, 10 * 3600);
    if second >= DAYS * DAY {
        return;
    }
    let pack = format!(r#""bottle":"{code}","case":"{case}","product":"{sku}""#);
    let mut who = consumer(random);
    if let Some(guide) = store.guide.as_deref().filter(|_| random.percent(45)) {
        // A few guides scan a day too early, and a few open the bottle themselves.
        let before = if random.percent(10) { DAY + random.within(1, 3 * 3600) } else { random.within(120, 5 * 3600) };
        let rest = format!(r#"{pack},"guide":"{guide}""#);
        push(random, events, (second - before).max(0), "guide_scan", rest);
        if random.percent(4) {
            who = format!(r#"{{"id":"{guide}","member":false}}"#);
        }
    }
    // Drunk far from where it was bought, or with the place not shared.
    let place = match random.below(100) {
        0..8 => String::new(),
        8..14 => r#","place":"湖南/长沙/芙蓉区""#.to_owned(),
        14 => r#","place":"香港""#.to_owned(),
        _ => format!(r#","place":"{}""#, store.region),
    };
    let known = if random.percent(90) { format!(",{}", distributor_json(distributor)) } else { String::new() };
    let rest = format!(r#"{pack},"consumer":{who}{place}{known}"#);
    push(random, events, second, "open_bottle", rest);
    // Another guest tries the same cap.
    if random.percent(3) {
        let rest = format!(r#"{pack},"consumer":{}{place}{known}"#, consumer(random));
        let later = (second + random.within(5, 900)).min(DAYS * DAY - 1);
        push(random, events, later, "open_bottle", rest);
    }
}

/// Checks of the display, banquets, and the closing of each month for the store and its guide.
fn store_life(n: usize, store: &Store, random: &mut Random, events: &mut Vec<Event>) {
    let json = store_json(store);
    let mut start = 0;
    for end in month_ends() {
        for _ in 0..random.within(1, 3) {
            let kind = if random.percent(75) { "display_passed" } else { "display_failed" };
            let second = random.within(start + 9 * 3600, end - DAY);
            push(random, events, second, kind, format!(r#""store":{json}"#));
        }
        if random.percent(40) {
            let second = random.within(start + 9 * 3600, end - DAY);
            banquet(&format!("Y{n:02}-{end}"), store, second, random, events);
        }
        close(events, end, "month_end_store", format!(r#""store":{json}"#));
        if let Some(guide) = &store.guide {
            close(events, end, "month_end_guide", format!(r#""guide":"{guide}""#));
        }
        start = end + 1;
    }
}

/// A banquet verified the day after; some are verified twice.
fn banquet(id: &str, store: &Store, second: i64, random: &mut Random, events: &mut Vec<Event>) {
    let tables = random.within(1, 20);
    let cases = (tables * 6 / 10 + random.within(-4, 4)).clamp(0, 30) / 3;
    let host = format!("H{:03}", random.below(90));
    let rest = format!(
        r#""banquet":{{"id":"{id}","tables":{tables},"cases":{cases},"host":"{host}","store":"{}"}},"store":{},"host":"{host}""#,
        store.id,
        store_json(store)
    );
    push(random, events, second, "banquet_verified", rest.clone());
    if random.percent(10) {
        push(random, events, second + 300, "banquet_verified", rest);
    }
}

/// What a distributor pays, and the closing of two quarters.
fn payments(distributor: &Distributor, random: &mut Random, events: &mut Vec<Event>) {
    let json = distributor_json(distributor);
    let mut start = 0;
    for (month, end) in month_ends().into_iter().enumerate() {
        for _ in 0..random.within(2, 5) {
            let fen = random.within(20_000, 400_000) * 100;
            let second = random.within(start + 9 * 3600, end - DAY / 4);
            push(random, events, second, "order_paid", format!(r#"{json},"amount":{fen}"#));
        }
        if month % 3 == 2 {
            close(events, end, "quarter_end_distributor", json.clone());
        }
        start = end + 1;
    }
}

fn push(random: &mut Random, events: &mut Vec<Event>, second: i64, kind: &'static str, rest: String) {
    let retried = random.percent(1);
    events.push(Event { second, closes: false, kind, rest, retried });
}

fn close(events: &mut Vec<Event>, second: i64, kind: &'static str, rest: String) {
    events.push(Event { second, closes: true, kind, rest, retried: false });
}

fn store_json(store: &Store) -> String {
    format!(r#"{{"id":"{}","grade":"{}","region":"{}"}}"#, store.id, store.grade, store.region)
}

fn distributor_json(distributor: &Distributor) -> String {
    format!(r#""distributor":{{"id":"{}","territory":"{}"}}"#, distributor.id, distributor.territory)
}
