//! Who and what there is: distributors, stores, guides, consumers and products.

use crate::random::Random;

/// Where stores are, and the share of the last in the region of none of the policies.
const CITIES: &[(&str, &str)] = &[
    ("四川", "四川/成都/锦江区"),
    ("四川", "四川/成都/武侯区"),
    ("四川", "四川/成都/双流区"),
    ("四川", "四川/绵阳/涪城区"),
    ("四川", "四川/泸州/江阳区"),
    ("四川", "四川/攀枝花/东区"),
    ("重庆", "重庆/渝中区"),
    ("重庆", "重庆/江北区"),
    ("河南", "河南/郑州/金水区"),
    ("河南", "河南/郑州/二七区"),
    ("河南", "河南/洛阳/西工区"),
    ("山东", "山东/济南/历下区"),
    ("山东", "山东/青岛/市南区"),
    ("山东", "山东/临沂/兰山区"),
    ("湖南", "湖南/长沙/芙蓉区"),
];

/// SKU, bottles per case, and how often it is sold.
const PRODUCTS: &[(&str, u64, u64)] = &[
    ("CJ-1952", 6, 4),
    ("CJ-CS", 6, 5),
    ("CJ-Q30", 6, 12),
    ("CJ-Q20", 6, 18),
    ("CJ-Q15", 6, 14),
    ("CJ-HY", 6, 10),
    ("CJ-LH", 6, 12),
    ("CJ-TQ", 6, 12),
    ("CJ-G52", 12, 6),
    ("CJ-MZ", 12, 7),
];

/// A store with what the route knows about it.
pub(crate) struct Store {
    pub(crate) id: String,
    pub(crate) grade: char,
    pub(crate) region: &'static str,
    pub(crate) distributor: usize,
    pub(crate) rep: String,
    /// A person who guides here, if there is one.
    pub(crate) guide: Option<String>,
}

/// A distributor.
pub(crate) struct Distributor {
    pub(crate) id: String,
    pub(crate) territory: &'static str,
}

/// The cast.
pub(crate) struct World {
    pub(crate) distributors: Vec<Distributor>,
    pub(crate) stores: Vec<Store>,
}

impl World {
    pub(crate) fn new(random: &mut Random) -> World {
        let mut distributors: Vec<Distributor> = Vec::new();
        let mut stores = Vec::new();
        for n in 1..=48u64 {
            let Some(&(territory, region)) = random.pick(CITIES) else { continue };
            let distributor = distributors.iter().position(|d| d.territory == territory).unwrap_or_else(|| {
                let id = format!("D{:02}", distributors.len() + 1);
                distributors.push(Distributor { id, territory });
                distributors.len() - 1
            });
            let grade = match random.below(10) {
                0..3 => 'A',
                3..8 => 'B',
                _ => 'C',
            };
            let guide = random.percent(50).then(|| format!("G{n:02}"));
            let rep = format!("R{:02}", distributor + 1);
            stores.push(Store { id: format!("S{n:03}"), grade, region, distributor, rep, guide });
        }
        World { distributors, stores }
    }
}

/// A product by how often it is sold: SKU and bottles per case.
pub(crate) fn product(random: &mut Random) -> (&'static str, u64) {
    let all: u64 = PRODUCTS.iter().map(|p| p.2).sum();
    let mut at = random.below(all);
    for (sku, bottles, share) in PRODUCTS {
        if at < *share {
            return (sku, *bottles);
        }
        at -= share;
    }
    ("CJ-Q20", 6)
}

/// A consumer as JSON. A few come often: the square of an even draw leans to the small numbers.
pub(crate) fn consumer(random: &mut Random) -> String {
    let (a, b) = (random.below(60), random.below(60));
    let n = a * b;
    format!(r#"{{"id":"P{n:04}","member":{}}}"#, n % 5 < 3)
}
