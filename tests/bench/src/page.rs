//! docs/performance.md and its picture, written from one run of everything: no figure in it is typed by hand.

use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::peer::{self, NOT_COMPARED};
use crate::report::Asked;
use crate::{growth, server, sync};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The folder docs
    docs: PathBuf,
    /// Where npm put what a peer is measured with; without it there is none
    #[arg(long)]
    modules: Option<PathBuf>,
}

/// A field, what it is, and the most that it may be.
type Row = (&'static str, &'static str, Option<f64>);

const PHONE: &[Row] = &[
    ("first_sync_cpu_ratio", "CPU of a first sync, times the floor", Some(1.4)),
    ("first_sync_cpu_ratio_least", "the same in the cheapest round", None),
    ("first_sync_cpu_ratio_most", "the same in the dearest round", None),
    ("first_sync_wall_ratio", "time of a first sync, times the floor", None),
    ("disk_bytes_per_entry", "on disk, encrypted, bytes an entry", Some(125.0)),
    ("wire_bytes_per_entry", "on the wire, bytes an entry", None),
    ("gzip_json_bytes_per_entry", "the same rows as gzip JSON, bytes an entry", None),
    ("wire_to_gzip_json", "wire, times gzip JSON", Some(0.94)),
    ("peak_rss_mb_100k", "most memory of a process that only syncs (VmHWM), MB", Some(20.0)),
    ("peak_rss_mb_10k", "the same with 10,000 entries, MB", None),
    ("wal_peak_mb", "largest WAL of a first sync, MB", Some(6.0)),
    ("usable_cpu_ms", "CPU until a first sync's balances can be shown, the process's start included, ms", None),
    ("usable_growth", "the same, times that with 10,000 entries", Some(1.2)),
    ("open_ratio", "CPU of opening, balances and the latest 50, times plain SQLite", Some(1.7)),
    ("delta_cpu_ms", "CPU of a sync that brings 50 entries, the process's start included, ms", None),
    ("delta_commits", "its transactions", Some(1.0)),
    ("first_sync_cpu_ms", "CPU of a first sync on that machine, ms", None),
    ("floor_cpu_ms", "CPU of the floor on that machine, ms", None),
];

const SERVER: &[Row] = &[
    ("members", "members that pull for the first time, candidates too", None),
    ("connections", "connections they share", None),
    ("entries", "entries they get", None),
    ("entries_per_second", "entries a second, phones and server on one machine", None),
    ("entries_per_cpu_second", "entries for a second of the server's processor", None),
    ("first_pull_cpu_us", "CPU of a first pull, microseconds", None),
    ("server_peak_rss_mb", "most memory of the server (VmHWM), MB", None),
    ("empty_pull_cpu_us", "CPU of a pull that brings nothing, microseconds", None),
    ("empty_pull_sent_bytes", "bytes the phone sends for it, headers too", None),
    ("empty_pull_received_bytes", "bytes it gets, headers too", None),
];

const PEER: &[Row] = &[
    ("peer_cpu_ms", "CPU of PowerSync, ms", None),
    ("first_sync_cpu_ms", "CPU of the phone's first sync, ms", None),
    ("floor_cpu_ms", "CPU of the floor, ms", None),
    ("peer_cpu_to_floor", "CPU of PowerSync, times the floor", None),
    ("first_sync_cpu_to_floor", "CPU of the phone's first sync, times the floor", None),
    ("peer_cpu_to_first_sync", "CPU of PowerSync, times the phone's first sync", None),
    ("peer_wall_ms", "time of PowerSync, ms", None),
    ("first_sync_wall_ms", "time of the phone's first sync, ms", None),
    ("floor_wall_ms", "time of the floor, ms", None),
    ("peer_disk_bytes_per_entry", "PowerSync on disk, not encrypted, bytes an entry", None),
    ("disk_bytes_per_entry", "the phone on disk, encrypted, bytes an entry", None),
];

/// Of the growth: a column's title and its field.
const GROWTH: &[(&str, &str)] = &[
    ("entries", "entries"),
    ("first sync, CPU ms", "first_sync_cpu_ms"),
    ("us an entry", "first_sync_cpu_us_per_entry"),
    ("times the floor", "first_sync_cpu_ratio"),
    ("balances usable, CPU ms", "usable_cpu_ms"),
    ("opening, CPU ms", "open_cpu_ms"),
    ("memory, MB", "peak_rss_mb"),
    ("disk, bytes an entry", "disk_bytes_per_entry"),
    ("wire, bytes an entry", "wire_bytes_per_entry"),
];

