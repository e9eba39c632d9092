//! The demo tells its whole story, and each of its steps can fail.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anggota::clock;
use support::{Folder, Run, program, run};

/// The names and outcomes of the steps in a run's document.
fn steps(run: &Run) -> Vec<(String, bool)> {
    let document = run.document();
    let steps = document["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| !step["detail"].as_str().unwrap().is_empty()));
    steps.iter().map(|step| (step["name"].as_str().unwrap().to_owned(), step["ok"].as_bool().unwrap())).collect()
}

#[test]
fn every_step_is_done_and_each_fails_when_what_it_works_on_is_damaged() {
    let home = Folder::new();
    let began = clock::wall();
    let whole = run(&home, ["demo", "--json"]);
    assert!(clock::wall().seconds() - began.seconds() < 15, "a story is told in under 15 seconds");
    let names = steps(&whole);
    assert_eq!((whole.status, names.iter().all(|(_, ok)| *ok)), (0, true), "{}", whole.stdout);
    assert_eq!(names.len(), 20);

    for (place, (name, _)) in names.iter().enumerate() {
        let broken = run(&home, ["demo", "--json", "--break", name]);
        let told = steps(&broken);
        assert_eq!((broken.status, told.len()), (1, place + 1), "{name}: {}", broken.stdout);
        assert!(told[..place].iter().all(|(_, ok)| *ok), "{name}: {}", broken.stdout);
        assert_eq!(told[place], (name.clone(), false), "{}", broken.stdout);
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing is left in anybody's folders");
}

/// The demo in a folder that is kept, with the phone of its first member.
struct Told {
    home: Folder,
    folder: PathBuf,
}

impl Told {
    fn new() -> Self {
        let home = Folder::new();
        let folder = home.path().join("cerita");
        let told = run(&home, ["demo".as_ref(), "--dir".as_ref(), folder.as_os_str()]);
        assert_eq!((told.status, told.stderr.as_str()), (0, ""), "{}", told.stdout);
        assert!(told.stdout.contains("Semua langkah berhasil."), "{}", told.stdout);
        Self { home, folder }
    }

    /// The command line, on the phone.
    fn line(&self, command: &str) -> Vec<OsString> {
        let phone = self.folder.join("ponsel-GP-001").into_os_string();
        command.split_whitespace().map(OsString::from).chain(["--data-dir".into(), phone]).collect()
    }

    fn on_phone(&self, command: &str) -> Run {
        run(&self.home, self.line(command))
    }

    /// Starts a command that goes on by itself, waits for its first line and sends it a signal.
    fn interrupted(&self, command: &str, signal: &str) -> (Option<i32>, String) {
        let mut child = program(self.home.path()).args(self.line(command)).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        output.read_line(&mut first).unwrap();
        let kill = format!("kill -{signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        std::io::copy(&mut output, &mut std::io::sink()).unwrap();
        (child.wait().unwrap().code(), first)
    }
}

#[test]
fn a_named_folder_is_kept_and_its_phones_are_phones() {
    let told = Told::new();
    let balance = told.on_phone("balance --json").document();
    assert_eq!(balance["savings"].as_array().unwrap().len(), 4);
    assert_eq!(balance["loans"].as_array().unwrap().len(), 2);
    assert_eq!(told.on_phone("verify --json").document()["ok"], true);
    assert_eq!(told.on_phone("loan requests --json").document()["requests"][0]["state"], "approved");
    let page = told.on_phone("transactions --account SS-001 --limit 5 --json").document();
    assert_eq!((page["entries"].as_array().unwrap().len(), &page["more"]), (5, &true.into()));
    let offline = told.on_phone("sync --json");
    assert_eq!((offline.status, offline.code().as_str()), (3, "no-network"));

    for (line, code) in [
        ("transactions --account NONE --json", "unknown"),
        ("transactions --account PF-001 --json", "unknown"),
        ("loan transactions SS-001 --json", "unknown"),
        ("balance --json --profile sejahtera-gnp/GP-002", "unknown"),
        ("loan request --product XX --principal 1000000 --periods 5 --purpose usaha --json", "unknown"),
        ("loan request --product PF --principal 1 --periods 5 --purpose usaha --json", "invalid-input"),
        ("loan request --product PF --principal -1000000 --periods 5 --purpose usaha --json", "invalid-input"),
        ("loan cancel 01920000-0000-7000-8000-000000000000 --json", "unknown"),
    ] {
        let refused = told.on_phone(line);
        assert_eq!((refused.status, refused.code().as_str()), (1, code), "{line}");
    }

    let given = ["demo".as_ref(), "--json".as_ref(), "--dir".as_ref(), told.folder.as_os_str()];
    let again = run(&told.home, given);
    assert_eq!((again.status, again.code().as_str()), (1, "invalid-input"), "a folder with files is left alone");
}

#[test]
fn people_read_their_money_in_indonesian() {
    let told = Told::new();
    for (command, said) in [
        (
            "balance",
            "Jumlah simpanan\n  Rp74.261.038\n  tujuh puluh empat juta dua ratus enam puluh satu ribu tiga puluh delapan rupiah\n",
        ),
        ("balance", "terbukti asli, lengkap sejak catatan pertama"),
        ("balance", "Angka per hari ini pukul "),
        ("loan list", "  Sisa pokok  Rp11.130.922\n"),
        ("transactions --account SS-001 --limit 1", "31 Oktober 2026, pajak\n"),
        ("loan transactions PF-001 --limit 9", "-Rp10.487\n"),
        ("loan requests", "Permintaan pinjaman\n  Disetujui koperasi.\n  Jumlah     Rp3.000.000\n"),
        ("verify", "Simpanan SS-001\n  89 catatan, cocok.\n"),
    ] {
        let read = told.on_phone(command);
        assert_eq!((read.status, read.stderr.as_str()), (0, ""), "{command}");
        assert!(read.stdout.contains(said), "{command}: {}", read.stdout);
        assert!(read.stdout.lines().all(|line| !line.ends_with(' ') || command == "card show"), "{command}");
    }
}

#[test]
fn the_same_money_is_told_in_three_languages_and_two_levels() {
    let told = Told::new();
    for (line, said, unsaid) in [
        ("--level plain balance", "per hari ini pukul ", "SS-001\n  Bukti"),
        (
            "--lang jv balance",
            "Gunggung simpenan\n  Rp74.261.038\n  pitung dasa sekawan yuta kalih atus ",
            "Jumlah simpanan",
        ),
        ("--lang jv --level plain balance", "Angka miturut dinten punika tabuh ", "WIB"),
        ("--lang en balance", "  Proof           proven genuine, complete from the first entry\n", "Bukti"),
        (
            "--lang en --level plain balance",
            "seventy-four million two hundred and sixty-one thousand and thirty-eight",
            "Proof",
        ),
        ("--lang en transactions --account SS-001 --limit 1", "31 October 2026, tax\n", "pajak"),
        ("--lang en --level plain --spoken balance", "All your savings together are seventy-four million ", "Rp"),
        ("card show --once --lang en", "Show this code to the staff.", "petugas"),
    ] {
        let read = told.on_phone(line);
        assert_eq!((read.status, read.stderr.as_str()), (0, ""), "{line}");
        assert!(read.stdout.contains(said), "{line}: {}", read.stdout);
        assert!(!read.stdout.contains(unsaid), "{line}: {}", read.stdout);
    }
    let document = |line: &str| told.on_phone(line).document();
    assert_eq!(document("balance --json"), document("--lang en --level plain --spoken balance --json"));
}

#[test]
fn a_request_is_queued_and_cancelled_without_a_network() {
    let told = Told::new();
    let line = "loan request --product PM --principal 2500000.5 --periods 12 --purpose warung --json";
    let queued = told.on_phone(line).document();
    assert_eq!(queued["state"], "queued");
    let pending = told.on_phone("balance --json").document()["pending"].clone();
    assert_eq!((&pending[0]["request_id"], &pending[0]["principal"]), (&queued["request_id"], &"2500000.50".into()));
    let cancel = format!("loan cancel {} --json", queued["request_id"].as_str().unwrap());
    for _twice in 0..2 {
        assert_eq!(told.on_phone(&cancel).document()["state"], "cancelled");
    }
    assert_eq!(told.on_phone("balance --json").document()["pending"], serde_json::json!([]));
}

#[test]
fn a_card_is_drawn_into_files() {
    let told = Told::new();
    let (png, svg) = (told.home.path().join("kartu.png"), told.home.path().join("kartu.svg"));
    let shown = told.on_phone(&format!("card show --json --png {} --svg {}", png.display(), svg.display())).document();
    let side = (shown["modules"].as_u64().unwrap() + 8) * 8;
    let picture = png::Decoder::new(BufReader::new(std::fs::File::open(png).unwrap())).read_info().unwrap();
    assert_eq!((u64::from(picture.info().width), u64::from(picture.info().height)), (side, side));
    assert!(std::fs::read_to_string(svg).unwrap().contains(&format!("width=\"{side}\"")));
    let nowhere = told.on_phone("card show --json --png /nowhere/kartu.png");
    assert_eq!((nowhere.status, nowhere.code().as_str()), (1, "invalid-input"));
}

#[test]
fn what_goes_on_by_itself_ends_well_when_it_is_interrupted() {
    let told = Told::new();
    for signal in ["INT", "TERM"] {
        let (status, first) = told.interrupted("card show", signal);
        assert_eq!((status, first.trim()), (Some(0), ""), "the quiet zone comes first");
        let (status, first) = told.interrupted("watch --json", signal);
        let notice: serde_json::Value = serde_json::from_str(&first).unwrap();
        assert_eq!((status, &notice["topic"], notice["at"].is_string()), (Some(0), &"sync".into(), true));
    }
}

#[test]
fn one_store_has_one_program() {
    let told = Told::new();
    let mut watch = program(told.home.path()).args(told.line("watch")).stdout(Stdio::piped()).spawn().unwrap();
    // Read to the end of the test: a program that nobody reads any more ends by itself.
    let mut notices = BufReader::new(watch.stdout.take().unwrap());
    notices.read_line(&mut String::new()).unwrap();
    let second = told.on_phone("balance --json");
    watch.kill().unwrap();
    watch.wait().unwrap();
    assert_eq!((second.status, second.code().as_str()), (4, "store-busy"));
    assert_eq!(told.on_phone("balance --json").status, 0, "a killed program leaves nothing locked");
}
