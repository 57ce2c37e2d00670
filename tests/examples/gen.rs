//! scratch
use promo_compiler::diagnostic::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    if a[1] == "show" {
        let p = promo_tests::generate::package(a[2].parse().unwrap());
        println!("{}", p.text());
        let c = promo_compiler::pipeline::compile(&p.input());
        show(&c, 20);
        return;
    }
    if a[1] == "spell" {
        use promo_compiler::source::Spelling as S;
        let p = promo_tests::generate::package(a[2].parse().unwrap());
        let z = spell(&p, S::Zh); let e = spell(&z, S::En);
        let h = |p: &promo_tests::generate::Package| promo_compiler::pipeline::compile(&p.input()).program.map(|p| p.policies.iter().map(|x| (x.name.clone(), x.hash.clone())).collect::<Vec<_>>());
        let (a, b, c) = (h(&p).unwrap(), h(&z), h(&e));
        for (i, (n, h)) in a.iter().enumerate() { println!("{n} {} {}", b.as_ref().map_or(false, |b| b[i].1 == *h), c.as_ref().map_or(false, |b| b[i].1 == *h)); }
        std::fs::write("/tmp/o.txt", p.text()).unwrap(); std::fs::write("/tmp/z.txt", z.text()).unwrap(); std::fs::write("/tmp/e.txt", e.text()).unwrap();
        return;
    }
    let n: u64 = a[1].parse().unwrap();
    let mut by = std::collections::BTreeMap::<String, (usize, u64, String)>::new();
    let mut ok = 0;
    let t = std::time::Instant::now();
    for seed in 0..n {
        let p = promo_tests::generate::package(seed);
        let c = promo_compiler::pipeline::compile(&p.input());
        if c.program.is_some() { ok += 1; continue; }
        if let Some(d) = c.diagnostics.0.iter().find(|d| d.severity == Severity::Error) {
            let src = c.sources.get(d.primary.at.source).map(|s| s.text.as_str()).unwrap_or("");
            let line = src.get(..d.primary.at.span.start as usize).map(|x| x.rsplit('\n').next().unwrap().to_string() + src[d.primary.at.span.start as usize..].lines().next().unwrap_or("")).unwrap_or_default();
            let e = by.entry(format!("{:?}", d.code)).or_insert((0, seed, format!("{} || {}", d.message.en, line)));
            e.0 += 1;
        }
    }
    println!("{ok}/{n} in {:?}", t.elapsed());
    let mut v: Vec<_> = by.into_iter().collect();
    v.sort_by_key(|(_, x)| std::cmp::Reverse(x.0));
    for (code, (n, seed, m)) in v { println!("{n:4} {code} seed {seed}: {m}"); }
}
fn show(c: &promo_compiler::pipeline::Compilation, n: usize) {
    for d in c.diagnostics.0.iter().take(n) {
        let src = c.sources.get(d.primary.at.source).map(|s| s.text.as_str()).unwrap_or("");
        let line = src.get(..d.primary.at.span.start as usize).map(|x| x.rsplit('\n').next().unwrap().to_string() + "<<HERE>>" + src[d.primary.at.span.start as usize..].lines().next().unwrap_or("")).unwrap_or_default();
        println!("{:?} {} || {line}", d.code, d.message.en);
    }
}
pub fn spell(p: &promo_tests::generate::Package, target: promo_compiler::source::Spelling) -> promo_tests::generate::Package {
    let c = promo_compiler::pipeline::compile(&p.input());
    let pairs: Vec<(String, String)> = c.hir.iter().flat_map(|h| h.model.spellings()).map(|n| (n.name.clone(), n.label.clone())).collect();
    let mut out = p.clone();
    for (_, text) in out.files.iter_mut().filter(|f| f.0.ends_with(".promo")) {
        let mut d = Diagnostics::default();
        let f = promo_compiler::ast::from_pairs::parse(promo_compiler::source::SourceId(0), text, &mut d);
        *text = promo_compiler::ast::fmt::format(&f, text, target, &|n| pairs.iter().find(|(a,b)| a==n||b==n).map(|x| if target == promo_compiler::source::Spelling::En {x.0.clone()} else {x.1.clone()}));
    }
    out
}
