//! The run: a schedule by chance from the seed, cut into worlds, lived in a few lanes side by side.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anggota_tests::{Random, Stopwatch};

use crate::child::{Moment, START};
use crate::points::{POINTS, Point};
use crate::report::{LEAST_AT_A_POINT, Report};
use crate::scenario::{Kind, Plan};
use crate::world::World;

/// Kills in one world: a member may send so many requests a day and no more.
const WORLD: usize = 40;
/// The share of kills at named points, per cent, when there are more than the least.
const NAMED_PERCENT: usize = 36;
/// Kills at a moment of chance that every run has, however short.
const RARE: [(Kind, &str); 4] = [
    (Kind::NewEpoch, "sync.begin"),
    (Kind::NewEpoch, "sync.begin"),
    (Kind::NewKey, "sync.begin"),
    (Kind::KeyChange, START),
];
/// How often a plan is tried until somebody dies by it.
const TRIES: u32 = 6;

/// Rules that the children break on purpose; each must be noticed.
const RULES: [(&str, &[Point]); 3] = [
    ("rows before ranges", &[Point { name: "pull.torn", kinds: &[Kind::FirstSync] }]),
    ("the answer before the row goes", &[]),
    ("a result with its effect", &[Point { name: "operation.torn", kinds: &[Kind::EverydayServer] }]),
];

/// What to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many kills
    #[arg(long)]
    kills: u32,
    /// Decides where and when; the same seed decides the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Break rules on purpose: each must be noticed
    #[arg(long)]
    sabotage: bool,
    /// Worlds side by side
    #[arg(long, default_value_t = 2)]
    lanes: usize,
}

pub(crate) fn run(options: &Options) -> ExitCode {
    // What a check says is printed by the run itself.
    std::panic::set_hook(Box::new(|_| {}));
    if options.sabotage { sabotage(options) } else { torture(options) }
}

fn torture(options: &Options) -> ExitCode {
    let watch = Stopwatch::start();
    println!("torture: {} kills, --seed {}", options.kills, options.seed);
    let outcome = live_all(&schedule(options.kills as usize, options.seed, &[]), options, None);
    println!(
        "{}\n{} ms a kill",
        outcome.report,
        watch.elapsed().as_millis() / u128::from(outcome.report.kills().max(1))
    );
    let shortfall = outcome.report.shortfall(options.kills);
    match outcome.broken.or(shortfall) {
        None => {
            println!("torture: nothing lost, nothing twice, {:.0?}", watch.elapsed());
            ExitCode::SUCCESS
        }
        Some(why) => {
            eprintln!(
                "torture: {why}\nto repeat it: cargo xtask torture --kills {} --seed {}",
                options.kills, options.seed
            );
            ExitCode::FAILURE
        }
    }
}

/// What a run that finds nobody to kill says.
const NOBODY_DIED: &str = "nobody died in";

/// Whether a check found it after a kill; a world that could not be set up, or nobody who died, finds nothing.
fn is_finding(why: &str) -> bool {
    why.contains(", plan ") && !why.contains(NOBODY_DIED)
}

