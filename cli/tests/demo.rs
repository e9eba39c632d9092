//! The demo tells its whole story, and each of its steps can fail.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use support::{Folder, Run, run};

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
    let whole = run(&home, ["demo", "--json"]);
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

#[test]
fn a_named_folder_is_kept_and_its_phones_are_phones() {
    let home = Folder::new();
    let folder = home.path().join("cerita");
    let told = run(&home, ["demo".as_ref(), "--dir".as_ref(), folder.as_os_str()]);
    assert_eq!((told.status, told.stderr.as_str()), (0, ""));
    assert!(told.stdout.contains("Semua langkah berhasil."), "{}", told.stdout);

    let phone = folder.join("ponsel-GP-001");
    let on = |command: &str| {
        let given = command.split_whitespace().map(Into::into);
        run(&home, given.chain(["--data-dir".into(), phone.clone().into_os_string()]))
    };
    let balance = on("balance --json").document();
    assert_eq!(balance["savings"].as_array().unwrap().len(), 4);
    assert_eq!(balance["loans"].as_array().unwrap().len(), 2);
    assert_eq!(on("verify --json").document()["ok"], true);
    assert_eq!(on("loan requests --json").document()["requests"][0]["state"], "approved");
    let page = on("transactions --account SS-001 --limit 5 --json").document();
    assert_eq!((page["entries"].as_array().unwrap().len(), &page["more"]), (5, &true.into()));
    let offline = on("sync --json");
    assert_eq!((offline.status, offline.code().as_str()), (3, "no-network"));

    let again = run(&home, ["demo".as_ref(), "--json".as_ref(), "--dir".as_ref(), folder.as_os_str()]);
    assert_eq!((again.status, again.code().as_str()), (1, "invalid-input"), "a folder with files is left alone");
}
