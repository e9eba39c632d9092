//! What phones cost their server: first pulls of many members at once, and the pull that brings nothing.

use std::sync::Mutex;
use std::thread::scope;
use std::time::Duration;

use anggota::domain::{CooperativeId, MemberNo};
use anggota::entropy;
use anggota_server::activation;
use anggota_server::cooperative::Cooperative;
use anggota_server::database::Database;
use anggota_server::keys::IssuerKeys;
use anggota_server::refusal::Refusal;
use anggota_tests::{BooksOptions, Office, Scratch, Serving, Stopwatch, generate, members};
use serde_json::{Map, Value, json};

use crate::device::{Connection, Device, entries, first_pull, next_pull};
use crate::probe::{cpu_of, median, peak_of};
use crate::report::{Asked, object, print, round};
use crate::world::COOPERATIVE;

const SEED: u64 = 1;
/// Accounts of a member, on average.
const ACCOUNTS_EACH: u32 = 2;
/// One loan for so many members.
const MEMBERS_A_LOAN: u32 = 3;
/// Pulls that bring nothing, of a round.
const EMPTY_PULLS: u32 = 1_000;

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Members that pull
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(10..=10_000))]
    pub(crate) members: u32,
    /// Connections they share
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(crate) connections: u32,
    /// Entries of all of them
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(10_000..=5_000_000))]
    pub(crate) entries: u64,
}

pub(crate) fn run(options: &Options) {
    print(&measure(options), options.asked.json);
}

/// A village whose members each have a device.
struct Village {
    _scratch: Scratch,
    serving: Serving,
    entries: u64,
    devices: Vec<Device>,
}

impl Village {
    fn new(options: &Options) -> Self {
        let scratch = Scratch::new("bench-server");
        let books = scratch.join("books");
        let (members_count, entries) = (options.members, options.entries);
        let (accounts, loans) = (members_count * ACCOUNTS_EACH, members_count / MEMBERS_A_LOAN);
        let members_with_accounts = Some(members_count);
        let wanted = BooksOptions {
            seed: SEED,
            entries,
            accounts,
            loans,
            members: members_with_accounts,
            ..BooksOptions::default()
        };
        generate(&wanted, &books);
        let office = Office::new(&scratch, "office");
        office.import(&books);
        let mut village = Self { serving: office.serve(), _scratch: scratch, entries, devices: Vec::new() };
        let papers = papers(&office, &members(&books));
        let devices = Mutex::new(Vec::new());
        village.share(options, &papers, |connection, (member, code)| {
            devices.lock().unwrap().push(Device::enrol(connection, COOPERATIVE, member, code));
        });
        village.devices = devices.into_inner().unwrap();
        village
    }

    /// Deals work out to connections, each on a thread of its own.
    fn share<T: Sync>(&self, options: &Options, work: &[T], each: impl Fn(&mut Connection, &T) + Sync) {
        let share = work.len().div_ceil(options.connections as usize);
        scope(|threads| {
            for part in work.chunks(share) {
                threads.spawn(|| {
                    let mut connection = Connection::open(self.serving.address);
                    part.iter().for_each(|item| each(&mut connection, item));
                });
            }
        });
    }
}

/// An activation code for everyone who may have one.
fn papers(office: &Office, members: &[String]) -> Vec<(String, String)> {
    let database = Database::open(&format!("sqlite:{}", office.database().display())).unwrap();
    let (rng, now) = (entropy::system(), anggota::clock::wall());
    let id = CooperativeId::new(COOPERATIVE).unwrap();
    let cooperative = database.read::<_, Refusal>(|c| Ok(Cooperative::find(c, Some(&id))?)).unwrap();
    let shared: anggota_server::serve::Rng = std::sync::Arc::new(entropy::system());
    let keys =
        database.read::<_, Refusal>(|c| Ok(IssuerKeys::load(c, &office.keys(), &cooperative, &shared)?)).unwrap();
    let code_of = |member: &String| {
        let no = MemberNo::new(member).unwrap();
        let made = database.write(|t| activation::activate(t, &cooperative, &no, &keys, None, now, &rng));
        // Who has left gets none.
        made.ok().map(|paper| (member.clone(), paper.code))
    };
    members.iter().filter_map(code_of).collect()
}

