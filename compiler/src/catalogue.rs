//! The product catalogue: products in category order, so that every category is a range of product ids.

use crate::ir::schema::Product;
use crate::package::error::{DataError, DataErrorKind};
use crate::package::similar;
use crate::package::table::{self, Cell, Column, Row};
use crate::regions::ResolveError;
use rustc_hash::FxHashMap;

/// The greatest price of a smallest pack: one million yuan, in fen.
pub const MAX_PRICE: i64 = 100_000_000;
/// The most smallest packs that any pack may hold.
pub const MAX_UNITS: i64 = 1_000_000;

const COLUMNS: &[Column] = &[
    Column { en: "sku", zh: "编码", required: true },
    Column { en: "name", zh: "名称", required: true },
    Column { en: "category", zh: "分类", required: true },
    Column { en: "price", zh: "价格", required: true },
    Column { en: "pack", zh: "包装", required: false },
];
const SKU: usize = 0;
const NAME: usize = 1;
const CATEGORY: usize = 2;
const PRICE: usize = 3;
const PACK: usize = 4;

/// The products a package knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// Products in order of category, then of SKU; the index is the product's id. The order does not depend on the
    /// order of the rows.
    pub products: Vec<Product>,
    /// Every category with products in it or below it, in order of path.
    pub categories: Vec<Category>,
    /// Header cells of columns nobody reads.
    pub ignored: Vec<Cell>,
    skus: FxHashMap<String, u32>,
}

/// A category of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its path from the top, as `白酒/青花`.
    pub path: String,
    /// Product ids in it and below it, half-open; never empty.
    pub range: (i64, i64),
}

impl Catalogue {
    /// A catalogue from `sku,name,category,price,pack` (`编码,名称,分类,价格,包装`).
    ///
    /// `packs` is how many packs the channel model has. `pack` says how many of the pack below each bigger one holds:
    /// `6/40` is 6 bottles a case and 40 cases a pallet. It may be left out when there is only one pack. The price is
    /// that of the smallest pack, in yuan with at most two decimals. A category may be empty.
    ///
    /// # Errors
    ///
    /// Every bad row; none is half loaded.
    pub fn from_csv(text: &str, packs: usize) -> Result<Catalogue, Vec<DataError>> {
        let table = table::read(text, COLUMNS);
        let mut errors = table.errors;
        let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
        let mut found: Vec<(Vec<&str>, Product)> = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let before = errors.len();
            let product = product(row, packs, &mut errors);
            let path = category(row, &mut errors);
            let sku = row.cell(SKU).text.as_str();
            if !sku.is_empty() {
                if let Some(first) = seen.get(sku) {
                    errors.push(fault(row, SKU, DataErrorKind::Repeated { first: *first }));
                } else {
                    seen.insert(sku, row.line);
                }
            }
            if errors.len() == before {
                found.push((path, product));
            }
        }
        if found.len() > MAX_PRODUCTS
            && let Some(row) = table.rows.get(MAX_PRODUCTS)
        {
            errors.push(fault(row, SKU, DataErrorKind::TooManyRows));
        }
        if !errors.is_empty() {
            errors.sort_by_key(|e| (e.span.start, e.line));
            return Err(errors);
        }
        found.sort_by(|a, b| (&a.0, &a.1.sku).cmp(&(&b.0, &b.1.sku)));
        let categories = categories(found.iter().map(|(path, _)| path.as_slice()));
        let products: Vec<Product> = found.into_iter().map(|(_, product)| product).collect();
        let skus = (0..).zip(&products).map(|(id, p): (u32, _)| (p.sku.clone(), id)).collect();
        Ok(Catalogue { products, categories, ignored: table.ignored, skus })
    }

    /// The id of a product by its exact SKU.
    pub fn sku(&self, sku: &str) -> Option<u32> {
        self.skus.get(sku).copied()
    }

    /// SKUs that look like this text, best first; at most three.
    pub fn similar_skus(&self, text: &str) -> Vec<String> {
        similar::nearest(text, self.products.iter().map(|p| p.sku.as_str()))
    }

    /// The product ids of a category, half-open: named by its full path, or by the last part or parts of it where only
    /// one category ends so (`青花` for `白酒/青花`).
    ///
    /// # Errors
    ///
    /// No category or several categories fit.
    pub fn category(&self, text: &str) -> Result<(i64, i64), ResolveError> {
        let wanted: Vec<&str> = split_path(text).collect();
        let mut fitting: Vec<&Category> = Vec::new();
        for category in &self.categories {
            let parts: Vec<&str> = split_path(&category.path).collect();
            if parts == wanted {
                return Ok(category.range);
            }
            if parts.ends_with(&wanted) {
                fitting.push(category);
            }
        }
        match fitting.as_slice() {
            [one] => Ok(one.range),
            [] => {
                let last = wanted.last().copied().unwrap_or("");
                let ends = self.categories.iter().filter_map(|c| Some((split_path(&c.path).last()?, c.path.as_str())));
                let names: FxHashMap<&str, &str> = ends.collect();
                let mut suggestions = similar::nearest(text, self.categories.iter().map(|c| c.path.as_str()));
                let near = similar::nearest(last, names.keys().copied());
                suggestions.extend(near.iter().filter_map(|n| names.get(n.as_str())).map(|path| (*path).to_owned()));
                let mut known = Vec::new();
                suggestions.retain(|s| {
                    !known.contains(s) && {
                        known.push(s.clone());
                        true
                    }
                });
                suggestions.truncate(3);
                Err(ResolveError::Unknown { suggestions })
            }
            many => Err(ResolveError::Ambiguous { choices: many.iter().map(|c| c.path.clone()).collect() }),
        }
    }
}

