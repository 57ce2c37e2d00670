//! Random valid packages as text, directed by types: what can be read, what is known to be there, what a unit allows.
//!
//! The same seed makes the same package everywhere. Most packages compile; the others must be refused with a
//! diagnostic, which is a test too.

mod amount;
mod condition;
mod drawn;
mod history;
mod invariant;
pub mod model;
mod policy;
mod prize;
mod scope;
pub mod stream;
mod table;

use crate::random::Random;
use promo_compiler::package::{InputFile, PackageInput};
use scope::Gen;

/// A random package.
#[derive(Clone, Debug)]
pub struct Package {
    /// What it was made from.
    pub seed: u64,
    /// Its spelling.
    pub chinese: bool,
    /// Files by name.
    pub files: Vec<(String, String)>,
}

impl Package {
    /// As the compiler takes it.
    pub fn input(&self) -> PackageInput {
        let file = |(name, text): &(String, String)| InputFile::new(name.as_str(), text.as_str());
        PackageInput {
            root_name: format!("generated-{}", self.seed),
            files: self.files.iter().map(file).collect(),
            manifest_optional: true,
        }
    }

    /// All its policy text, for messages.
    pub fn text(&self) -> String {
        self.files.iter().map(|(name, text)| format!("// {name}\n{text}\n")).collect()
    }
}

/// All the years a campaign can reach, with days that are not what their weekday says.
fn calendar(r: &mut Random) -> String {
    let mut text = "date,kind,name\n".to_owned();
    for year in 2025..=2027 {
        text.push_str(&format!("{year},year,all of it\n"));
        for month in 1..=12 {
            let (free, day) = (r.chance(60), r.between(1, 28));
            let kind = if free { "holiday" } else { "workday" };
            text.push_str(&format!("{year}-{month:02}-{day:02},{kind},moved\n"));
        }
    }
    text
}

/// The package of a seed.
pub fn package(seed: u64) -> Package {
    let mut r = Random::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x0070_726F_6D6F);
    let zh = r.chance(50);
    let m = model::model(&mut r, zh);
    let channel = m.text(&mut r, zh);
    let tables = table::tables(&mut r, &m, zh);
    let mut g = Gen { r, zh, m, tables };
    let mut policies = g.policies();
    policies.extend(g.invariants());
    let split = g.r.below(policies.len() + 1);
    let (one, two) = policies.split_at(split);
    let declared: String = g.tables.iter().map(|t| t.text.as_str()).collect();
    let mut files = vec![
        ("channel.promo".to_owned(), channel),
        ("first.promo".to_owned(), declared + &one.join("\n")),
        ("second.promo".to_owned(), two.join("\n")),
        ("products.csv".to_owned(), g.m.products_csv.clone()),
        ("regions.csv".to_owned(), g.m.regions_csv.clone()),
    ];
    files.push(("calendar.csv".to_owned(), calendar(&mut g.r)));
    files.extend(g.tables.iter().map(|t| t.file.clone()));
    Package { seed, chinese: zh, files }
}
