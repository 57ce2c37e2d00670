//! Sheets become ladders and ladders the same sheets; what a sheet leaves open is asked.
#![expect(clippy::unwrap_used, reason = "tests")]

mod program;

use program::{promo, text};
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    program::folder("table", name)
}

fn fine(folder: &Path, line: &str) -> String {
    program::stdout(folder, line, 0)
}

/// The codes an import ends with; exit code 1 and nothing on standard output.
fn findings(folder: &Path, sheet: &str, options: &str) -> String {
    fs::write(folder.join("open.csv"), sheet).unwrap();
    let output = promo(folder, &format!("table import open.csv{options}"));
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""), "{sheet}");
    text(&output.stderr)
}

const CHANNEL: &str = "channel c {
  zone UTC
  money CNY
  rounding half_up to fen
  role store
  pack bottle
  event sold by store { bottles: 0..1_000 bottles; sum: 0..1_000_000 yuan }
  reward cash money
}
";

/// A package whose policy pays by this ladder.
fn package(folder: &Path, by: &str, ladder: &str) {
    let policy = format!(
        "{CHANNEL}policy p {{ kind TP; during 2026-01-01 .. 2026-12-31; budget 1_000 yuan, when used up: stop
on sold {{ give store cash {ladder} if returned: keep }} }}\n"
    );
    assert!(ladder.starts_with(&format!("by {by} ")), "{ladder}");
    fs::create_dir_all(folder.join("p")).unwrap();
    fs::write(folder.join("p/promo.toml"), "[package]\nname = \"p\"\nlanguage = \"1\"\n").unwrap();
    fs::write(folder.join("p/p.promo"), policy).unwrap();
}

#[test]
fn a_sheet_goes_to_a_ladder_and_back_cell_for_cell() {
    let at = folder("round");
    for (mode, by, sheet) in [
        ("highest", "bottles", "from (bottles),to (bottles),reward (yuan)\n50,99,50\n100,199,150.5\n200,,400\n"),
        ("each", "bottles", "from (bottles),\"to (bottles, excluded)\",reward (yuan)\n0,100,1\n100,200,2\n200,,3\n"),
        ("marginal", "sum", "from (yuan),\"to (yuan, included)\",reward (%)\n0,1000.5,1\n1000.5,2000,1.5\n2000,,2\n"),
    ] {
        fs::write(at.join("tiers.csv"), sheet).unwrap();
        let ladder = fine(&at, &format!("table import tiers.csv --mode {mode} --by {by}"));
        package(&at, by, &ladder);
        assert_eq!(fine(&at, "table export p p"), sheet, "{ladder}");
        assert_eq!(fine(&at, "table export p p/1/1"), sheet);
        // Through Excel and back.
        fine(&at, "table export p p -o tiers.xlsx");
        assert_eq!(fine(&at, &format!("table import tiers.xlsx --mode {mode} --by {by}")), ladder);
        fine(&at, "table export p p -o again.csv");
        assert_eq!(fs::read_to_string(at.join("again.csv")).unwrap(), format!("\u{feff}{sheet}"));
        // Chinese and back into the same sheet of Chinese headers.
        let chinese = fine(&at, &format!("--lang zh table import tiers.csv --mode {mode} --by {by}"));
        assert!(chinese.starts_with(&format!("按 {by} ")), "{chinese}");
    }
}

#[test]
fn what_a_sheet_leaves_open_is_asked_with_row_and_cell() {
    let at = folder("open");
    let head = "下限（瓶）,上限（瓶）,奖励（元）\n";
    let mode = " --mode highest";
    for (rows, code, place) in [
        ("50,100,50\n100,,150\n", "P0107", "cell B2"),
        ("50以上,99,50\n100,,150\n", "P0107", "cell A2"),
        ("50,98,50\n100,,150\n", "P0309", "cell B2"),
        ("50,120,50\n100,,150\n", "P0308", "cell B2"),
        ("50,40,50\n100,,150\n", "P0307", "cell B2"),
        ("100,199,50\n50,,150\n", "P0307", "cell A3"),
        ("50,99,50\n100,199,\n200,,4\n", "P0609", "cell C3"),
        ("50,99,50\n,199,5\n200,,4\n", "P0609", "cell A3"),
        ("50,,50\n100,199,5\n200,,4\n", "P0609", "cell B2"),
        ("50,99,50\n100,199,150\n", "P0309", "cell B3"),
        ("50,99,many\n100,,150\n", "P0609", "cell C2"),
    ] {
        let said = findings(&at, &format!("{head}{rows}"), mode);
        assert!(said.contains(code) && said.contains(place), "{rows}\n{said}");
    }
    assert!(findings(&at, &format!("{head}50,,50\n"), "").contains("P0306"));
    assert!(findings(&at, "下限,上限\n50,\n", mode).contains("P0607"));
    assert!(findings(&at, "下限,上限,奖励\n50,,50\n", mode).contains("P0302"));
    // The answer to the open edge, either way.
    fs::write(at.join("edge.csv"), format!("{head}50,100,50\n100,,150\n")).unwrap();
    assert!(fine(&at, "table import edge.csv --mode highest --edge next").contains("from 50 瓶 under 100 瓶: 50 yuan"));
    let previous = fine(&at, "table import edge.csv --mode highest --edge previous");
    assert!(previous.contains("at most 100 瓶: 50 yuan") && previous.contains("over 100 瓶: 150 yuan"), "{previous}");
}

#[test]
fn a_data_table_is_read_from_a_workbook() {
    let at = folder("workbook");
    fs::create_dir_all(at.join("p")).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("2026").unwrap();
    for (column, text) in (0u16..).zip(["store", "amount", "share", "since"]) {
        sheet.write_string(1, column + 1, text).unwrap();
    }
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    for row in 0..3u32 {
        sheet.write_string(2 + row, 1, format!("S{row}")).unwrap();
        sheet.write_number(2 + row, 2, 8.8 + f64::from(row)).unwrap();
        sheet.write_number(2 + row, 3, 0.05).unwrap();
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 15).unwrap();
        sheet.write_datetime_with_format(2 + row, 4, &day, &date).unwrap();
    }
    book.save(at.join("p/terms.xlsx")).unwrap();
    fs::write(at.join("p/promo.toml"), "[package]\nname = \"p\"\nlanguage = \"1\"\n").unwrap();
    let policy = |hi: &str| {
        format!(
            "{CHANNEL}table terms from \"terms.xlsx\" sheet \"2026\" by store {{ amount: 0..{hi} yuan; share: 0%..10%; since: date }}
policy p {{ kind TP; during 2026-01-01 .. 2026-12-31; budget 1_000 yuan, when used up: stop
on sold where terms[store] is known and today at least terms[store].since {{ give store cash terms[store].amount; give store cash terms[store].share of sum; if returned: keep }} }}
test \"t\" {{
  given store S1
  at 2026-02-01 10:00 sold by S1 {{ bottles: 1; sum: 100 yuan }}
  expect S1: 9.80 yuan cash, 5 yuan cash
}}\n"
        )
    };
    fs::write(at.join("p/p.promo"), policy("20")).unwrap();
    assert!(fine(&at, "test p").ends_with("1 passed, 0 failed\n"));
    fs::write(at.join("p/p.promo"), policy("10")).unwrap();
    let output = promo(&at, "check p");
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("P0610") && said.contains("sheet `2026`, cell C5"), "{said}");
}