pub(crate) fn run(options: &Options) {
    let phone = sync::measure(&sync::Options { asked: Asked::of(15), entries: 100_000 });
    let server = server::Options { asked: Asked::of(5), members: 1_000, connections: 64, entries: 100_000 };
    let server = server::measure(&server);
    let growth = growth::Options { json: false, million: true, rounds: 3, svg: None };
    let (growth, picture) = growth::measure(&growth);
    let peer = options
        .modules
        .clone()
        .map(|modules| peer::measure(&peer::Options { asked: Asked::of(7), entries: 100_000, modules }));
    let pictures = options.docs.join("pictures");
    std::fs::create_dir_all(&pictures).unwrap();
    std::fs::write(pictures.join("growth.svg"), picture).unwrap();
    std::fs::write(options.docs.join("performance.md"), page(&phone, &server, &growth, peer.as_ref())).unwrap();
}

fn page(
    phone: &Map<String, Value>,
    server: &Map<String, Value>,
    growth: &Map<String, Value>,
    peer: Option<&Map<String, Value>>,
) -> String {
    let books = format!(
        "Books of one member with {} entries, by `cargo xtask books` with seed 1: SHA-256 `{}`.\n\
         Descriptions have {} bytes an entry with {} bits of entropy a byte, references {} with {}.",
        phone["entries"],
        phone["books_sha256"].as_str().unwrap(),
        phone["description_bytes_per_entry"],
        phone["description_entropy_bits"],
        phone["reference_bytes_per_entry"],
        phone["reference_entropy_bits"],
    );
    include_str!("page.md")
        .replace("{books}", &books)
        .replace("{rounds}", &phone["rounds"].to_string())
        .replace("{phone}", &table(PHONE, phone))
        .replace("{server}", &table(SERVER, server))
        .replace("{growth}", &growth_table(growth))
        .replace("{peer}", &peer_section(peer))
}

fn peer_section(peer: Option<&Map<String, Value>>) -> String {
    let Some(figures) = peer else {
        return "Not measured in this run: its package could not be installed where this page was written.".to_owned();
    };
    let head = format!(
        "{} ({}), {} entries, {} rounds.\n\n{}\n\nWhat is and what is not compared:\n",
        figures["peer"].as_str().unwrap(),
        figures["peer_licence"].as_str().unwrap(),
        figures["entries"],
        figures["rounds"],
        table(PEER, figures),
    );
    NOT_COMPARED.iter().fold(head, |text, sentence| format!("{text}\n* {sentence}"))
}

fn table(rows: &[Row], figures: &Map<String, Value>) -> String {
    let mut text = "| what | measured | at most |  |\n|---|---|---|---|\n".to_owned();
    for (field, what, most) in rows {
        let measured = &figures[*field];
        let (bound, judged) = match most {
            Some(most) if measured.as_f64().unwrap() <= *most => (most.to_string(), "reached"),
            Some(most) => (most.to_string(), "**not reached**"),
            None => Default::default(),
        };
        text += &format!("| {what} | {measured} | {bound} | {judged} |\n");
    }
    text.trim_end().to_owned()
}

fn growth_table(growth: &Map<String, Value>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(GROWTH.iter().map(|(title, _)| (*title).to_owned()).collect());
    text += &line(vec!["---".to_owned(); GROWTH.len()]);
    for row in growth["growth"].as_array().unwrap() {
        text += &line(GROWTH.iter().map(|(_, field)| row[*field].to_string()).collect());
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::object;

    #[test]
    fn a_peer_goes_with_what_is_not_compared_or_is_said_to_be_missing() {
        assert!(peer_section(None).starts_with("Not measured"));
        let fields = PEER.iter().map(|(field, ..)| ((*field).to_owned(), 1.5.into()));
        let texts = [("peer", "a"), ("peer_licence", "b"), ("entries", "c"), ("rounds", "d")];
        let figures = fields.chain(texts.map(|(field, text)| (field.to_owned(), text.into()))).collect();
        let text = peer_section(Some(&figures));
        assert!(text.contains("| CPU of PowerSync, ms | 1.5 |") && NOT_COMPARED.iter().all(|it| text.contains(it)));
    }

    #[test]
    fn a_bound_that_is_not_kept_is_said_so() {
        let rows: &[Row] = &[("a", "first", Some(1.4)), ("b", "second", Some(2.0)), ("c", "third", None)];
        let figures = object(serde_json::json!({ "a": 1.41, "b": 2, "c": 9 }));
        let text = table(rows, &figures);
        assert!(text.contains("| first | 1.41 | 1.4 | **not reached** |"), "{text}");
        assert!(text.contains("| second | 2 | 2 | reached |") && text.contains("| third | 9 |  |  |"), "{text}");
    }
}
