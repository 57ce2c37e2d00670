//! What would have paid, in words and as JSON.

use super::reason::{reason_name, window_text};
use super::{number, separated, text};
use crate::event::format_instant;
use promo_compiler::calendar::{day_start, print_day};
use promo_compiler::diagnostic::Text;
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::schema::{Field, FieldType, Named, NumberUnit};
use promo_compiler::ir::settle::{Missing, Nearest, Place, Then};
use promo_compiler::ir::{EventId, IntervalSet, Measure, Program, RewardUnit, Window};
use promo_compiler::regions::RegionId;
use promo_compiler::testing::reason;

/// Most values that are named of those that would do.
const NAMED: usize = 5;

/// One sentence in both languages.
pub fn nearest_text(program: &Program, event: &EventRecord, nearest: &Nearest) -> Text {
    let words = Words { program, event };
    let all: Vec<Text> = nearest.missing.iter().map(|missing| words.missing(missing)).collect();
    let joined = |part: fn(&Text) -> &str, by: &str| all.iter().map(part).collect::<Vec<_>>().join(by);
    let (en, zh) = (joined(|t| &t.en, ", and "), joined(|t| &t.zh, "，并且"));
    match nearest.then {
        Then::Pays => Text::new(format!("would have paid: {en}"), format!("如此即可奖励：{zh}")),
        Then::Open => Text::new(format!("missing: {en}"), format!("还差：{zh}")),
        Then::Refused(refusal) => {
            let name = reason_name(refusal);
            let label = reason(name).map_or(name, |(_, zh)| zh);
            Text::new(
                format!("missing: {en}; then still refused: {name}"),
                format!("还差：{zh}；之后仍不奖励：{label}"),
            )
        }
    }
}

/// The same as JSON: `{"missing":[{"change":"measure",…}],"then":"pays","zh":"…","en":"…"}`.
pub(super) fn write(program: &Program, event: &EventRecord, nearest: &Nearest, out: &mut String) {
    let words = Words { program, event };
    out.push_str("{\"missing\":[");
    separated(&nearest.missing, out, |missing, out| words.json(missing, out));
    out.push_str("],\"then\":");
    text(
        match nearest.then {
            Then::Pays => "pays",
            Then::Open => "open",
            Then::Refused(refusal) => reason_name(refusal),
        },
        out,
    );
    let said = nearest_text(program, event, nearest);
    out.push_str(",\"zh\":");
    text(&said.zh, out);
    out.push_str(",\"en\":");
    text(&said.en, out);
    out.push('}');
}

/// Words for one event of one program.
struct Words<'a> {
    program: &'a Program,
    event: &'a EventRecord,
}

