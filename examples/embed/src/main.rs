//! A scan server in one page: compile a package from disk, load it, decide events from standard input, print the awards.
//!
//! ```text
//! head -5 examples/liquor/events.ndjson | cargo run -p promo-example-embed -- examples/liquor
//! head -5 examples/liquor/events.ndjson | cargo run -p promo-example-embed -- examples/liquor why
//! ```
//!
//! With `why`, whoever is paid nothing by a policy is told why, and what would have paid, on standard error.

use promo_compiler::diagnostic::{Lang, render};
use promo_compiler::ir::settle::KeyedDraws;
use promo_compiler::package::{InputFile, PackageInput};
use promo_compiler::pipeline;
use promo_runtime::decision::{DecisionWriter, Detail, nearest_text, reason_text};
use promo_runtime::event::{EventDecoder, IdTexts};
use promo_runtime::store::MemoryStore;
use promo_runtime::{Engine, Explain, ScanBuffers};
use std::io::{self, BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Compile. The compiler opens no file itself: a server may keep its packages anywhere.
    let folder = std::env::args().nth(1).unwrap_or_else(|| "examples/liquor".to_owned());
    let mut package = PackageInput::default();
    for entry in std::fs::read_dir(&folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if [".toml", ".promo", ".csv"].iter().any(|end| name.ends_with(end)) {
            package.files.push(InputFile::from_bytes(name, std::fs::read(entry.path())?));
        }
    }
    let compiled = pipeline::compile(&package);
    let Some(program) = compiled.program else {
        return Err(render::human_all(&compiled.diagnostics, &compiled.sources, Lang::En, false).into());
    };

    // Load. The campaign secret decides the draws; keep it out of the program in production.
    let decoder = EventDecoder::new(&program);
    let policies = Engine::new(KeyedDraws::new([0; 32])).load(program)?;
    let writer = DecisionWriter::new(policies.program());
    // Reasons cost time: a server asks for them where somebody wants to know.
    let explain = if std::env::args().nth(2).as_deref() == Some("why") { Explain::Nearest } else { Explain::No };
    let (mut store, mut buffers) = (MemoryStore::new(), ScanBuffers::default());

    for line in io::stdin().lock().lines() {
        let event = decoder.decode(line?)?;
        // All of it or nothing; a scan sent twice is paid once and answered with the bytes of the first time.
        policies.scan(&event, &mut store, &mut buffers, explain, |decision, answer| {
            answer.extend(writer.to_json(&event, decision, &IdTexts::default(), Detail::Awards).into_bytes());
        })?;
        writeln!(io::stdout(), "{}", String::from_utf8_lossy(&buffers.answer))?;
        let program = policies.program();
        for (refused, nearest) in buffers.decision.refusals.iter().zip(&buffers.decision.nearest) {
            let reason = reason_text(program, Some(&compiled.sources), refused);
            let nearest = nearest.as_ref().map(|nearest| nearest_text(program, &event, nearest).zh);
            writeln!(io::stderr(), "{}。{}", reason.zh, nearest.unwrap_or_default())?;
        }
    }
    Ok(())
}
