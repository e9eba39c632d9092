use super::*;
use crate::database::Database;
use anggota::domain::CooperativeId;

struct Office {
    folder: tempfile::TempDir,
    database: Database,
    rng: Rng,
}

fn office() -> Office {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path().join("anggota.db").to_str().unwrap()).unwrap();
    database
        .write(|t| {
            let sql = "INSERT INTO cooperative (id, name, time_zone) VALUES ('a', 'A', 'WIB'), ('b', 'B', 'WIT')";
            Ok::<_, DatabaseError>(t.execute(sql, [])?)
        })
        .unwrap();
    Office { folder, database, rng: Arc::new(anggota::entropy::system()) }
}

impl Office {
    fn keys(&self) -> PathBuf {
        self.folder.path().join("keys")
    }
    fn cooperative(&self, id: &str) -> Cooperative {
        self.database.read(|c| Cooperative::find(c, Some(&CooperativeId::new(id).unwrap()))).unwrap()
    }
    fn create(&self, id: &str) -> Result<IssuerKeys, KeyError> {
        let cooperative = self.cooperative(id);
        self.database.write(|t| IssuerKeys::load_or_create(t, &self.keys(), &cooperative, Timestamp::EPOCH, &self.rng))
    }
    fn load(&self, id: &str) -> Result<IssuerKeys, KeyError> {
        let cooperative = self.cooperative(id);
        self.database.read(|c| IssuerKeys::load(c, &self.keys(), &cooperative, &self.rng))
    }
}

fn publics(keys: &IssuerKeys) -> [PublicKey; 3] {
    [&keys.card, &keys.status, &keys.checkpoint].map(|key| *key.signer.public_key())
}

#[test]
fn a_cooperative_gets_three_keys_once_and_only_its_own() {
    let office = office();
    assert!(matches!(office.load("a"), Err(KeyError::None)));
    let first = office.create("a").unwrap();
    assert_eq!([first.card.kid, first.status.kid, first.checkpoint.kid], [1, 2, 3]);
    assert_eq!(publics(&office.create("a").unwrap()), publics(&first));
    assert_eq!(publics(&office.load("a").unwrap()), publics(&first));
    let other = publics(&office.create("b").unwrap());
    for key in publics(&first) {
        assert!(!other.contains(&key));
    }
    let cooperative = office.cooperative("a");
    let known = office.database.read(|c| public_key(c, &cooperative, 3)).unwrap();
    assert_eq!(known, Some(*first.checkpoint.signer.public_key()));
}

#[cfg(unix)]
#[test]
fn key_files_are_for_this_user_alone_and_refused_otherwise() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let office = office();
    office.create("a").unwrap();
    let mut files: Vec<_> = fs::read_dir(office.keys().join("a")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let names: Vec<_> = files.iter().map(|f| f.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["card.key", "checkpoint.key", "status.key"]);
    assert!(files.iter().all(|file| fs::metadata(file).unwrap().mode() & 0o777 == 0o600));
    fs::set_permissions(&files[0], fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(office.load("a"), Err(KeyError::Exposed("card.key"))));
}

#[test]
fn a_lost_or_foreign_key_is_an_error_and_never_a_new_key() {
    let office = office();
    let made = publics(&office.create("a").unwrap());
    office.create("b").unwrap();
    let [a, b] = ["a", "b"].map(|id| office.keys().join(id).join("checkpoint.key"));
    let saved = fs::read(&a).unwrap();

    fs::remove_file(&a).unwrap();
    assert!(matches!(office.create("a"), Err(KeyError::Missing("checkpoint.key"))));
    assert!(!a.exists());
    fs::copy(&b, &a).unwrap();
    assert!(matches!(office.create("a"), Err(KeyError::Different("checkpoint.key"))));
    fs::write(&a, "not a key").unwrap();
    assert!(matches!(office.load("a"), Err(KeyError::Unreadable("checkpoint.key", _))));
    assert_eq!(fs::read(&a).unwrap(), b"not a key");

    fs::write(&a, saved).unwrap();
    assert_eq!(publics(&office.load("a").unwrap()), made);
}

#[test]
fn files_that_a_cut_import_left_are_taken() {
    let office = office();
    let cooperative = office.cooperative("a");
    let mut cut = None;
    let undone: Result<(), KeyError> = office.database.write(|t| {
        cut = Some(IssuerKeys::load_or_create(t, &office.keys(), &cooperative, Timestamp::EPOCH, &office.rng)?);
        Err(KeyError::None)
    });
    assert!(undone.is_err());
    assert_eq!(publics(&office.create("a").unwrap()), publics(&cut.unwrap()));
}
