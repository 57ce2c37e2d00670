//! promo-bench v1: seeded policies and scans. Every system measured on it must reproduce [`AWARDS`].

use super::limit;

/// 2026-01-01T00:00:00Z.
pub(crate) const T0: i64 = 1_767_225_600;
pub(crate) const DAY: i64 = 86_400;
pub(crate) const PROVINCES: usize = 31;
pub(crate) const CITIES: usize = 340;
pub(crate) const DISTRICTS: usize = 2_850;
pub(crate) const PRODUCTS: usize = 500;
pub(crate) const GRADES: usize = 6;
const SEED: u64 = 0x5EED_2026_0001;
pub(crate) const THRESHOLDS: [u32; 6] = [0, 5, 10, 20, 30, 50];

/// (policies, awards, sum of (policy + 1) × (amount + 1)) over [`SCANS`] scans.
pub(crate) const AWARDS: [(usize, u64, u64); 5] = [
    (1, 60_309, 168_940_101),
    (10, 74_398, 641_598_407),
    (100, 99_272, 8_116_272_939),
    (1_000, 101_281, 79_107_880_914),
    (10_000, 174_195, 1_416_726_685_082),
];
pub(crate) const SCANS: usize = 1_000_000;

/// splitmix64
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    fn below(&mut self, n: u64) -> u64 {
        ((self.next() >> 32) * n) >> 32
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The hash behind a draw. Its high half decides.
pub(crate) fn draw_hash(policy: u64, code: u64) -> u64 {
    mix(code ^ (policy + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A draw in `0..weight`.
pub(crate) fn draw(policy: u32, code: u64, weight: u32) -> u32 {
    (((draw_hash(u64::from(policy), code) >> 32) * u64::from(weight)) >> 32) as u32
}

pub(crate) fn city_of(district: usize) -> usize {
    district * CITIES / DISTRICTS
}

pub(crate) fn province_of(city: usize) -> usize {
    city * PROVINCES / CITIES
}

/// The districts `[lo, hi)` below a node: a province, then a city, then a district.
pub(crate) fn districts(node: usize) -> (usize, usize) {
    let all = |of: &dyn Fn(usize) -> bool| {
        let lo = (0..DISTRICTS).find(|d| of(*d)).unwrap_or(DISTRICTS);
        (lo, (lo..DISTRICTS).find(|d| !of(*d)).unwrap_or(DISTRICTS))
    };
    if node < PROVINCES {
        all(&|d| province_of(city_of(d)) == node)
    } else if node < PROVINCES + CITIES {
        all(&|d| city_of(d) == node - PROVINCES)
    } else {
        (node - PROVINCES - CITIES, node - PROVINCES - CITIES + 1)
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Reward {
    /// By monthly purchases: `amounts[1]` from `from[1]` on, `amounts[2]` from `from[2]` on.
    Tiered { from: [u32; 3], amounts: [i64; 3] },
    /// (price × basis points + 5,000) ÷ 10,000
    Percent { basis_points: i64 },
    /// A weighted draw.
    Draw { weights: [u32; 4], prizes: [i64; 4] },
}

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) id: u32,
    pub(crate) role: u8,
    pub(crate) layer: u8,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) products: Vec<u16>,
    pub(crate) nodes: Vec<u16>,
    pub(crate) except: Option<u16>,
    pub(crate) grades: u8,
    pub(crate) threshold: u32,
    pub(crate) cap: u32,
    pub(crate) reward: Reward,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan {
    pub(crate) code: u64,
    pub(crate) time: i64,
    pub(crate) price: i64,
    pub(crate) product: u16,
    pub(crate) district: u16,
    pub(crate) role: u8,
    pub(crate) layer: u8,
    pub(crate) grade: u8,
    pub(crate) purchases: u32,
    pub(crate) count_today: u32,
}

impl Scan {
    /// The event kind: role × layer.
    pub(crate) fn kind(&self) -> usize {
        usize::from(self.role) * 5 + usize::from(self.layer)
    }
}

pub(crate) fn policies(n: usize) -> Vec<Policy> {
    let mut g = Random(SEED);
    (0..n).map(|id| policy(id as u32, &mut g)).collect()
}

fn policy(id: u32, g: &mut Random) -> Policy {
    let (role, layer) = (g.below(4) as u8, g.below(5) as u8);
    let start = T0 + (g.below(361) as i64 - 60) * DAY;
    let end = start + (30 + g.below(151) as i64) * DAY;
    let count = 1 + g.below(20) as usize;
    let mut products: Vec<u16> = Vec::new();
    while products.len() < count {
        let product = g.below(PRODUCTS as u64) as u16;
        if !products.contains(&product) {
            products.push(product);
        }
    }
    products.sort_unstable();
    let count = 1 + g.below(8) as usize;
    let mut nodes: Vec<u16> = Vec::new();
    while nodes.len() < count {
        let node = match g.below(100) {
            0..60 => g.below(PROVINCES as u64),
            60..90 => PROVINCES as u64 + g.below(CITIES as u64),
            _ => (PROVINCES + CITIES) as u64 + g.below(DISTRICTS as u64),
        } as u16;
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
    let mut except = None;
    if g.below(100) < 30
        && let Some(&node) = nodes.iter().find(|n| usize::from(**n) < PROVINCES + CITIES)
    {
        let (lo, hi) = districts(usize::from(node));
        let district = lo + g.below((hi - lo) as u64) as usize;
        // The node's child on the way to that district.
        except = Some(if usize::from(node) < PROVINCES {
            (PROVINCES + city_of(district)) as u16
        } else {
            (PROVINCES + CITIES + district) as u16
        });
    }
    nodes.sort_unstable();
    let grades = (1 + g.below(63)) as u8;
    let threshold = THRESHOLDS[g.below(6) as usize];
    let cap = 1 + g.below(10) as u32;
    let reward = match g.below(10) {
        0..5 => {
            let one = threshold + 10 + g.below(21) as u32;
            let two = one + 10 + g.below(41) as u32;
            let a = 50 + g.below(451) as i64;
            let b = a + 50 + g.below(451) as i64;
            let c = b + 50 + g.below(951) as i64;
            Reward::Tiered { from: [threshold, one, two], amounts: [a, b, c] }
        }
        5..8 => Reward::Percent { basis_points: 10 + g.below(491) as i64 },
        _ => {
            let (mut weights, mut prizes) = ([0; 4], [0; 4]);
            for (weight, prize) in weights.iter_mut().zip(&mut prizes) {
                *weight = 1 + g.below(1_000) as u32;
                *prize = g.below(5_000) as i64;
            }
            Reward::Draw { weights, prizes }
        }
    };
    Policy { id, role, layer, start, end, products, nodes, except, grades, threshold, cap, reward }
}

fn weighted(g: &mut Random, weights: &[u64]) -> usize {
    let mut rest = g.below(weights.iter().sum());
    for (i, weight) in weights.iter().enumerate() {
        if rest < *weight {
            return i;
        }
        rest -= weight;
    }
    0
}

pub(crate) fn scans(policies: &[Policy], count: usize) -> Vec<Scan> {
    let mut g = Random(SEED ^ (0xABCD_0000_0000 + policies.len() as u64));
    let popular: Vec<u64> = (0..PRODUCTS as u64)
        .scan(0, |sum, k| {
            *sum += 1_000_000 / (k + 1);
            Some(*sum)
        })
        .collect();
    let ranges: Vec<(usize, usize)> = (0..PROVINCES + CITIES + DISTRICTS).map(districts).collect();
    let year = 365 * DAY;
    let mut one = || {
        let (role, layer, product, district, time);
        if g.below(100) < 30 {
            // Aimed at one policy.
            let p = &policies[g.below(policies.len() as u64) as usize];
            (role, layer) = (p.role, p.layer);
            product = p.products[g.below(p.products.len() as u64) as usize];
            let (lo, hi) = ranges[usize::from(p.nodes[g.below(p.nodes.len() as u64) as usize])];
            district = (lo + g.below((hi - lo) as u64) as usize) as u16;
            let (a, b) = (p.start.max(T0), p.end.min(T0 + year));
            time = if a < b { a + g.below((b - a) as u64) as i64 } else { T0 + g.below(year as u64) as i64 };
        } else {
            role = weighted(&mut g, &[60, 20, 12, 8]) as u8;
            layer = weighted(&mut g, &[50, 20, 15, 10, 5]) as u8;
            let at = g.below(popular[PRODUCTS - 1]);
            let rank = popular.partition_point(|sum| *sum <= at);
            product = ((rank * 7_919 + 13) % PRODUCTS) as u16;
            district = g.below(DISTRICTS as u64) as u16;
            time = T0 + g.below(year as u64) as i64;
        }
        let grade = g.below(GRADES as u64) as u8;
        let purchases = (g.below(201) * g.below(201) / 200) as u32;
        let count_today = match g.below(100) {
            0..60 => 0,
            60..80 => 1,
            80..90 => 2,
            _ => 3 + g.below(10) as u32,
        };
        let price = 1_000 + g.below(199_001) as i64;
        let code = g.next() >> 1;
        Scan { code, time, price, product, district, role, layer, grade, purchases, count_today }
    };
    (0..count).map(|_| one()).collect()
}

/// What a system has awarded: (awards, sum of (policy + 1) × (amount + 1)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Total(pub(crate) u64, pub(crate) u64);

impl Total {
    pub(crate) fn add(&mut self, policy: u32, amount_and_one: i64) {
        self.0 += 1;
        self.1 = self.1.wrapping_add((u64::from(policy) + 1).wrapping_mul(amount_and_one as u64));
    }
}

/// The meaning, as plainly as it can be said; quadratic.
pub(crate) fn plainly(policies: &[Policy], scan: &Scan, total: &mut Total) {
    let below = |node: u16| {
        let (lo, hi) = districts(usize::from(node));
        (lo..hi).contains(&usize::from(scan.district))
    };
    for p in policies {
        if (p.role, p.layer) == (scan.role, scan.layer)
            && (p.start..p.end).contains(&scan.time)
            && scan.purchases >= p.threshold
            && scan.count_today < p.cap
            && p.grades >> scan.grade & 1 == 1
            && p.products.contains(&scan.product)
            && p.nodes.iter().any(|n| below(*n))
            && !p.except.is_some_and(below)
        {
            total.add(p.id, limit::Amount::new(p).of(scan) + 1);
        }
    }
}
