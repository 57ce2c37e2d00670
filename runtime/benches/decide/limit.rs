//! The yardstick: what a programmer writes by hand for this one workload and no other, in safe Rust.
//!
//! Per trigger (role × layer) a bitmap row for each product, region class, day, grade × purchase class and count.
//! With few policies, lists by trigger and product instead. The reference of the targets in `performance.md` is the
//! same with unchecked reads and AVX-512.

use super::workload::{DAY, DISTRICTS, GRADES, PRODUCTS, Policy, Reward, Scan, T0, THRESHOLDS, Total, districts, draw};
use std::collections::HashMap;

const GRADE_0: usize = PRODUCTS;
const COUNT_0: usize = GRADE_0 + GRADES * 6;
const DAY_0: usize = COUNT_0 + 11;
const REGION_0: usize = DAY_0 + 365;

/// An amount in 64 bytes.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Amount {
    kind: u32,
    pub(crate) id: u32,
    from: [u32; 4],
    amounts: [i64; 4],
}

impl Amount {
    pub(crate) fn new(p: &Policy) -> Amount {
        let (mut from, mut amounts) = ([0; 4], [0; 4]);
        let kind = match &p.reward {
            Reward::Tiered { from: f, amounts: a } => {
                (from[0], from[1]) = (f[1], f[2]);
                amounts[..3].copy_from_slice(a);
                0
            }
            Reward::Percent { basis_points } => {
                amounts[0] = *basis_points;
                1
            }
            Reward::Draw { weights, prizes } => {
                let mut sum = 0;
                for (to, weight) in from.iter_mut().zip(weights) {
                    sum += weight;
                    *to = sum;
                }
                amounts = *prizes;
                2
            }
        };
        Amount { kind, id: p.id, from, amounts }
    }

    pub(crate) fn of(&self, s: &Scan) -> i64 {
        let (f, a) = (&self.from, &self.amounts);
        match self.kind {
            0 => a[usize::from(s.purchases >= f[0]) + usize::from(s.purchases >= f[1])],
            1 => ((s.price * a[0] + 5_000) as u64 / 10_000) as i64,
            _ => {
                let r = draw(self.id, s.code, f[3]);
                a[usize::from(r >= f[0]) + usize::from(r >= f[1]) + usize::from(r >= f[2])]
            }
        }
    }
}

struct Trigger {
    rows: Vec<u64>,
    class: Vec<u16>,
    amounts: Vec<Amount>,
}

/// Rows of `W` words.
pub(crate) struct Bitmap<const W: usize>(Vec<Trigger>);

impl<const W: usize> Bitmap<W> {
    pub(crate) fn new(policies: &[Policy]) -> Bitmap<W> {
        Bitmap((0..20).map(|kind| Self::trigger(policies, kind)).collect())
    }

    fn trigger(policies: &[Policy], kind: usize) -> Trigger {
        let of: Vec<&Policy> =
            policies.iter().filter(|p| usize::from(p.role) * 5 + usize::from(p.layer) == kind).collect();
        let mut rows = vec![0u64; REGION_0 * W];
        let mut region = vec![0u64; DISTRICTS * W];
        for (i, p) in of.iter().enumerate() {
            let (word, bit) = (i / 64, 1u64 << (i % 64));
            let mut set = |row: usize| rows[row * W + word] |= bit;
            p.products.iter().for_each(|s| set(usize::from(*s)));
            for grade in (0..GRADES).filter(|g| p.grades >> g & 1 == 1) {
                for class in (0..6).filter(|c| THRESHOLDS[*c] >= p.threshold) {
                    set(GRADE_0 + grade * 6 + class);
                }
            }
            (0..11).filter(|c| *c < p.cap).for_each(|c| set(COUNT_0 + c as usize));
            (0..365).filter(|d| (p.start..p.end).contains(&(T0 + d * DAY))).for_each(|d| set(DAY_0 + d as usize));
            for node in &p.nodes {
                let (lo, hi) = districts(usize::from(*node));
                (lo..hi).for_each(|d| region[d * W + word] |= bit);
            }
            if let Some(node) = p.except {
                let (lo, hi) = districts(usize::from(node));
                (lo..hi).for_each(|d| region[d * W + word] &= !bit);
            }
        }
        let mut classes: HashMap<Vec<u64>, u16> = HashMap::new();
        let class = region.chunks(W).map(|row| {
            let next = classes.len() as u16;
            *classes.entry(row.to_vec()).or_insert_with(|| {
                rows.extend_from_slice(row);
                next
            })
        });
        let class = class.collect();
        Trigger { rows, class, amounts: of.iter().map(|p| Amount::new(p)).collect() }
    }