impl Words<'_> {
    fn missing(&self, missing: &Missing) -> Text {
        match missing {
            Missing::Measure { measure, back, by, .. } => match self.program.measures.get(measure.index()) {
                Some(measure) => self.measure(measure, *back, *by),
                None => more(*by, &same(""), &same("")),
            },
            Missing::Number { place, by, to } => self.number(place, *by, *to),
            Missing::Value { place, of } => {
                let (what, values) = (self.place(place), self.values(place, of));
                Text::new(format!("{} {}", what.en, values.en), format!("{} 为 {}", what.zh, values.zh))
            }
            Missing::Known { place, known } => {
                let what = self.place(place);
                let (en, zh) = if *known { ("known", "已知") } else { ("unknown", "未知") };
                Text::new(format!("{} {en}", what.en), format!("{} {zh}", what.zh))
            }
            Missing::Earlier(link) => {
                let event = self.program.links.get(link.index()).map_or(same(""), |link| self.kind(link.event));
                Text::new(format!("an earlier {}", event.en), format!("此前有 {}", event.zh))
            }
            Missing::Row(table) => {
                let table = self.program.data.get(table.index()).map_or("", |table| table.name.as_str());
                Text::new(format!("a filled row in the table `{table}`"), format!("表 `{table}` 中有填好的一行"))
            }
            Missing::From(time) => {
                let offset = self.program.schema.utc_offset;
                let tomorrow = day_start(self.event.day().saturating_add(1), offset) == *time;
                let (en, zh) = if tomorrow { ("tomorrow, ", "明天 ") } else { ("", "") };
                let time = format_instant(*time, offset);
                Text::new(format!("from {en}{time}"), format!("自{zh}{time} 起"))
            }
            Missing::Until(time) => {
                let time = format_instant(*time, self.program.schema.utc_offset);
                Text::new(format!("by {time}"), format!("不晚于 {time}"))
            }
            Missing::Another(places) => {
                let all: Vec<Text> = places.iter().map(|place| self.owner(place)).collect();
                let joined = |part: fn(&Text) -> &str, by: &str| all.iter().map(part).collect::<Vec<_>>().join(by);
                Text::new(
                    format!("another {}", joined(|t| &t.en, " or ")),
                    format!("换一个 {}", joined(|t| &t.zh, " 或 ")),
                )
            }
            Missing::Budget { by, .. } => {
                let by = yuan(*by);
                Text::new(format!("{by} yuan more of budget"), format!("预算再有 {by} 元"))
            }
        }
    }

    /// `3 more open_box this month` · `本月 开箱 再 3 次`
    fn measure(&self, measure: &Measure, back: u32, by: i64) -> Text {
        let when = window(measure.window, back);
        let (what, unit) = match (measure.paid, measure.contributions.first()) {
            (Some(paid), _) => {
                let kind = self.program.kinds.get(paid.kind.index());
                let item = paid.item.and_then(|item| self.program.items.get(item.index()));
                let unit = kind.map_or(RewardUnit::Pieces, |kind| kind.unit);
                let of = match item {
                    Some(item) => same(&item.name),
                    None => kind.map_or(same(""), |kind| labelled(&kind.name, &kind.label)),
                };
                let of = match paid.balance {
                    true => Text::new(format!("{} balance", of.en), format!("{} 余额", of.zh)),
                    false => of,
                };
                let unit = match unit {
                    RewardUnit::Fen => NumberUnit::Fen,
                    RewardUnit::Points => NumberUnit::Points,
                    RewardUnit::Pieces => NumberUnit::Plain,
                };
                (of, Some(unit))
            }
            (None, Some(contribution)) => {
                let event = self.kind(contribution.event);
                let field = contribution.add.and_then(|word| self.field(contribution.event, word));
                match field {
                    None => (event, None),
                    Some(field) => {
                        let own = path(field);
                        let unit = match &field.ty {
                            FieldType::Number { unit, .. } => unit.clone(),
                            _ => NumberUnit::Plain,
                        };
                        (Text::new(format!("{}.{}", event.en, own.en), format!("{}.{}", event.zh, own.zh)), Some(unit))
                    }
                }
            }
            (None, None) => (same(""), None),
        };
        let amount = match unit {
            None => Text::new(by.unsigned_abs().to_string(), format!("{} 次", by.unsigned_abs())),
            Some(unit) => self.amount(by.saturating_abs(), &unit),
        };
        let said = more(by, &what, &amount);
        Text::new(format!("{}{}", said.en, when.en), format!("{}{}", when.zh, said.zh))
    }

    /// `2 case more banquet.cases (10 case in all)` · `用酒箱数 再 2 箱（共 10 箱）`
    fn number(&self, place: &Place, by: i64, to: i64) -> Text {
        let what = self.place(place);
        match self.field(place.event, place.word).map(|field| &field.ty) {
            Some(FieldType::Number { unit, .. }) => {
                let (step, whole) = (self.amount(by.saturating_abs(), unit), self.amount(to, unit));
                let said = more(by, &what, &step);
                Text::new(format!("{} ({} in all)", said.en, whole.en), format!("{}（共 {}）", said.zh, whole.zh))
            }
            other => {
                let at = match other {
                    Some(FieldType::Date) => print_day(to).unwrap_or_default(),
                    _ => format_instant(to, self.program.schema.utc_offset),
                };
                match by < 0 {
                    true => Text::new(format!("{} by {at}", what.en), format!("{} 不晚于 {at}", what.zh)),
                    false => Text::new(format!("{} from {at}", what.en), format!("{} 自 {at} 起", what.zh)),
                }
            }
        }
    }

    fn values(&self, place: &Place, of: &IntervalSet) -> Text {
        let schema = &self.program.schema;
        let field = self.field(place.event, place.word).map(|field| &field.ty);
        let named = |all: Vec<Text>, more: bool| {
            let joined = |part: fn(&Text) -> &str, by: &str| all.iter().map(part).collect::<Vec<_>>().join(by);
            let rest = if more { " …" } else { "" };
            let (en, zh) = (joined(|t| &t.en, " or "), joined(|t| &t.zh, " 或 "));
            Text::new(format!("{en}{rest}"), format!("{zh}{rest}"))
        };
        let values = || of.ranges().iter().flat_map(|(lo, hi)| *lo..*hi);
        match field {
            Some(FieldType::YesNo) => match of.contains(1) {
                true => Text::new("yes", "是"),
                false => Text::new("no", "否"),
            },
            Some(FieldType::OneOf(names)) => {
                let name = |value: i64| names.get(usize::try_from(value).ok()?).map(|n| labelled(&n.name, &n.label));
                named(values().filter_map(name).collect(), false)
            }
            Some(FieldType::Product) => {
                let name = |value: i64| schema.products.get(usize::try_from(value).ok()?).map(|p| same(&p.sku));
                let all: Vec<Text> = values().filter_map(name).take(NAMED + 1).collect();
                let more = all.len() > NAMED;
                named(all.into_iter().take(NAMED).collect(), more)
            }
            Some(FieldType::Region) => {
                let tops = self.regions(of);
                let more = tops.len() > NAMED;
                named(tops.iter().take(NAMED).map(|name| same(name)).collect(), more)
            }
            _ => same(""),
        }
    }

    /// The greatest regions that lie in the set whole, else single ones.
    fn regions(&self, of: &IntervalSet) -> Vec<String> {
        let tree = &self.program.schema.regions;
        let (mut all, mut next) = (Vec::new(), 0i64);
        for (id, region) in tree.iter() {
            let first = i64::from(id.0);
            let below = IntervalSet::range(first, i64::from(region.end));
            if first >= next && below.minus(of).is_empty() {
                all.push(tree.path(RegionId(id.0)));
                next = i64::from(region.end);
            }
        }
        all
    }

    /// `store.grade` · `门店.等级`; of an earlier event with its name before it.
    fn place(&self, place: &Place) -> Text {
        let own = self.field(place.event, place.word).map_or(same(""), path);
        if place.link.is_none() {
            return own;
        }
        let event = self.kind(place.event);
        Text::new(format!("the earlier {}'s {}", event.en, own.en), format!("此前 {} 的 {}", event.zh, own.zh))
    }

    /// Whoever or whatever an id is of: `case`, `store`.
    fn owner(&self, place: &Place) -> Text {
        let name = self.field(place.event, place.word).and_then(|field| field.path.first());
        name.map_or(same(""), |name| labelled(&name.name, &name.label))
    }

    fn kind(&self, event: EventId) -> Text {
        let name = self.program.schema.events.get(event.index()).map(|event| &event.name);
        name.map_or(same(""), |name| labelled(&name.name, &name.label))
    }

    fn field(&self, event: EventId, word: promo_compiler::ir::Word) -> Option<&Field> {
        self.program.schema.events.get(event.index())?.fields.iter().find(|field| field.word == word)
    }

    /// An amount with its unit where that has a name in both languages: money, points, packs.
    fn amount(&self, value: i64, unit: &NumberUnit) -> Text {
        match unit {
            NumberUnit::Fen => Text::new(format!("{} yuan", yuan(value)), format!("{} 元", yuan(value))),
            NumberUnit::Points => Text::new(format!("{value} points"), format!("{value} 积分")),
            NumberUnit::BasisPoints => {
                let (whole, part) = (value / 100, value.unsigned_abs() % 100);
                let percent = if part == 0 { format!("{whole}%") } else { format!("{whole}.{part:02}%") };
                same(&percent)
            }
            NumberUnit::Thing(thing) => match self.program.schema.packs.iter().find(|pack| pack.name == *thing) {
                Some(pack) => {
                    let named = labelled(&pack.name, &pack.label);
                    Text::new(format!("{value} {}", named.en), format!("{value} {}", named.zh))
                }
                None => same(&value.to_string()),
            },
            NumberUnit::Plain => same(&value.to_string()),
        }
    }

    fn json(&self, missing: &Missing, out: &mut String) {
        let name = |lead: &str, said: &Text, out: &mut String| {
            out.push_str(lead);
            text(&said.en, out);
        };
        let instant = |lead: &str, time: i64, out: &mut String| {
            out.push_str(lead);
            text(&format_instant(time, self.program.schema.utc_offset), out);
        };
        match missing {
            Missing::Measure { measure, back, by, .. } => {
                out.push_str("{\"change\":\"measure\"");
                let measure = self.program.measures.get(measure.index());
                if let Some(paid) = measure.and_then(|measure| measure.paid) {
                    let kind = self.program.kinds.get(paid.kind.index()).map_or("", |kind| kind.name.as_str());
                    name(",\"kind\":", &same(kind), out);
                    if let Some(item) = paid.item.and_then(|item| self.program.items.get(item.index())) {
                        name(",\"item\":", &same(&item.name), out);
                    }
                } else if let Some(contribution) = measure.and_then(|measure| measure.contributions.first()) {
                    name(",\"event\":", &self.kind(contribution.event), out);
                    if let Some(field) = contribution.add.and_then(|word| self.field(contribution.event, word)) {
                        name(",\"field\":", &path(field), out);
                    }
                }
                number(",\"back\":", i64::from(*back), out);
                number(",\"by\":", *by, out);
            }
            Missing::Number { place, by, to } => {
                name("{\"change\":\"number\",\"field\":", &self.place(place), out);
                number(",\"by\":", *by, out);
                number(",\"to\":", *to, out);
            }
            Missing::Value { place, of } => {
                name("{\"change\":\"value\",\"field\":", &self.place(place), out);
                name(",\"of\":", &self.values(place, of), out);
            }
            Missing::Known { place, known } => {
                name("{\"change\":\"known\",\"field\":", &self.place(place), out);
                out.push_str(if *known { ",\"known\":true" } else { ",\"known\":false" });
            }
            Missing::Earlier(link) => {
                let event = self.program.links.get(link.index()).map_or(same(""), |link| self.kind(link.event));
                name("{\"change\":\"earlier\",\"event\":", &event, out);
            }
            Missing::Row(table) => {
                let table = self.program.data.get(table.index()).map_or("", |table| table.name.as_str());
                name("{\"change\":\"row\",\"table\":", &same(table), out);
            }
            Missing::From(time) => instant("{\"change\":\"from\",\"at\":", *time, out),
            Missing::Until(time) => instant("{\"change\":\"until\",\"at\":", *time, out),
            Missing::Another(places) => {
                out.push_str("{\"change\":\"another\",\"of\":[");
                separated(places, out, |place, out| text(&self.owner(place).en, out));
                out.push(']');
            }
            Missing::Budget { by, .. } => number("{\"change\":\"budget\",\"by\":", *by, out),
        }
        out.push('}');
    }
}

