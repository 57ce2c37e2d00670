//! Keys of state: stable numbers for counters, ids for windows, and one 128-bit entity per combination of ids.

pub use crate::calendar::local_day;

use super::Window;
use super::record::Id;
use serde::{Deserialize, Serialize};

/// Where a number, or the last event of a kind, is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StateKey {
    /// Which counter, budget or link: a [`stable_id`].
    pub counter: u64,
    /// Whose: one id, or several under one hash; 0 if the counter is one for all.
    pub entity: u128,
    /// Which window: a [`window_id`].
    pub window: i64,
}

/// A 64-bit number for a name that is the same in every build and every version of a package.
pub fn stable_id(text: &str) -> u64 {
    let hash = blake3::derive_key("promo 2026 stable id v1", text.as_bytes());
    let (head, _) = hash.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    u64::from_le_bytes(*head)
}

/// The counter of how many parties there are of whom a limit counts each under `counter`.
pub fn parties(counter: u64) -> u64 {
    counter.rotate_left(32) ^ 0x70_61_72_74_69_65_73_00
}

/// The id of the window an instant lies in; `local_day` is its day in the zone `offset` seconds east of UTC.
pub fn window_at(window: Window, time: i64, local_day: i64, offset: i32) -> i64 {
    match window {
        Window::Hour => hour_id(time.saturating_add(i64::from(offset)).div_euclid(3_600)),
        _ => window_id(window, local_day),
    }
}

/// The id of the window `back` windows before the one with this id.
pub fn window_before(id: i64, back: u32) -> i64 {
    id.saturating_sub(i64::from(back).saturating_mul(KINDS))
}

/// Window ids are numbers times this, plus the kind of window.
const KINDS: i64 = 8;

fn hour_id(hour: i64) -> i64 {
    hour.saturating_mul(KINDS).saturating_add(6)
}

/// The id of [`Window::Event`]: what is counted under it is not stored.
pub const THIS_EVENT: i64 = 7;

/// The id of the window a local day lies in, of hours the first of the day. Ids of windows of different length never
/// coincide.
pub fn window_id(window: Window, local_day: i64) -> i64 {
    let (number, kind) = match window {
        Window::Ever => return 0,
        Window::Hour => return hour_id(local_day.saturating_mul(24)),
        Window::Event => return THIS_EVENT,
        Window::Day => (local_day, 1),
        Window::Week => (local_day.saturating_add(3).div_euclid(7), 2),
        Window::Month => {
            let (year, month) = year_month(local_day);
            (year * 12 + month - 1, 3)
        }
        Window::Quarter => {
            let (year, month) = year_month(local_day);
            (year * 4 + (month - 1) / 3, 4)
        }
        Window::Year => (year_month(local_day).0, 5),
    };
    number.saturating_mul(KINDS).saturating_add(kind)
}

/// True if `time` is the last second of such a window in a zone `offset` seconds east of UTC: the time a
/// period-end event has. No instant is the end of [`Window::Ever`], and hours are no periods.
pub fn is_last_second(window: Window, time: i64, offset: i32) -> bool {
    let (day, next) = (local_day(time, offset), local_day(time.saturating_add(1), offset));
    day != next && window_id(window, day) != window_id(window, next)
}

/// The last second of the window in which `time` lies; `None` for [`Window::Ever`] or outside the calendar.
pub fn last_second(window: Window, time: i64, offset: i32) -> Option<i64> {
    let day = local_day(time, offset);
    let id = window_id(window, day);
    let next = (1..=366).filter_map(|ahead| day.checked_add(ahead)).find(|d| window_id(window, *d) != id)?;
    next.checked_mul(86_400)?.checked_sub(i64::from(offset))?.checked_sub(1)
}

fn year_month(day: i64) -> (i64, i64) {
    let (year, month, _) = civil(day);
    (year, month)
}

/// Civil year, month (1 to 12) and day (1 to 31) of a day number: Howard Hinnant's `civil_from_days`.
pub fn civil(day: i64) -> (i64, i64, i64) {
    // Far outside any calendar the clamp only keeps the arithmetic total.
    let z = day.clamp(-1_000_000_000_000, 1_000_000_000_000) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let of_month = doy - (153 * mp + 2) / 5 + 1;
    (yoe + era * 400 + i64::from(month <= 2), month, of_month)
}

/// The day number of a civil date, or `None` if there is no such date in the years 1 to 9999.
pub fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let (era, yoe) = (y.div_euclid(400), y.rem_euclid(400));
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let number = era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468;
    (civil(number) == (year, month, day)).then_some(number)
}

