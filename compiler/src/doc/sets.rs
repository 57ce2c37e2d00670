//! Sets of regions, products and choices by the fewest names: whole branches of a tree, less their exceptions.

use super::Writer;
use super::words::say;
use crate::hir::model::FactType;
use crate::ir::IntervalSet;
use crate::regions::RegionId;

/// Most products of a set that are listed one by one behind its categories.
const LISTED: usize = 12;

/// A place in the region tree or in the tree of categories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    /// A region with all below it.
    Region(RegionId),
    /// A region alone, without those below it: a place that is known no better.
    Bare(RegionId),
    /// Every product.
    Products,
    /// Index of a category.
    Category(usize),
    /// A product id.
    Product(usize),
}

impl Writer<'_> {
    /// A set of values of a fact.
    pub(super) fn set(&self, ty: &FactType, ids: &IntervalSet) -> String {
        match ty {
            FactType::Region => self.cover(Node::Region(RegionId::ROOT), ids),
            FactType::Product => self.products(ids),
            FactType::OneOf(values) => {
                let known = ids.ranges().iter().flat_map(|(lo, hi)| *lo..*hi);
                let values = known.filter_map(|id| values.get(usize::try_from(id).ok()?));
                let names: Vec<String> = values.map(|v| self.name(v)).collect();
                names.join(&say!(self, " or ", "或"))
            }
            FactType::YesNo => {
                let word = |yes: bool| if yes { say!(self, "yes", "是") } else { say!(self, "no", "否") };
                let words: Vec<String> =
                    [1, 0].into_iter().filter(|v| ids.contains(*v)).map(|v| word(v == 1)).collect();
                words.join(&say!(self, " or ", "或"))
            }
            // No other type has sets; the ids themselves are still the truth.
            FactType::Number { .. }
            | FactType::Date
            | FactType::Instant
            | FactType::Text
            | FactType::Role(_)
            | FactType::Entity(_) => format!("{:?}", ids.ranges()),
        }
    }

    /// Products: categories where they fit, and what that means in SKUs where it is short.
    pub(super) fn products(&self, ids: &IntervalSet) -> String {
        let named = self.cover(Node::Products, ids);
        let each = ids.ranges().iter().flat_map(|(lo, hi)| *lo..*hi);
        let each: Vec<String> =
            each.take(LISTED + 1).filter_map(|id| self.product(usize::try_from(id).ok()?)).collect();
        let list = self.list(&each);
        if list == named || each.len() > LISTED || each.is_empty() {
            return named;
        }
        say!(self, "{named} (these are: {list})", "{named}（即：{list}）")
    }

    /// `特曲 500 毫升（TQ-500）`.
    pub(super) fn product(&self, id: usize) -> Option<String> {
        let product = self.package.schema.products.get(id)?;
        let (name, sku) = (&product.name, &product.sku);
        Some(if name == sku { name.clone() } else { say!(self, "{name} ({sku})", "{name}（{sku}）") })
    }

    fn cover(&self, root: Node, ids: &IntervalSet) -> String {
        let mut names = Vec::new();
        self.terms(root, ids, &mut names);
        if names.is_empty() {
            return say!(self, "none", "无");
        }
        self.list(&names)
    }

    /// Names the part of a set that lies below a node; returns how many names that took.
    fn terms(&self, node: Node, ids: &IntervalSet, out: &mut Vec<String>) -> usize {
        let (lo, hi) = self.range(node);
        let all = IntervalSet::range(lo, hi);
        let inside = ids.intersect(&all);
        if inside.is_empty() {
            return 0;
        }
        let name = self.node_name(node);
        if inside == all {
            out.push(name);
            return 1;
        }
        let (mut parts, mut cost) = (Vec::new(), 0);
        for child in self.children(node) {
            cost += self.terms(child, &inside, &mut parts);
        }
        let mut except = Vec::new();
        self.whole(node, &all.minus(&inside), &mut except);
        if except.len() + 1 < cost {
            cost = except.len() + 1;
            let except = self.list(&except);
            out.push(say!(self, "{name} (except {except})", "{name}（不含{except}）"));
        } else {
            out.append(&mut parts);
        }
        cost
    }

    /// The same without exceptions, for exceptions.
    fn whole(&self, node: Node, ids: &IntervalSet, out: &mut Vec<String>) {
        let (lo, hi) = self.range(node);
        let all = IntervalSet::range(lo, hi);
        let inside = ids.intersect(&all);
        if inside == all && !all.is_empty() {
            out.push(self.node_name(node));
        } else if !inside.is_empty() {
            self.children(node).into_iter().for_each(|child| self.whole(child, &inside, out));
        }
    }

    fn range(&self, node: Node) -> (i64, i64) {
        let one = |n: i64| (n, n.saturating_add(1));
        match node {
            Node::Region(id) => self.package.schema.regions.range(id),
            Node::Bare(id) => one(i64::from(id.0)),
            Node::Products => (0, self.package.schema.products.len() as i64),
            Node::Category(i) => self.package.categories.get(i).map_or((0, 0), |c| c.range),
            Node::Product(i) => one(i as i64),
        }
    }

    fn children(&self, node: Node) -> Vec<Node> {
        match node {
            Node::Bare(_) | Node::Product(_) => Vec::new(),
            Node::Region(id) => {
                let regions = &self.package.schema.regions;
                let end = regions.get(id).map_or(0, |r| r.end);
                let mut children = vec![Node::Bare(id)];
                let mut next = id.0 + 1;
                while next < end {
                    children.push(Node::Region(RegionId(next)));
                    next = regions.get(RegionId(next)).map_or(end, |r| r.end.max(next + 1));
                }
                children
            }
            Node::Products => self.below(None, self.range(node)),
            Node::Category(i) => self.below(self.package.categories.get(i).map(|c| c.path.as_str()), self.range(node)),
        }
    }

    /// Categories right below a path, then the products that are in none of them.
    fn below(&self, path: Option<&str>, (lo, hi): (i64, i64)) -> Vec<Node> {
        let direct = |other: &str| match path {
            None => !other.contains('/'),
            Some(path) => other.strip_prefix(path).and_then(|r| r.strip_prefix('/')).is_some_and(|r| !r.contains('/')),
        };
        let found: Vec<usize> =
            self.package.categories.iter().enumerate().filter(|(_, c)| direct(&c.path)).map(|(i, _)| i).collect();
        let covered =
            IntervalSet::from_ranges(found.iter().filter_map(|i| Some(self.package.categories.get(*i)?.range)));
        let alone = IntervalSet::range(lo, hi).minus(&covered);
        let alone = alone.ranges().iter().flat_map(|(lo, hi)| *lo..*hi).filter_map(|id| usize::try_from(id).ok());
        found.into_iter().map(Node::Category).chain(alone.map(Node::Product)).collect()
    }

    fn node_name(&self, node: Node) -> String {
        match node {
            Node::Region(RegionId::ROOT) => say!(self, "the whole country", "全国"),
            Node::Region(id) => self.package.schema.regions.path(id),
            Node::Bare(RegionId::ROOT) => say!(self, "the country without a province", "省份不明的全国"),
            Node::Bare(id) => {
                let path = self.package.schema.regions.path(id);
                say!(self, "{path} where nothing below it is known", "{path}（下级区域不明的）")
            }
            Node::Products => say!(self, "all products", "全部产品"),
            Node::Category(i) => {
                let path = self.package.categories.get(i).map_or("", |c| c.path.as_str());
                say!(self, "category “{path}”", "分类“{path}”")
            }
            Node::Product(i) => self.product(i).unwrap_or_default(),
        }
    }
}
