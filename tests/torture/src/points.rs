//! The named points: every one in the sources of core and server stands in this table, and a test holds that.

use crate::scenario::Kind;

/// A named point and the scenarios that pass it, in turn; each has its turn in every run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) name: &'static str,
    pub(crate) kinds: &'static [Kind],
}

const fn point(name: &'static str, kinds: &'static [Kind]) -> Point {
    Point { name, kinds }
}

/// Who brings a store to the newest schema: one that is made, and those of each schema before.
const MIGRATING: &[Kind] =
    &[Kind::Enrol, Kind::EnrolDamaged, Kind::Upgrade(1), Kind::Upgrade(2), Kind::Upgrade(3), Kind::Upgrade(4)];
/// Who stores what a pull brings, also beside what is shown and over the word of another key.
const PULLING: &[Kind] = &[Kind::FirstSync, Kind::NewEpoch, Kind::NewKey, Kind::FirstSync, Kind::NewEpoch];

/// Every point at which a process is killed. Those that only a broken rule has are not among them.
#[rustfmt::skip]
pub(crate) const POINTS: &[Point] = &[
    point("enrol.keyed", &[Kind::Enrol]),
    point("enrol.answered", &[Kind::Enrol]),
    point("enrol.locked", &[Kind::Enrol, Kind::EnrolDamaged]),
    point("migrate.written", MIGRATING),
    point("migrate.kept", MIGRATING),
    point("enrol.made", &[Kind::Enrol, Kind::EnrolDamaged]),
    point("enrol.moved", &[Kind::Enrol, Kind::EnrolDamaged]),
    point("enrol.renewed", &[Kind::EnrolAgain]),
    point("enrol.salvaged", &[Kind::EnrolDamaged]),
    point("aside.parted", &[Kind::Rescue, Kind::EnrolDamaged]),
    point("aside.kept", &[Kind::Rescue]),
    point("rescue.made", &[Kind::Rescue]),
    point("rescue.moved", &[Kind::Rescue]),
    point("enrolment.written", &[Kind::EnrolServer]),
    point("enrolment.kept", &[Kind::EnrolServer]),
    point("request.written", &[Kind::Everyday]),
    point("request.kept", &[Kind::Everyday]),
    point("push.taken", &[Kind::Everyday]),
    point("push.answered", &[Kind::Everyday]),
    point("push.kept", &[Kind::Everyday]),
    point("upload.taken", &[Kind::Everyday]),
    point("upload.answered", &[Kind::Everyday]),
    point("upload.kept", &[Kind::Everyday]),
    point("pull.answered", &[Kind::FirstSync]),
    point("pull.heads", PULLING),
    point("pull.rows", PULLING),
    point("pull.written", PULLING),
    point("pull.kept", PULLING),
    point("card.kept", &[Kind::FirstSync]),
    point("operation.written", &[Kind::EverydayServer]),
    point("operation.kept", &[Kind::EverydayServer]),
    point("attachment.written", &[Kind::EverydayServer]),
    point("attachment.kept", &[Kind::EverydayServer]),
    point("acknowledge.written", &[Kind::EverydayServer]),
    point("server.migrate.written", &[Kind::FirstImport]),
    point("server.migrate.kept", &[Kind::FirstImport]),
    point("import.rows", &[Kind::Import]),
    point("import.signed", &[Kind::Import]),
    point("import.noted", &[Kind::Import]),
    point("import.kept", &[Kind::Import]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn sources(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, text);
            } else {
                *text += &std::fs::read_to_string(&path).unwrap_or_default();
            }
        }
    }

    #[test]
    fn every_point_of_the_sources_is_killed_at() {
        let mut text = String::new();
        for folder in ["../../core/src", "../../server/src"] {
            sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut text);
        }
        let found: BTreeSet<_> =
            text.split("failpoint::here(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let table: BTreeSet<_> = POINTS.iter().map(|point| point.name).collect();
        let of_broken_rules = BTreeSet::from(["pull.torn", "operation.torn", "import.begin"]);
        assert_eq!(found, &table | &of_broken_rules);
    }

    #[test]
    fn a_store_of_every_schema_is_killed_while_it_is_brought_up_to_date() {
        let schemas = (1..=crate::old_store::STEPS.len()).map(Kind::Upgrade);
        assert!(schemas.into_iter().all(|kind| MIGRATING.contains(&kind)));
    }
}
