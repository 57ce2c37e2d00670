//! A corpus of real and generated files, and ways to damage them.

use crate::generate::package;
use crate::random::Random;
use promo_grammar::keywords::KEYWORDS;
use std::path::{Path, PathBuf};

/// Texts to begin with.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    texts: Vec<Vec<u8>>,
    words: Vec<&'static str>,
}

/// What breaks parsers: deep and unclosed brackets, long numbers, odd characters.
const NASTY: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "\"",
    "“",
    "”",
    "/*",
    "*/",
    "//",
    "，",
    "：",
    "；",
    "…",
    "9999999999999999999999999999999999999999",
    "0.000000000000000000001",
    "-1",
    "1..2",
    "..",
    "%",
    "‰",
    "'s",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "e\u{301}",
    "👍🏽",
    "\r\n",
    "\t",
    "2026-02-30",
    "9999-12-31",
    "0000-00-00 99:99",
    "1_000_000_000_000_000_000",
    "((((((((((",
    "{{{{{{{{{{",
    "))))))))))",
    "é",
    "ﬁ",
    "的",
    "每",
    "按",
    "价",
    "至",
    "100%",
    "101%",
    "0%",
    "元",
    "-",
    "+",
    "*",
    ".",
    "?",
    "=",
    "<",
    "not not not not ",
    "a.b.c.d.e",
];

impl Corpus {
    /// Every `.promo` file of the repository, and the packages of some seeds.
    pub fn new(generated: u64) -> Corpus {
        let mut corpus = Corpus { texts: Vec::new(), words: NASTY.to_vec() };
        corpus.words.extend(KEYWORDS.iter().flat_map(|k| [k.en, k.zh]).filter(|w| !w.is_empty()));
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        for folder in ["policies", "examples", "docs", "tests/suite"] {
            corpus.read(&root.join(folder));
        }
        for seed in 0..generated {
            let text: String =
                package(seed).files.into_iter().filter(|f| f.0.ends_with(".promo")).map(|f| f.1).collect();
            corpus.texts.push(text.into_bytes());
        }
        corpus
    }

    /// How many texts it has.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// True if it has none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    fn read(&mut self, folder: &Path) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.read(&path);
            } else if path.extension().is_some_and(|e| e == "promo") {
                self.texts.extend(std::fs::read(&path).ok());
            }
        }
    }

    /// A damaged text, or now and then nothing but noise.
    pub fn mutant(&self, r: &mut Random) -> Vec<u8> {
        if r.chance(5) {
            return (0..r.below(400)).map(|_| r.bits() as u8).collect();
        }
        if r.chance(10) {
            let words: Vec<&str> = (0..r.below(80)).map(|_| *r.pick(&self.words)).collect();
            return words.join(" ").into_bytes();
        }
        let mut text = r.pick(&self.texts).clone();
        if r.chance(20) {
            let other = r.pick(&self.texts);
            let (a, b) = (r.below(text.len() + 1), r.below(other.len() + 1));
            text.truncate(a);
            text.extend_from_slice(&other[b..]);
        }
        self.damage(text, r)
    }

    /// One to eight changes.
    pub fn damage(&self, mut text: Vec<u8>, r: &mut Random) -> Vec<u8> {
        for _ in 0..1 + r.below(8) {
            let at = r.below(text.len() + 1);
            let end = (at + 1 + r.below(24)).min(text.len());
            match r.below(8) {
                0 => {
                    text.drain(at..end);
                }
                1 => {
                    let piece = text[at..end].to_vec();
                    text.splice(at..at, piece);
                }
                2 => {
                    let word = r.pick(&self.words).as_bytes().to_vec();
                    text.splice(at..end, word);
                }
                3 => {
                    let word = format!(" {} ", r.pick(&self.words)).into_bytes();
                    text.splice(at..at, word);
                }
                4 => {
                    if let Some(byte) = text.get_mut(at) {
                        *byte ^= 1 << r.below(8);
                    }
                }
                5 => self.other_line(&mut text, r),
                6 => digits(&mut text, at, r),
                _ => text.truncate(text.len() - r.below(text.len().min(200) + 1)),
            }
        }
        text.truncate(60_000);
        text
    }

    /// A line of another text.
    fn other_line(&self, text: &mut Vec<u8>, r: &mut Random) {
        let other = r.pick(&self.texts);
        let lines: Vec<&[u8]> = other.split(|b| *b == b'\n').collect();
        let mut line = r.pick(&lines).to_vec();
        line.push(b'\n');
        let ends: Vec<usize> = text.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1).collect();
        let at = r.any(&ends).copied().unwrap_or(0);
        text.splice(at..at, line);
    }
}

/// The next number becomes another.
fn digits(text: &mut Vec<u8>, from: usize, r: &mut Random) {
    let Some(first) = text.iter().skip(from).position(u8::is_ascii_digit).map(|n| n + from) else { return };
    let count = text[first..].iter().take_while(|b| b.is_ascii_digit()).count();
    let new = match r.below(4) {
        0 => "0".to_owned(),
        1 => i64::MAX.to_string(),
        2 => r.bits().to_string(),
        _ => r.below(100).to_string(),
    };
    text.splice(first..first + count, new.into_bytes());
}