/// What each round gave.
#[derive(Default)]
struct Rounds {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
    empty_cpu: Vec<Duration>,
}

pub(crate) fn measure(options: &Options) -> Map<String, Value> {
    let village = Village::new(options);
    let server = village.serving.id();
    let mut rounds = Rounds::default();
    let (mut pulled, mut bytes, mut empty) = (0, 0, (0, 0));
    for number in 0..options.asked.rounds {
        eprintln!("round {} of {}", number + 1, options.asked.rounds);
        let answers = Mutex::new(Vec::new());
        let (before, watch) = (cpu_of(server), Stopwatch::start());
        village.share(options, &village.devices, |connection, device| {
            let request = device.ask(connection, "pull", &first_pull().encode());
            let answer = connection.send(&request).body;
            answers.lock().unwrap().push(answer);
        });
        rounds.wall.push(watch.elapsed());
        rounds.cpu.push(cpu_of(server) - before);
        let answers = answers.into_inner().unwrap();
        pulled = answers.iter().map(|answer| entries(answer)).sum();
        bytes = answers.iter().map(Vec::len).sum();
        empty = empty_pulls(&village, number as usize, &mut rounds);
    }
    assert!(pulled > 0 && pulled <= village.entries);
    let (wall, cpu) = (median(&rounds.wall), median(&rounds.cpu));
    object(json!({
        "members": village.devices.len(),
        "connections": options.connections,
        "rounds": options.asked.rounds,
        "entries": pulled,
        "entries_per_second": (pulled as f64 / wall.as_secs_f64()).round(),
        "entries_per_cpu_second": (pulled as f64 / cpu.as_secs_f64()).round(),
        "first_pull_cpu_us": round(cpu.as_micros() as f64 / village.devices.len() as f64, 1),
        "first_pull_body_bytes": bytes / village.devices.len(),
        "server_peak_rss_mb": round(peak_of(server) as f64 * 1024.0 / 1e6, 2),
        "empty_pull_cpu_us": median(&rounds.empty_cpu).as_micros() as u64,
        "empty_pull_sent_bytes": empty.0,
        "empty_pull_received_bytes": empty.1,
    }))
}

/// The commonest request, by one device on one connection: what it costs, and its bytes both ways. Another device each
/// round: a server remembers so many proofs of one, and no more.
fn empty_pulls(village: &Village, round: usize, rounds: &mut Rounds) -> (usize, usize) {
    let device = &village.devices[round % village.devices.len()];
    let (cpu, sent, received) = empty_pull(village.serving.id(), village.serving.address, device, EMPTY_PULLS);
    rounds.empty_cpu.push(cpu);
    (sent, received)
}

/// The server's processor time for a pull that brings nothing, and its bytes both ways, over `count` of them.
pub(crate) fn empty_pull(
    server: u32,
    address: std::net::SocketAddr,
    device: &Device,
    count: u32,
) -> (Duration, usize, usize) {
    let mut connection = Connection::open(address);
    let request = device.ask(&connection, "pull", &first_pull().encode());
    let nothing_new = next_pull(&connection.send(&request).body).encode();
    let before = cpu_of(server);
    let (mut sent, mut received, mut last) = (0, 0, Vec::new());
    for _ in 0..count {
        let request = device.ask(&connection, "pull", &nothing_new);
        let answer = connection.send(&request);
        (sent, received, last) = (answer.sent, answer.received, answer.body);
    }
    let cpu = (cpu_of(server) - before) / count;
    assert_eq!(entries(&last), 0, "such a pull brings nothing");
    (cpu, sent, received)
}
