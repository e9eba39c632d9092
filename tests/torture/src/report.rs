//! The count of kills by point and phase, and whether it is enough to say anything.

use std::collections::BTreeMap;
use std::fmt;

use crate::child::Moment;
use crate::points::POINTS;
use crate::scenario::Plan;
use crate::trace::Phase;

/// The least kills at each named point.
pub(crate) const LEAST_AT_A_POINT: u32 = 3;
/// The least share of kills inside a sync, push, import or migration, per cent.
const LEAST_INSIDE_PERCENT: u32 = 80;

/// Kills so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    points: BTreeMap<&'static str, u32>,
    phases: BTreeMap<Phase, u32>,
    random: u32,
}

impl Report {
    pub(crate) fn count(&mut self, plan: Plan, phase: Phase) {
        match plan.moment {
            Moment::Point(name, _) => *self.points.entry(name).or_default() += 1,
            Moment::Random(..) => self.random += 1,
        }
        *self.phases.entry(phase).or_default() += 1;
    }

    pub(crate) fn kills(&self) -> u32 {
        self.phases.values().sum()
    }

    fn inside_percent(&self) -> u32 {
        let inside: u32 = self.phases.iter().filter(|(phase, _)| phase.is_inside()).map(|(_, count)| count).sum();
        inside * 100 / self.kills().max(1)
    }

    /// Why the run says too little, if it does. One that was asked for fewer kills than the named points take has no room for
    /// the share.
    pub(crate) fn shortfall(&self, asked: u32) -> Option<String> {
        let at = |name: &str| self.points.get(name).copied().unwrap_or(0);
        let few: Vec<_> = POINTS.iter().map(|point| point.name).filter(|name| at(name) < LEAST_AT_A_POINT).collect();
        if !few.is_empty() {
            return Some(format!("fewer than {LEAST_AT_A_POINT} kills at {}", few.join(", ")));
        }
        let percent = self.inside_percent();
        (self.kills() <= asked && percent < LEAST_INSIDE_PERCENT)
            .then(|| format!("only {percent}% of the kills were inside; ask for more --kills"))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "kills at named points:")?;
        for point in POINTS {
            writeln!(f, "  {:<24}{:>5}", point.name, self.points.get(point.name).copied().unwrap_or(0))?;
        }
        writeln!(f, "  {:<24}{:>5}", "(at a random moment)", self.random)?;
        writeln!(f, "kills by phase:")?;
        for (phase, count) in &self.phases {
            writeln!(f, "  {:<24}{count:>5}", phase.as_str())?;
        }
        write!(f, "{} kills, {}% inside a sync, push, import or migration", self.kills(), self.inside_percent())
    }
}
