//! promo-bench v1: seeded policies and scans. Every system measured on it must reproduce [`AWARDS`].

/// 2026-01-01T00:00:00Z.
pub const T0: i64 = 1_767_225_600;
/// Seconds.
pub const DAY: i64 = 86_400;
/// Nodes of the first level.
pub const PROVINCES: usize = 31;
/// Of the second.
pub const CITIES: usize = 340;
/// Of the third.
pub const DISTRICTS: usize = 2_850;
/// Products.
pub const PRODUCTS: usize = 500;
/// Grades.
pub const GRADES: usize = 6;
const SEED: u64 = 0x5EED_2026_0001;
/// What a monthly purchase must reach.
pub const THRESHOLDS: [u32; 6] = [0, 5, 10, 20, 30, 50];

/// (policies, awards, sum of (policy + 1) × (amount + 1)) over [`SCANS`] scans.
pub const AWARDS: [(usize, u64, u64); 5] = [
    (1, 60_309, 168_940_101),
    (10, 74_398, 641_598_407),
    (100, 99_272, 8_116_272_939),
    (1_000, 101_281, 79_107_880_914),
    (10_000, 174_195, 1_416_726_685_082),
];
/// Scans the checksums are of.
pub const SCANS: usize = 1_000_000;

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
pub fn draw_hash(policy: u64, code: u64) -> u64 {
    mix(code ^ (policy + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A draw in `0..weight`.
pub fn draw(policy: u32, code: u64, weight: u32) -> u32 {
    (((draw_hash(u64::from(policy), code) >> 32) * u64::from(weight)) >> 32) as u32
}

/// The city a district lies in.
pub fn city_of(district: usize) -> usize {
    district * CITIES / DISTRICTS
}

/// The province a city lies in.
pub fn province_of(city: usize) -> usize {
    city * PROVINCES / CITIES
}

/// The districts `[lo, hi)` below a node: a province, then a city, then a district.
pub fn districts(node: usize) -> (usize, usize) {
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

/// What a policy pays.
#[derive(Clone, Debug)]
pub enum Reward {
    /// By monthly purchases: `amounts[1]` from `from[1]` on, `amounts[2]` from `from[2]` on.
    Tiered {
        /// Where each row begins.
        from: [u32; 3],
        /// What it pays.
        amounts: [i64; 3],
    },
    /// (price × basis points + 5,000) ÷ 10,000
    Percent {
        /// Hundredths of a percent.
        basis_points: i64,
    },
    /// A weighted draw.
    Draw {
        /// Chances.
        weights: [u32; 4],
        /// Fen.
        prizes: [i64; 4],
    },
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its number.
    pub id: u32,
    /// Who scans.
    pub role: u8,
    /// What is scanned.
    pub layer: u8,
    /// First second.
    pub start: i64,
    /// First second after it.
    pub end: i64,
    /// Products.
    pub products: Vec<u16>,
    /// Region nodes.
    pub nodes: Vec<u16>,
    /// The child left out.
    pub except: Option<u16>,
    /// Bit set of grades.
    pub grades: u8,
    /// Least monthly purchases.
    pub threshold: u32,
    /// Scans a day.
    pub cap: u32,
    /// What it pays.
    pub reward: Reward,
}

/// A scan.
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    /// The code.
    pub code: u64,
    /// Seconds since 1970.
    pub time: i64,
    /// Fen.
    pub price: i64,
    /// Product.
    pub product: u16,
    /// District.
    pub district: u16,
    /// Who scans.
    pub role: u8,
    /// What is scanned.
    pub layer: u8,
    /// Grade.
    pub grade: u8,
    /// Purchases this month.
    pub purchases: u32,
    /// Scans today so far.
    pub count_today: u32,
}

impl Scan {
    /// The event kind: role × layer.
    pub fn kind(&self) -> usize {
        usize::from(self.role) * 5 + usize::from(self.layer)
    }
}

/// The first `n` policies.
pub fn policies(n: usize) -> Vec<Policy> {
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

/// The first `count` scans for these policies.
pub fn scans(policies: &[Policy], count: usize) -> Vec<Scan> {
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
pub struct Total(pub u64, pub u64);

impl Total {
    /// Adds one award.
    pub fn add(&mut self, policy: u32, amount_and_one: i64) {
        self.0 += 1;
        self.1 = self.1.wrapping_add((u64::from(policy) + 1).wrapping_mul(amount_and_one as u64));
    }
}