/// Every broken rule must be noticed; that nothing is noticed without one is what the other runs say.
fn sabotage(options: &Options) -> ExitCode {
    let mut missed = 0;
    for (rule, points) in RULES {
        let plans = schedule(options.kills as usize, options.seed, points);
        let outcome = live_all(&plans, options, Some(rule));
        match outcome.broken {
            Some(why) if is_finding(&why) => {
                println!("noticed without `{rule}` after {} kills: {why}", outcome.report.kills());
            }
            other => {
                missed += 1;
                eprintln!("NOT noticed without `{rule}` in {} kills ({other:?})", outcome.report.kills());
            }
        }
    }
    println!("sabotage: {} of {} broken rules noticed", RULES.len() - missed, RULES.len());
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Who dies where and when: every named point, then random moments.
fn schedule(kills: usize, seed: u64, more: &[Point]) -> Vec<Plan> {
    let mut random = Random::new(seed);
    let points: Vec<Point> = POINTS.iter().chain(more).copied().collect();
    let each = (kills * NAMED_PERCENT / 100 / points.len()).max(LEAST_AT_A_POINT as usize);
    let mut plans = Vec::new();
    for point in &points {
        let kinds: Vec<_> = point.kinds.iter().cycle().copied().take(each.max(point.kinds.len())).collect();
        for (time, kind) in kinds.iter().copied().enumerate() {
            // Some points are passed several times in a scenario.
            let earlier = kinds[..time].iter().filter(|earlier| **earlier == kind).count();
            plans.push(Plan { kind, moment: Moment::Point(point.name, 1 + (earlier % 2) as u32) });
        }
    }
    plans.extend(RARE.map(|(kind, mark)| random_moment(&mut random, kind, mark, 1)));
    while plans.len() < kills {
        let (kind, mark, nth) = match random.below(100) {
            0..33 => (Kind::FirstSync, "sync.begin", 1),
            33..36 => (Kind::Rescue, "sync.begin", 1),
            36..39 => (Kind::NewEpoch, "sync.begin", 1),
            39..40 => (Kind::NewKey, "sync.begin", 1),
            40..66 => (Kind::Everyday, "sync.begin", 1 + random.below(2) as usize),
            66..82 => (Kind::EverydayServer, "sync.begin", 1 + random.below(2) as usize),
            82..83 => match random.below(3) {
                0 => (Kind::EnrolAgain, "enrol.begin", 1),
                1 => (Kind::EnrolDamaged, "enrol.begin", 1),
                _ => (Kind::KeyChange, START, 1),
            },
            83..96 => (Kind::Import, "import.begin", 1),
            _ => (Kind::FirstImport, "import.begin", 1),
        };
        plans.push(random_moment(&mut random, kind, mark, nth));
    }
    random.shuffle(&mut plans);
    plans
}

fn random_moment(random: &mut Random, kind: Kind, mark: &'static str, nth: usize) -> Plan {
    Plan { kind, moment: Moment::Random(mark, nth, random.below(1000) as u32) }
}

struct Outcome {
    report: Report,
    /// The first promise that was broken.
    broken: Option<String>,
}

fn live_all(plans: &[Plan], options: &Options, rule: Option<&'static str>) -> Outcome {
    let outcome = Mutex::new(Outcome { report: Report::default(), broken: None });
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let worlds: Vec<_> = plans.chunks(WORLD).collect();
    std::thread::scope(|scope| {
        for _ in 0..options.lanes.max(1) {
            scope.spawn(|| {
                while let (false, Some((number, plans))) = (is_over.load(Ordering::SeqCst), take(&next, &worlds)) {
                    let said = live_world(number, plans, options.seed, rule, &outcome, &is_over);
                    if let Err(why) = said {
                        is_over.store(true, Ordering::SeqCst);
                        lock(&outcome).broken.get_or_insert(why);
                    }
                }
            });
        }
    });
    outcome.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn take<'a, T>(next: &AtomicUsize, items: &[&'a [T]]) -> Option<(usize, &'a [T])> {
    let number = next.fetch_add(1, Ordering::SeqCst);
    items.get(number).map(|item| (number, *item))
}

fn live_world(
    number: usize,
    plans: &[Plan],
    seed: u64,
    rule: Option<&'static str>,
    outcome: &Mutex<Outcome>,
    is_over: &AtomicBool,
) -> Result<(), String> {
    let seed = seed.wrapping_mul(1_000_003).wrapping_add(number as u64);
    let mut world = guarded(|| World::new(seed, rule)).map_err(|why| format!("world {number}: {why}"))?;
    for (place, plan) in plans.iter().enumerate() {
        if is_over.load(Ordering::SeqCst) {
            break;
        }
        let phase = guarded(|| until_killed(&mut world, *plan));
        let phase = phase.map_err(|why| format!("world {number}, plan {place}, {plan:?}: {why}"))?;
        lock(outcome).report.count(*plan, phase);
    }
    Ok(())
}

/// Lives through a plan until somebody dies by it; a moment that came too late comes earlier the next time.
fn until_killed(world: &mut World, plan: Plan) -> crate::trace::Phase {
    let mut plan = plan;
    for _ in 0..TRIES {
        if let Some(phase) = world.live(plan) {
            return phase;
        }
        plan.moment = match plan.moment {
            Moment::Point(name, _) => Moment::Point(name, 1),
            Moment::Random(mark, nth, thousandths) => Moment::Random(mark, nth, thousandths * 3 / 4),
        };
    }
    panic!("{NOBODY_DIED} {TRIES} tries");
}

/// What panicked, in words.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_schedule_and_every_point_is_in_it() {
        let text = |seed| format!("{:?}", schedule(200, seed, &[]));
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
        for kills in [1, 200, 1000] {
            let plans = schedule(kills, 1, &[]);
            assert!(plans.len() >= kills);
            for point in POINTS {
                let at =
                    plans.iter().filter(|plan| matches!(plan.moment, Moment::Point(name, _) if name == point.name));
                assert!(at.count() >= LEAST_AT_A_POINT as usize);
            }
        }
    }
}