/// The bucket of a party in an assignment: a millionth of all parties, 0 to 999,999. A hash without a key, so that it is
/// the same on every server and after every restart, and anybody can say beforehand who is in.
pub fn bucket(salt: u64, party: Id) -> i64 {
    let mut message = [0u8; 24];
    let parts = salt.to_le_bytes().into_iter().chain(party.0.to_le_bytes());
    message.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
    let hash = blake3::keyed_hash(BUCKET, &message);
    let (head, _) = hash.as_bytes().split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    // ⌊u × 10⁶ ÷ 2⁶⁴⌋ is below 10⁶.
    i64::try_from((u128::from(u64::from_le_bytes(*head)) * 1_000_000) >> 64).unwrap_or(0)
}

/// Fixed key of the hash of [`bucket`]: not a secret, it only sets the domain apart.
const BUCKET: &[u8; 32] = b"promo bucket of a party       v1";

/// What the counter of a `once` holds after this party has claimed it, 2 to 2⁶² + 1; [`UNKNOWN_CLAIMANT`] if nobody is
/// known to have. Only who it was can be asked of it, not their name.
pub fn claimant(actor: Id) -> i64 {
    if !actor.is_known() {
        return UNKNOWN_CLAIMANT;
    }
    let hash = blake3::keyed_hash(CLAIMANT, &actor.0.to_le_bytes());
    let (head, _) = hash.as_bytes().split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    // Below 2⁶²: always fits.
    i64::try_from(u64::from_le_bytes(*head) >> 2).unwrap_or(0) + 2
}

/// What the counter of a `once` holds that an event without an actor has claimed, or a version of promo that did not
/// keep who it was.
pub const UNKNOWN_CLAIMANT: i64 = 1;

/// Fixed key of the hash of [`claimant`]: not a secret, it only sets the domain apart.
const CLAIMANT: &[u8; 32] = b"promo claimant of a once      v1";

/// Fixed key of the hash under which several ids become one entity: not a secret, it only sets the domain apart.
const COMBINE: &[u8; 32] = b"promo entity of several ids  v1\0";
/// Top byte of such an entity, which no id of one party has.
const COMBINED: u128 = 0xFE << 120;

/// Combines the ids a counter counts by: none is 0, one is itself, several are 120 bits of a keyed BLAKE3 hash.
/// People choose their ids, so the hash must be one for which nobody can make two combinations meet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entity {
    parts: usize,
    one: u128,
    chain: [u8; 32],
}

impl Entity {
    /// Adds a part.
    pub fn push(&mut self, id: Id) {
        match self.parts {
            0 => self.one = id.0,
            _ => {
                // A chain instead of one message: the parts are few and need no buffer.
                let mut block = [0u8; 64];
                let (left, right) = block.split_at_mut(32);
                if self.parts == 1 {
                    left.iter_mut().zip(self.one.to_le_bytes()).for_each(|(to, from)| *to = from);
                } else {
                    left.copy_from_slice(&self.chain);
                }
                right.iter_mut().zip(id.0.to_le_bytes()).for_each(|(to, from)| *to = from);
                right.iter_mut().skip(16).zip((self.parts as u64).to_le_bytes()).for_each(|(to, from)| *to = from);
                self.chain = *blake3::keyed_hash(COMBINE, &block).as_bytes();
            }
        }
        self.parts = self.parts.saturating_add(1);
    }

    /// The entity.
    pub fn get(&self) -> u128 {
        match self.parts {
            0 => 0,
            1 => self.one,
            _ => {
                let (head, _) = self.chain.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
                (u128::from_le_bytes(*head) & !(0xFF << 120)) | COMBINED
            }
        }
    }
}