/// Every level of a path is a category of its own, so a hostile path must not have thousands.
const MAX_LEVELS: usize = 16;

/// Product ids are words of the event record and sizes of dense tables.
const MAX_PRODUCTS: usize = 1 << 20;

fn split_path(text: &str) -> impl Iterator<Item = &str> {
    text.split(['/', '／']).map(str::trim)
}

fn fault(row: &Row, column: usize, kind: DataErrorKind) -> DataError {
    let mut span = row.cell(column).span;
    if span == crate::source::Span::default() {
        // The column is not in the file: point at the row's first cell.
        span = row.cell(SKU).span;
    }
    DataError { line: row.line, column: COLUMNS.get(column).map(|c| c.en), span, kind }
}

/// Reads everything but the category; what cannot be read is reported and replaced.
fn product(row: &Row, packs: usize, errors: &mut Vec<DataError>) -> Product {
    for column in [SKU, NAME] {
        if row.cell(column).text.is_empty() {
            errors.push(fault(row, column, DataErrorKind::Empty));
        }
    }
    let mut take = |column: usize, result: Result<i64, DataErrorKind>| {
        result.map_err(|kind| errors.push(fault(row, column, kind))).unwrap_or(0)
    };
    let price = take(PRICE, price(&row.cell(PRICE).text));
    let mut units = vec![1];
    match pack(&row.cell(PACK).text, packs) {
        Ok(bigger) => units.extend(bigger),
        Err(kind) => {
            take(PACK, Err(kind));
        }
    }
    Product { sku: row.cell(SKU).text.clone(), name: row.cell(NAME).text.clone(), price, units }
}

/// `1499`, `8.8`, `8.80` → fen.
fn price(text: &str) -> Result<i64, DataErrorKind> {
    if text.is_empty() {
        return Err(DataErrorKind::Empty);
    }
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match text.strip_prefix('-').unwrap_or(text).split_once('.') {
        Some((whole, fraction)) if digits(fraction) => (whole, fraction),
        None => (text.strip_prefix('-').unwrap_or(text), ""),
        Some(_) => return Err(DataErrorKind::NotAPrice),
    };
    if !digits(whole) {
        return Err(DataErrorKind::NotAPrice);
    }
    if text.starts_with('-') {
        return Err(DataErrorKind::Negative);
    }
    if fraction.len() > 2 {
        return Err(DataErrorKind::TooManyDecimals);
    }
    let fen = format!("{whole}{fraction:0<2}").parse::<i64>().ok().filter(|fen| *fen <= MAX_PRICE);
    fen.ok_or(DataErrorKind::TooLarge { max: MAX_PRICE / 100 })
}