    #[inline]
    pub(crate) fn run(&self, s: &Scan, total: &mut Total) {
        let t = &self.0[s.kind()];
        let rows = t.rows.as_chunks::<W>().0;
        let class = THRESHOLDS[1..].iter().map(|t| usize::from(s.purchases >= *t)).sum::<usize>();
        let product = &rows[usize::from(s.product)];
        let region = &rows[REGION_0 + usize::from(t.class[usize::from(s.district)])];
        let day = &rows[DAY_0 + ((s.time - T0) as u64 / DAY as u64) as usize];
        let grade = &rows[GRADE_0 + usize::from(s.grade) * 6 + class];
        let count = &rows[COUNT_0 + s.count_today.min(10) as usize];
        let mut all = [0u64; W];
        for i in 0..W {
            all[i] = product[i] & region[i] & day[i] & grade[i] & count[i];
        }
        for (i, mut bits) in all.into_iter().enumerate() {
            while bits != 0 {
                let amount = &t.amounts[i * 64 + bits.trailing_zeros() as usize];
                bits &= bits - 1;
                total.add(amount.id, amount.of(s) + 1);
            }
        }
    }
}

/// A policy, the districts of its excluded node and of its nodes, and its amount.
type Listed = (Policy, Vec<(u16, u16)>, Amount);

/// Lists by trigger and product, for few policies.
pub(crate) struct Lists {
    cells: Vec<Vec<usize>>,
    policies: Vec<Listed>,
}

impl Lists {
    pub(crate) fn new(policies: &[Policy]) -> Lists {
        let mut cells = vec![Vec::new(); 20 * PRODUCTS];
        for (i, p) in policies.iter().enumerate() {
            for product in &p.products {
                let kind = usize::from(p.role) * 5 + usize::from(p.layer);
                cells[kind * PRODUCTS + usize::from(*product)].push(i);
            }
        }
        let range = |node: u16| {
            let (lo, hi) = districts(usize::from(node));
            (lo as u16, hi as u16)
        };
        let policies = policies.iter().map(|p| {
            // The excluded node first.
            let except = p.except.map_or((1, 0), range);
            let ranges = std::iter::once(except).chain(p.nodes.iter().map(|n| range(*n))).collect();
            (p.clone(), ranges, Amount::new(p))
        });
        Lists { cells, policies: policies.collect() }
    }

    #[inline]
    pub(crate) fn run(&self, s: &Scan, total: &mut Total) {
        for at in &self.cells[s.kind() * PRODUCTS + usize::from(s.product)] {
            let (p, ranges, amount) = &self.policies[*at];
            let inside = |range: &(u16, u16)| (range.0..range.1).contains(&s.district);
            if (p.start..p.end).contains(&s.time)
                && p.grades >> s.grade & 1 == 1
                && s.purchases >= p.threshold
                && s.count_today < p.cap
                && !inside(&ranges[0])
                && ranges[1..].iter().any(inside)
            {
                total.add(amount.id, amount.of(s) + 1);
            }
        }
    }
}

/// The best of these for a number of policies.
pub(crate) enum Limit {
    Lists(Lists),
    One(Bitmap<1>),
    Two(Bitmap<2>),
    Nine(Bitmap<9>),
}

impl Limit {
    pub(crate) fn new(policies: &[Policy]) -> Limit {
        match policies.len() {
            0..100 => Limit::Lists(Lists::new(policies)),
            100..600 => Limit::One(Bitmap::new(policies)),
            600..2_000 => Limit::Two(Bitmap::new(policies)),
            _ => Limit::Nine(Bitmap::new(policies)),
        }
    }

    #[inline]
    pub(crate) fn run(&self, s: &Scan, total: &mut Total) {
        match self {
            Limit::Lists(l) => l.run(s, total),
            Limit::One(b) => b.run(s, total),
            Limit::Two(b) => b.run(s, total),
            Limit::Nine(b) => b.run(s, total),
        }
    }
}
