//! Files of earlier releases are brought to the newest schema, with what they hold.

use futures::executor::block_on;
use pimento_domain::Setup;
use pimento_store::{Change, Changeset, Store, Wanted};

use super::samples::{Place, acme, change, commit};
use crate::SqliteStore;

/// A file as the first release made it, with a tenant that has signed up.
fn of_the_first_release() -> Place {
    let place = Place::new();
    let connection = place.sqlite();
    let statements = [
        include_str!("../../migrations/0001_initial.sql"),
        "INSERT INTO meta (only_row, purpose, revision) VALUES (1, 'serve', 7);",
        "INSERT INTO tenants (tenant, registered_at, revision) VALUES ('acme', 1000000, 7);",
        "PRAGMA application_id = 0x50494d54; PRAGMA user_version = 1;",
    ];
    for statement in statements {
        connection.execute_batch(statement).unwrap();
    }
    place
}

fn standing(store: &SqliteStore) -> (bool, Setup) {
    let loaded = block_on(store.load(&acme(), &Wanted::default())).unwrap();
    (loaded.registered.is_some(), loaded.setup)
}

#[test]
fn whoever_signed_up_under_the_first_release_has_not_started_the_set_up_and_can() {
    let place = of_the_first_release();
    let store = place.serve();
    assert_eq!(standing(&store), (true, Setup::NotStarted));
    let changes = vec![Change::Setup(Setup::Completed)];
    let completed = Changeset {
        changes,
        ..change("ada")
    };
    commit(&store, completed).unwrap();
    drop(store);
    assert_eq!(standing(&place.serve()), (true, Setup::Completed));
}
