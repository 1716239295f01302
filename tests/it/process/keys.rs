//! The folder with the keys: shared by replicas, and never half there.

use klankbord_persistence::KeyFolder;

use super::program::{Home, Served};
use crate::support::{On, database};

/// In containers every replica has the same process id: what another is writing
/// at this moment stays as it is.
#[test]
fn replicas_with_one_process_id_keep_out_of_each_others_way() {
    let home = tempfile::tempdir().unwrap();
    let folder = KeyFolder::open(home.path()).unwrap();
    let theirs = home.path().join(format!("contact.key.{}.new", std::process::id()));
    std::fs::write(&theirs, "half a key").unwrap();
    folder.secret("contact").unwrap();
    assert_eq!(std::fs::read(&theirs).unwrap(), b"half a key");
}

/// Whoever asks first makes it; all get the same, and no draft stays behind.
#[test]
fn many_at_once_get_one_key() {
    let home = tempfile::tempdir().unwrap();
    let folder = KeyFolder::open(home.path()).unwrap();
    for name in ["contact", "lookup", "audit"] {
        let asking: Vec<_> = (0..8)
            .map(|_| {
                let folder = folder.clone();
                std::thread::spawn(move || folder.secret(name).unwrap())
            })
            .collect();
        let got: Vec<_> = asking.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(got.iter().all(|key| key == &folder.secret(name).unwrap()), "{name}");
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 3);
}

/// Beside a database that holds something, none of these keys is made anew,
/// whatever else lies in the folder.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_key_is_not_made_anew() {
    for on in [On::Sqlite, On::Postgres] {
        let Some(home) = Home::new(on) else { continue };
        drop(Served::start(home.command(&["serve"])));
        std::fs::create_dir(home.folder.path().join("keys/lost+found")).unwrap();
        for name in ["contact.key", "lookup.key", "audit.key"] {
            let (key, away) = (home.folder.path().join("keys").join(name), home.folder.path().join(name));
            std::fs::rename(&key, &away).unwrap();
            let output = home.command(&["migrate"]).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && said.contains(name), "{on:?} {name}: {said}");
            assert!(!key.exists(), "{on:?} {name}");
            std::fs::rename(&away, &key).unwrap();
        }
        assert!(home.command(&["migrate"]).output().unwrap().status.success());
        assert_eq!(database::count(&home.url, "accounts").await, 1);
    }
}

/// A database that can't be looked into is not an empty one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_is_no_emptiness() {
    let home = Home::new(On::Sqlite).unwrap();
    std::fs::create_dir(home.folder.path().join("data")).unwrap();
    std::fs::write(home.folder.path().join("data/klankbord.db"), "no database at all, but something".repeat(100))
        .unwrap();
    let output = home.command(&["migrate"]).output().unwrap();
    assert!(!output.status.success());
    assert!(!home.folder.path().join("keys/contact.key").exists(), "keys were made beside it");
}