/// The entity of several ids; see [`Entity`].
pub fn entity(ids: &[Id]) -> u128 {
    let mut out = Entity::default();
    ids.iter().for_each(|id| out.push(*id));
    out.get()
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate};
    use std::collections::HashSet;

    #[test]
    fn buckets_are_even_and_never_change() {
        let id = |n: u32| Id::from_text(&format!("S{n}")).expect("an id");
        let salt = stable_id("rollout/spring");
        // Who is in must not change with a version of ours: these figures are for ever.
        assert_eq!([1, 2, 3].map(|n| bucket(salt, id(n))), [565_186, 343_472, 402_962]);
        let below = |share: i64| (0..10_000).filter(|n| bucket(salt, id(*n)) < share).count();
        assert!((1_900..2_100).contains(&below(200_000)), "{}", below(200_000));
        assert_eq!(below(1_000_000), 10_000);
        let other = stable_id("rollout/autumn");
        let both = (0..10_000).filter(|n| bucket(salt, id(*n)) < 500_000 && bucket(other, id(*n)) < 500_000);
        assert!((2_350..2_650).contains(&both.count()), "two salts are two assignments");
    }

    #[test]
    fn claimants_are_told_apart_and_never_change() {
        let id = |n: u32| Id::from_text(&format!("S{n}")).expect("an id");
        let all: HashSet<i64> = (0..10_000).map(|n| claimant(id(n))).collect();
        assert_eq!(all.len(), 10_000);
        assert!(all.iter().all(|c| (2..=(1 << 62) + 1).contains(c)));
        assert_eq!(claimant(Id::UNKNOWN), UNKNOWN_CLAIMANT);
        // Written down once: a change would turn every claimant into somebody else.
        assert_eq!(claimant(id(1)), 153_301_964_102_616_981);
    }

    #[test]
    fn windows_follow_the_civil_calendar() {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date");
        let mut day = -40_000;
        while day < 60_000 {
            let date = epoch + chrono::Duration::days(day);
            let (year, month) = (i64::from(date.year()), i64::from(date.month()));
            assert_eq!(civil(day), (year, month, i64::from(date.day())));
            assert_eq!(day_number(year, month, i64::from(date.day())), Some(day));
            assert_eq!(window_id(Window::Month, day), (year * 12 + month - 1) * 8 + 3, "{date}");
            assert_eq!(window_id(Window::Quarter, day), (year * 4 + (month - 1) / 3) * 8 + 4, "{date}");
            assert_eq!(window_id(Window::Year, day), year * 8 + 5);
            let new_week = window_id(Window::Week, day) != window_id(Window::Week, day - 1);
            assert_eq!(new_week, date.weekday() == chrono::Weekday::Mon, "{date}");
            day += 1;
        }
        let all = [Window::Hour, Window::Day, Window::Week, Window::Month, Window::Quarter, Window::Year, Window::Ever];
        for window in all {
            for day in [i64::MIN, i64::MAX, 0] {
                let _ = window_id(window, day);
                let _ = is_last_second(window, day, 28_800);
                let _ = last_second(window, day, 28_800);
            }
        }
    }

    #[test]
    fn windows_before_are_those_of_earlier_instants() {
        // 2026-03-01T00:30:00+08:00, and the same minute an hour, a day, a month and a year earlier.
        let (offset, time) = (28_800, 1_772_296_200);
        let id = |window, time| window_at(window, time, local_day(time, offset), offset);
        assert_eq!(window_before(id(Window::Hour, time), 1), id(Window::Hour, time - 3_600));
        assert_eq!(window_before(id(Window::Hour, time), 24), id(Window::Hour, time - 86_400));
        assert_ne!(id(Window::Hour, time), id(Window::Hour, time - 1_801));
        assert_eq!(id(Window::Hour, time), id(Window::Hour, time + 1_799));
        assert_eq!(window_before(id(Window::Day, time), 28), id(Window::Day, time - 28 * 86_400));
        assert_eq!(window_before(id(Window::Month, time), 3), id(Window::Month, time - 90 * 86_400));
        assert_eq!(window_before(id(Window::Year, time), 1), id(Window::Year, time - 365 * 86_400));
        assert_eq!(window_before(id(Window::Quarter, time), 1), id(Window::Quarter, time - 90 * 86_400));
    }

    #[test]
    fn dates_that_do_not_exist_have_no_number() {
        for (y, m, d) in
            [(2026, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (0, 1, 1), (1900, 2, 29)]
        {
            assert_eq!(day_number(y, m, d), None);
        }
        assert!(day_number(2000, 2, 29).is_some() && day_number(2028, 2, 29).is_some());
    }

    #[test]
    fn the_last_second_of_a_month_in_shanghai() {
        // 2026-01-31T23:59:59+08:00
        let end = NaiveDate::from_ymd_opt(2026, 2, 1).expect("a date").and_hms_opt(0, 0, 0).expect("a time");
        let end = end.and_utc().timestamp() - 28_800 - 1;
        assert!(is_last_second(Window::Month, end, 28_800));
        assert!(!is_last_second(Window::Quarter, end, 28_800));
        assert!(!is_last_second(Window::Month, end - 1, 28_800));
        assert!(!is_last_second(Window::Month, end + 1, 28_800));
        assert_eq!(last_second(Window::Month, end - 86_400 * 20, 28_800), Some(end));
        assert_eq!(last_second(Window::Month, end, 28_800), Some(end));
        assert_eq!(last_second(Window::Ever, end, 28_800), None);
    }

    #[test]
    fn combinations_are_told_apart() {
        let ids: Vec<Id> =
            ["a", "b", "ab", "a long text that is hashed"].iter().filter_map(|t| Id::from_text(t)).collect();
        let mut seen = HashSet::new();
        assert!(seen.insert(entity(&[])));
        for a in &ids {
            assert_eq!(entity(&[*a]), a.0);
            assert!(seen.insert(a.0));
            for b in &ids {
                assert!(seen.insert(entity(&[*a, *b])), "order and parts matter");
                for c in &ids {
                    assert!(seen.insert(entity(&[*a, *b, *c])));
                }
            }
        }
    }

    #[test]
    fn stable_ids_do_not_change() {
        // Written down once: a change would lose every stored counter.
        assert_eq!(stable_id("once/open_box_spring/1"), 18_430_462_536_866_476_370);
        assert_ne!(stable_id("a"), stable_id("b"));
    }
}