/// `6/40` → how many smallest packs each pack above the smallest holds: 6, 240.
fn pack(text: &str, packs: usize) -> Result<Vec<i64>, DataErrorKind> {
    let expected = packs.saturating_sub(1);
    if text.is_empty() {
        return if expected == 0 { Ok(Vec::new()) } else { Err(DataErrorKind::Empty) };
    }
    let parts: Vec<&str> = split_path(text).collect();
    if parts.iter().any(|p| p.is_empty() || !p.bytes().all(|b| b.is_ascii_digit()) || p.bytes().all(|b| b == b'0')) {
        return Err(DataErrorKind::NotAPack);
    }
    if parts.len() != expected {
        return Err(DataErrorKind::PackCount { found: parts.len(), expected });
    }
    let mut units = 1i64;
    let mut times = |part: &&str| {
        units = part.parse::<i64>().ok().and_then(|n| units.checked_mul(n)).filter(|n| *n <= MAX_UNITS)?;
        Some(units)
    };
    parts.iter().map(|p| times(p).ok_or(DataErrorKind::TooLarge { max: MAX_UNITS })).collect()
}

/// The parts of a category path; none for an empty cell.
fn category<'a>(row: &'a Row, errors: &mut Vec<DataError>) -> Vec<&'a str> {
    let text = row.cell(CATEGORY).text.as_str();
    if text.is_empty() {
        return Vec::new();
    }
    let path: Vec<&str> = split_path(text).collect();
    if path.iter().any(|p| p.is_empty()) {
        errors.push(fault(row, CATEGORY, DataErrorKind::EmptyPart));
    }
    if path.len() > MAX_LEVELS {
        errors.push(fault(row, CATEGORY, DataErrorKind::TooManyLevels { max: MAX_LEVELS }));
    }
    path
}

