//! The pictures of the README and of docs/screens.md: what the programs print, drawn as SVG. Run after a change of what a member reads.
//! Nothing in them is drawn by hand: each is the output of a command on the demo's books.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::Outcome;
use crate::checkout::Checkout;
use crate::command;

const MEMBER: &str = "GP-001";
const COOPERATIVE: &str = "sejahtera-gnp";
const ACCOUNT: &str = "SS-001";

/// The screens of docs/screens.md: a picture's name, and what is typed. All of it is read without a network.
const SCREENS: &[(&str, &str)] = &[
    ("home-id-full", "balance"),
    ("home-id-plain", "balance --level plain"),
    ("home-jv-full", "balance --lang jv"),
    ("home-jv-plain", "balance --lang jv --level plain"),
    ("home-en-full", "balance --lang en"),
    ("home-en-plain", "balance --lang en --level plain"),
    ("passbook", "transactions --account SS-001 --limit 4"),
    ("passbook-plain", "transactions --account SS-001 --limit 4 --level plain"),
    ("loans", "loan list"),
    ("loan-passbook", "loan transactions PF-001 --limit 3 --level plain"),
    ("schedule", "loan schedule PA-001 --level plain"),
    (
        "simulation",
        "loan simulate --method anuitas --principal 5000000 --rate 0.0125 --periods 3 --disbursed 2026-01-31 --pay-off 2026-03-14 --paid 1",
    ),
    ("requests", "loan requests"),
    ("requests-plain", "loan requests --lang en --level plain"),
    ("drafts", "loan draft list"),
    ("projection", "savings interest --balance 100000000 --rate 0.03 --months 2 --from 2026-01-31"),
    ("deposit", "savings deposit --principal 10000000 --rate 0.06 --months 6 --opened 2026-01-31"),
    (
        "shu",
        "savings shu --surplus 60000000 --business-share 0.25 --capital-share 0.2 --total-business 75000000 \
         --total-capital 100000000 --member-business 5000000 --member-capital 2000000",
    ),
    ("verify", "verify --level plain"),
    ("terbilang", "text terbilang 1500000"),
    ("terbilang-jv", "text terbilang 1500000 --lang jv"),
    ("nik", "text nik 317407170845000"),
];

/// Write docs/pictures.
pub(crate) fn write(checkout: &Checkout) -> Outcome {
    let stage = Stage::open(checkout)?;
    let out = checkout.path("docs/pictures");
    fs::create_dir_all(&out).map_err(|error| format!("docs/pictures cannot be made: {error}"))?;
    let paint = |name: &str, shown: &str, printed: &str| -> Outcome {
        let file = out.join(format!("{name}.svg"));
        fs::write(&file, draw(shown, printed)).map_err(|error| format!("{}: {error}", file.display()))
    };
    let picture = |name: &str, shown: &str, arguments: &[&str]| -> Outcome {
        paint(name, shown, &command::read(stage.phone().args(arguments))?)
    };
    picture("demo", "anggota demo", &["demo"])?;
    stage.office(&["import", &checkout.path("cli/demo-books").to_string_lossy()])?;
    let paper = stage.office(&["activate", "--member", MEMBER])?;
    let serving = Serving::start(&stage)?;
    let address = format!("{}/{COOPERATIVE}", serving.url);
    let (code, key) = (text(&paper, "code")?, text(&paper, "server_key")?);
    let enrol = ["enrol", "--server", &address, "--member", MEMBER, "--code", &code, "--server-key", &key];
    command::read(stage.phone().args(enrol))?;
    command::read(stage.phone().arg("sync"))?;
    drop(serving);
    // The server is gone: what follows is what a member sees without a network.
    picture("balance", "anggota balance", &["balance"])?;
    picture(
        "transactions",
        &format!("anggota transactions --account {ACCOUNT} --limit 8"),
        &["transactions", "--account", ACCOUNT, "--limit", "8"],
    )?;
    let ask =
        ["loan", "request", "--product", "PF", "--principal", "2500000", "--periods", "12", "--purpose", "Isi warung"];
    command::read(stage.phone().args(ask))?;
    let begun = ["loan", "draft", "save", "--product", "PF", "--principal", "4000000", "--guarantor", "GP-002"];
    command::read(stage.phone().args(begun).args(["--collateral", "BPKB motor"]))?;
    for (name, typed) in SCREENS {
        let arguments: Vec<&str> = typed.split_whitespace().collect();
        let mut anggota = stage.phone();
        anggota.args(&arguments);
        // What is typed there is wrong on purpose.
        let printed = if *name == "nik" { command::said(&mut anggota) } else { command::read(&mut anggota) }?;
        paint(&format!("screen-{name}"), &format!("anggota {}", arguments.join(" ")), &printed)?;
    }
    command::read(stage.phone().args(["card", "show", "--once", "--svg"]).arg(out.join("card.svg"))).map(drop)
}