/// So much more, or less, of something.
fn more(by: i64, what: &Text, amount: &Text) -> Text {
    let (en, zh) = if by < 0 { ("less", "少") } else { ("more", "再") };
    Text::new(format!("{} {en} {}", amount.en, what.en), format!("{} {zh} {}", what.zh, amount.zh))
}

/// `1,200.50`
fn yuan(fen: i64) -> String {
    let (whole, part) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{}{grouped}.{part:02}", if fen < 0 { "-" } else { "" })
}

/// ` this month` · `本月 `; windows that are over cannot be made up for, which is said by when they were.
fn window(window: Window, back: u32) -> Text {
    match (window_text(window), back) {
        (None, _) => same(""),
        (Some(("day", _)), 0) => Text::new(" today", "今天 "),
        (Some((en, zh)), 0) => Text::new(format!(" this {en}"), format!("本{zh} ")),
        (Some((en, zh)), 1) => {
            Text::new(format!(" in the {en} before, which is over"), format!("（已过去的）上一{zh} "))
        }
        (Some((en, zh)), back) => {
            Text::new(format!(" {back} {en}s ago, which is over"), format!("（已过去的）前第 {back} {zh} "))
        }
    }
}

/// `store.grade` · `门店.等级`
fn path(field: &Field) -> Text {
    let owner = |names: &[Named]| match names {
        // A party is its id.
        [party, id] if id.name == "id" => vec![party.clone()],
        all => all.to_vec(),
    };
    let names = owner(&field.path);
    let joined = |part: fn(&Named) -> Text, lang: fn(Text) -> String| {
        names.iter().map(|name| lang(part(name))).collect::<Vec<_>>().join(".")
    };
    let both = |name: &Named| labelled(&name.name, &name.label);
    Text::new(joined(both, |t| t.en), joined(both, |t| t.zh))
}

fn labelled(name: &str, label: &str) -> Text {
    Text::new(name, if label.is_empty() { name } else { label })
}

fn same(text: &str) -> Text {
    Text::new(text, text)
}