/// Every prefix of the sorted paths with the range of rows that have it.
fn categories<'a>(paths: impl Iterator<Item = &'a [&'a str]>) -> Vec<Category> {
    let mut out: Vec<Category> = Vec::new();
    // The categories of the row before, from the top: name and index in `out`.
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (id, path) in (0i64..).zip(paths) {
        let shared = open.iter().zip(path).take_while(|(a, b)| a.0 == **b).count();
        open.truncate(shared);
        for part in path.iter().skip(shared) {
            let parent = open.last().and_then(|(_, i)| out.get(*i)).map(|c| c.path.as_str());
            let path = parent.map_or_else(|| (*part).to_owned(), |p| format!("{p}/{part}"));
            open.push((part, out.len()));
            out.push(Category { path, range: (id, id) });
        }
        for (_, i) in &open {
            if let Some(category) = out.get_mut(*i) {
                category.range.1 = id + 1;
            }
        }
    }
    out
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    const GOOD: &str = "\
sku,name,category,price,pack
SKU-2,青花二十,白酒/青花,899.5,6/40
SKU-1,青花十,白酒/青花,499,6/40
W,矿泉水,,2,24/1
R-1,干红,红酒,88.80,6/60
Y-1,国窖1573,白酒/国窖,1499.00,6/40
R-2,老干红,红酒/青花,188.80,6/60
";

    #[test]
    fn categories_are_ranges() {
        let c = Catalogue::from_csv(GOOD, 3).unwrap();
        let skus: Vec<_> = c.products.iter().map(|p| p.sku.as_str()).collect();
        assert_eq!(skus, ["W", "Y-1", "SKU-1", "SKU-2", "R-1", "R-2"]);
        let categories: Vec<_> = c.categories.iter().map(|c| (c.path.as_str(), c.range)).collect();
        assert_eq!(
            categories,
            [("白酒", (1, 4)), ("白酒/国窖", (1, 2)), ("白酒/青花", (2, 4)), ("红酒", (4, 6)), ("红酒/青花", (5, 6))]
        );
        assert_eq!(c.products[3].price, 89_950);
        assert_eq!(c.products[3].units, [1, 6, 240]);
        assert_eq!(c.sku("SKU-1"), Some(2));
        assert_eq!(c.sku("SKU-9"), None);
        assert_eq!(c.similar_skus("SKU-9"), ["SKU-1", "SKU-2"]);
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let (head, rows) = GOOD.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        let reversed = Catalogue::from_csv(&format!("{head}\n{}\n", rows.join("\r\n")), 3);
        assert_eq!(reversed, Catalogue::from_csv(GOOD, 3));
    }

    #[test]
    fn categories_by_path_or_by_their_end() {
        let c = Catalogue::from_csv(GOOD, 3).unwrap();
        assert_eq!(c.category("白酒"), Ok((1, 4)));
        assert_eq!(c.category("国窖"), Ok((1, 2)));
        assert_eq!(c.category("红酒/青花"), Ok((5, 6)));
        let choices = vec!["白酒/青花".to_owned(), "红酒/青花".to_owned()];
        assert_eq!(c.category("青花"), Err(ResolveError::Ambiguous { choices }));
        let suggestions = vec!["白酒/国窖".to_owned()];
        assert_eq!(c.category("国觉"), Err(ResolveError::Unknown { suggestions }));
        assert_eq!(c.category(""), Err(ResolveError::Unknown { suggestions: vec![] }));
    }

    #[test]
    fn every_bad_row_is_reported_with_its_column() {
        let text = "\
pack,price,sku,category,name,note
6,1.00,A,x,a,
6,,B,x,b,
6,-1,C,x,c,
6,1.005,D,x,d,
6,1.00,A,x,e,
6,1000000.01,F,x,f,
6,99999999999999999999,G,x,g,
6,1e3,H,x//y,h,
0,1,I,x,i,
6/2,1,J,x,j,
,1,K,x,,
6,1,,x,l,
6,1,M
1000001,.5,N,x,n,
";
        let errors = Catalogue::from_csv(text, 2).unwrap_err();
        let found: Vec<_> = errors.iter().map(|e| (e.line, e.column.unwrap_or("-"))).collect();
        assert_eq!(
            found,
            [
                (3, "price"),
                (4, "price"),
                (5, "price"),
                (6, "sku"),
                (7, "price"),
                (8, "price"),
                (9, "price"),
                (9, "category"),
                (10, "pack"),
                (11, "pack"),
                (12, "pack"),
                (12, "name"),
                (13, "sku"),
                (14, "-"),
                (15, "pack"),
                (15, "price"),
            ]
        );
        // The span is the cell's own text.
        let c = errors.iter().find(|e| e.kind == DataErrorKind::Negative).unwrap();
        assert_eq!(&text[c.span.start as usize..c.span.end as usize], "-1");
    }

    #[test]
    fn a_path_has_a_bounded_number_of_levels() {
        let with = |levels: usize| {
            let path = vec!["x"; levels].join("/");
            Catalogue::from_csv(&format!("sku,name,category,price\nA,a,{path},1\n"), 1)
        };
        assert_eq!(with(16).unwrap().categories.len(), 16);
        assert_eq!(with(100_000).unwrap_err()[0].kind, DataErrorKind::TooManyLevels { max: 16 });
    }

    #[test]
    fn one_pack_needs_no_pack_column_and_other_columns_are_ignored() {
        let c = Catalogue::from_csv("sku,name,category,price,brand\nA,a,x,0.01,Q\n", 1).unwrap();
        assert_eq!(c.products[0].units, [1]);
        assert_eq!(c.products[0].price, 1);
        assert_eq!(c.ignored[0].text, "brand");
        let errors = Catalogue::from_csv("sku,name,category,price\nA,a,x,1\n", 2).unwrap_err();
        assert_eq!(errors[0].kind, DataErrorKind::Empty);
        assert_eq!(errors[0].column, Some("pack"));
        let chinese = Catalogue::from_csv("编码,名称,分类,价格,包装\nA,a,x,0.01,12\n", 2).unwrap();
        assert_eq!(chinese.products[0].units, [1, 12]);
    }
}