/// Programs and a folder to play in.
struct Stage {
    programs: PathBuf,
    folder: PathBuf,
}

impl Stage {
    fn open(checkout: &Checkout) -> Outcome<Self> {
        let programs = checkout.programs()?;
        let folder = std::env::temp_dir().join(format!("anggota-pictures-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self { programs, folder })
    }

    fn phone(&self) -> Command {
        let mut phone = Command::new(self.programs.join("anggota"));
        phone.arg("--data-dir").arg(self.folder.join("phone"));
        phone
    }

    fn server(&self) -> Command {
        let mut server = Command::new(self.programs.join("anggota-server"));
        let database = format!("sqlite:{}", self.folder.join("office.db").display());
        server.arg("--json").args(["--database", &database]).arg("--keys").arg(self.folder.join("keys"));
        server
    }

    fn office(&self, arguments: &[&str]) -> Outcome<Value> {
        let printed = command::read(self.server().args(arguments))?;
        serde_json::from_str(&printed).map_err(|error| format!("the server printed no JSON: {error}"))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What cannot be removed is in the system's temporary folder.
        let _left = fs::remove_dir_all(&self.folder);
    }
}

/// A server that listens, until it is dropped.
struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn start(stage: &Stage) -> Outcome<Self> {
        let mut server = stage.server();
        server.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child = server.spawn().map_err(|error| format!("anggota-server does not start: {error}"))?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(|error| error.to_string())?;
        }
        let listening: Value = serde_json::from_str(&line).map_err(|error| format!("no first line: {error}"))?;
        Ok(Self { url: text(&listening, "listening")?, child })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn text(value: &Value, field: &str) -> Outcome<String> {
    value[field].as_str().map(str::to_owned).ok_or_else(|| format!("the document has no {field}"))
}

const CELL: usize = 9;
const LINE: usize = 20;
const MARGIN: usize = 18;

/// A terminal with what was typed and what was printed.
fn draw(typed: &str, printed: &str) -> String {
    let typed = format!("$ {typed}");
    let lines: Vec<&str> = std::iter::once(typed.as_str()).chain(printed.trim_end().lines()).collect();
    let columns = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let (width, height) = (columns * CELL + 2 * MARGIN, lines.len() * LINE + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#10231c\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"15\" \
         xml:space=\"preserve\" fill=\"#e8f3ec\">\n"
    );
    for (number, line) in lines.iter().enumerate() {
        let (y, colour) = (MARGIN + (number + 1) * LINE - 5, if number == 0 { " fill=\"#8fd6a8\"" } else { "" });
        // Every line is stretched to its cells, so that columns stand under each other in any font.
        let length = line.chars().count() * CELL;
        if length > 0 {
            svg.push_str(&format!(
                "<text x=\"{MARGIN}\" y=\"{y}\" textLength=\"{length}\"{colour}>{}</text>\n",
                escaped(line)
            ));
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_screens_shows_each_picture_once() {
        let page =
            fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/screens.md")).expect("the page is there");
        for (name, _) in SCREENS {
            assert_eq!(page.matches(&format!("(pictures/screen-{name}.svg)")).count(), 1, "{name}");
        }
        assert_eq!(page.matches("(pictures/screen-").count(), SCREENS.len());
    }

    #[test]
    fn what_is_printed_is_drawn_line_by_line_and_cannot_break_the_picture() {
        let svg = draw("anggota balance", "Saldo <&>\n\nRp1.000\n");
        assert_eq!(svg.matches("<text").count(), 3);
        assert!(svg.contains(">Saldo &lt;&amp;&gt;</text>"));
    }
}
