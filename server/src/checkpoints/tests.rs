use std::sync::Arc;

use super::*;
use crate::database::Database;
use anggota::cose::SoftwareSigner;
use anggota::domain::CooperativeId;

const KID: u8 = 3;

struct Office {
    _folder: tempfile::TempDir,
    database: Database,
    signer: SoftwareSigner,
}

/// Two cooperatives with the same member and account numbers.
fn office() -> Office {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path().join("anggota.db").to_str().unwrap()).unwrap();
    let rng = anggota::entropy::system();
    let pkcs8 = SoftwareSigner::generate_pkcs8(&rng).unwrap();
    let signer = SoftwareSigner::from_pkcs8(&pkcs8, Arc::new(rng)).unwrap();
    database
        .write(|t| {
            for (number, id) in [(1, "a"), (2, "b")] {
                t.execute("INSERT INTO cooperative (id, name, time_zone) VALUES (?1, 'K', 'WIB')", [id])?;
                t.execute("INSERT INTO issuer_key VALUES (?1, 3, 3, ?2, 0)", params![
                    number,
                    signer.public_key().as_bytes().as_slice()
                ])?;
                for member in [1, 2] {
                    t.execute(
                        "INSERT INTO member (cooperative, member, member_no, name, status, joined_on)
                         VALUES (?1, ?2, 'A' || ?2, 'Siti', 0, 0)",
                        [number, member],
                    )?;
                }
                for (account, kind, no) in [(1, 0, "b"), (2, 0, "B-1"), (3, 1, "A")] {
                    t.execute(
                        "INSERT INTO account (cooperative, account, kind, account_no, member, product, status, opened_on, hash,
                           principal, periods, first_due_on, rate_per_period, method, product_version)
                         VALUES (?1, ?2, ?3, ?4, 1, 'SS', 0, 0, zeroblob(32), 100, 1, 30, 0, 0, 1)",
                        params![number, account, kind, no],
                    )?;
                }
            }
            Ok::<_, DatabaseError>(())
        })
        .unwrap();
    Office { _folder: folder, database, signer }
}

impl Office {
    fn cooperative(&self, id: &str) -> Cooperative {
        self.database.read(|c| Cooperative::find(c, Some(&CooperativeId::new(id).unwrap()))).unwrap()
    }
    fn renew(&self, id: &str, member: i64) -> Option<u64> {
        let cooperative = self.cooperative(id);
        self.database.write(|t| renew(t, &cooperative, member, Timestamp::EPOCH, KID, &self.signer)).unwrap()
    }
    fn pay_in(&self, id: &str) {
        let number = self.cooperative(id).number;
        let sql = "UPDATE account SET seq = seq + 1, figure = figure + 5 WHERE cooperative = ?1 AND account = 1";
        self.database.write(|t| Ok::<_, DatabaseError>(t.execute(sql, [number])?)).unwrap();
    }
    fn newest(&self, id: &str, member: i64) -> (Vec<u8>, Checkpoint) {
        let cooperative = self.cooperative(id);
        let (_, _, bytes) = self.database.read(|c| latest(c, &cooperative, member)).unwrap().unwrap();
        let read = SignedCheckpoint::parse(&bytes).unwrap().verify(|_, _| Some(*self.signer.public_key())).unwrap();
        (bytes, read)
    }
}

#[test]
fn heads_stand_by_kind_and_then_by_the_bytes_of_the_number() {
    let office = office();
    let heads = office.database.read(|c| heads(c, &office.cooperative("a"), 1)).unwrap();
    let order: Vec<_> = heads.iter().map(|head| (head.key().kind, head.key().account.to_string())).collect();
    let expected = [(LedgerKind::Savings, "B-1"), (LedgerKind::Savings, "b"), (LedgerKind::Loan, "A")];
    assert_eq!(order, expected.map(|(kind, no)| (kind, no.to_string())));
    assert!(heads.is_sorted_by_key(Head::key));
}

#[test]
fn a_checkpoint_is_made_once_for_each_change_and_names_the_one_before() {
    let office = office();
    assert_eq!(office.renew("a", 1), Some(1));
    assert_eq!(office.renew("a", 1), None);
    let (first_bytes, first) = office.newest("a", 1);
    assert_eq!((first.generation, first.prev, first.reset), (1, [0; 32], None));
    assert_eq!(first.member, MemberNo::new("A1").unwrap());

    office.pay_in("a");
    assert_eq!(office.renew("a", 1), Some(2));
    let (_, second) = office.newest("a", 1);
    assert_eq!(second.prev, sha256(&first_bytes));
    assert_ne!(second.root, first.root);
    let leaves: Vec<_> =
        office.database.read(|c| heads(c, &office.cooperative("a"), 1)).unwrap().iter().map(head::encode).collect();
    assert_eq!(second.root, merkle::root(&leaves));
}

#[test]
fn a_member_without_accounts_has_a_checkpoint_and_another_cooperative_is_untouched() {
    let office = office();
    assert_eq!(office.renew("a", 2), Some(1));
    assert_eq!(office.newest("a", 2).1.root, merkle::root::<Vec<u8>>(&[]));
    let other = office.cooperative("b");
    assert_eq!(office.database.read(|c| latest(c, &other, 2)).unwrap(), None);
    office.pay_in("a");
    assert_eq!(office.renew("b", 1), Some(1));
    office.pay_in("a");
    assert_eq!(office.renew("b", 1), None);
}

#[test]
fn a_new_epoch_says_in_every_checkpoint_how_far_the_old_one_had_come() {
    let office = office();
    office.renew("a", 1);
    office.pay_in("a");
    office.renew("a", 1);
    let reason = Reason::new("Pemulihan cadangan").unwrap();
    let old = office.cooperative("a");
    let epoch = office.database.write(|t| new_epoch(t, &old, &reason, Timestamp::EPOCH, KID, &office.signer)).unwrap();
    assert_eq!((epoch, office.cooperative("a").epoch, office.cooperative("b").epoch), (2, 2, 1));
    for (member, last_generation) in [(1, 2), (2, 0)] {
        let (_, first) = office.newest("a", member);
        let expected = Some(Reset { epoch: 1, last_generation, reason: reason.clone() });
        assert_eq!((first.epoch, first.generation, first.prev, first.reset), (2, 1, [0; 32], expected));
    }
    office.pay_in("a");
    assert_eq!(office.renew("a", 1), Some(2));
    let (_, second) = office.newest("a", 1);
    assert_eq!(second.reset, Some(Reset { epoch: 1, last_generation: 2, reason }));
}

#[test]
fn nothing_is_signed_on_top_of_a_checkpoint_that_does_not_verify() {
    let office = office();
    office.renew("a", 1);
    let sql = "UPDATE checkpoint SET bytes = CAST(substr(bytes, 1, length(bytes) - 32) || zeroblob(32) AS BLOB)";
    office.database.write(|t| Ok::<_, DatabaseError>(t.execute(sql, [])?)).unwrap();
    office.pay_in("a");
    let cooperative = office.cooperative("a");
    let refused = office.database.write(|t| renew(t, &cooperative, 1, Timestamp::EPOCH, KID, &office.signer));
    assert!(matches!(refused, Err(CheckpointError::Stored(_))), "{refused:?}");
}
