//! Erasing events: nothing is left of what they said, and the chain still verifies.

use std::fs;

use futures::executor::block_on;
use pimento_domain::{
    After, Event, EventKind, Justification, Kind, Remark, Request, RequestId, RequestKind, Uuid,
};
use pimento_store::seal::{Fault, SealKey, Unfit, extend};
use pimento_store::{Change, Changeset, OperationQuery, Store, Total};

use super::samples::{Place, ROLE, acme, ada, at, change, event};
use super::sealing::{key, record, seal, verify};
use crate::{EraseError, Erased, Erasure, SqliteStore, Trace, erase};

/// What nobody is to find any more.
const SECRET: &str = "Xanthippe-was-here";

fn secret() -> Event {
    Event {
        kind: EventKind::Assign,
        justification: Justification {
            reason: Remark::parse(&SECRET.repeat(20)).unwrap(),
            ticket_number: Remark::parse(SECRET).unwrap(),
            ticket_system: None,
        },
        request: Some(id()),
        ..event(at(1))
    }
}

fn id() -> RequestId {
    RequestId::new(Uuid::from_u128(9))
}

fn request() -> Request {
    Request {
        id: id(),
        kind: RequestKind::Activation,
        principal: ada(),
        role: ROLE,
        grants: Kind::Active,
        requestor: ada(),
        requested: at(0),
        start: at(0),
        end: None,
        length: None,
        justification: secret().justification,
        approval: None,
        closed: None,
        recorded: true,
    }
}

fn erasure(sequences: &[u64]) -> Erasure {
    Erasure {
        tenant: acme(),
        sequences: sequences.to_vec(),
        reason: Remark::parse("Article 17").unwrap().unwrap(),
        id: Uuid::from_u128(3),
        remembered: None,
    }
}

/// A log of forty events, of which 10 and 40 say what they should not, as does their request; not all of it is sealed.
fn furnished(request: Request) -> (Place, SealKey) {
    let (place, key) = (Place::new(), key());
    let store = place.serve();
    for number in 1..40 {
        let event = if number == 10 { secret() } else { event(at(2)) };
        record(&store, &acme(), event);
        // Rows that are written again leave what they were in parts of the file that are not in use.
        let changes = vec![Change::Request(Box::new(request.clone()))];
        if number == 10 {
            seal(&store, &acme(), &key, 4);
        } else if number == 20 {
            commit(&store, changes, secret());
            return finish(place, store, key);
        }
    }
    finish(place, store, key)
}

fn finish(place: Place, store: SqliteStore, key: SealKey) -> (Place, SealKey) {
    drop(store);
    (place, key)
}

fn commit(store: &SqliteStore, changes: Vec<Change>, event: Event) {
    let changeset = Changeset {
        changes,
        events: pimento_domain::Events::new(Vec::new(), event),
        ..change("ada")
    };
    block_on(store.commit(changeset)).unwrap();
}

/// Whether any file of the database has these words.
fn is_anywhere(place: &Place, words: &str) -> bool {
    let folder = place.path().parent().unwrap().to_owned();
    fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        bytes
            .windows(words.len())
            .any(|window| window == words.as_bytes())
    })
}

#[test]
fn nothing_is_left_of_what_was_erased_and_the_chain_verifies() {
    let (place, key) = furnished(request());
    assert!(is_anywhere(&place, SECRET));
    let erased = erase(&place.path(), &erasure(&[10, 21]), &key)
        .unwrap()
        .erased;
    let trace = |others: &[u64]| {
        Some(Trace {
            request: id(),
            is_blank: true,
            others: others.to_vec(),
        })
    };
    let one = |sequence, by, others| Erased {
        sequence,
        by: Some(by),
        trace: trace(others),
    };
    assert_eq!(erased, [one(10, 22, &[21]), one(21, 23, &[])]);
    assert!(!is_anywhere(&place, SECRET));
    assert!(is_anywhere(&place, "Article 17"));
    let summary = verify(&place, &key, &[]).unwrap().remove(0);
    assert_eq!(
        (summary.sealed, summary.erased, summary.unsealed),
        (23, 2, 0)
    );

    // The next event has the next number, and no list shows what is gone.
    let store = place.serve();
    let query = OperationQuery {
        limit: 99,
        total: Total::Count,
        ..OperationQuery::everything()
    };
    let page = block_on(store.list_operations(&acme(), &query)).unwrap();
    assert_eq!((page.events, page.total), (Vec::new(), Some(0)));
    record(&store, &acme(), event(at(3)));
    let events = block_on(store.events(&acme(), 9, 99)).unwrap();
    let numbers: Vec<u64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(
        numbers,
        (11..=24).filter(|number| *number != 21).collect::<Vec<_>>()
    );
    let found = block_on(store.request(&acme(), id())).unwrap().1.unwrap();
    assert_eq!(found.justification, Justification::default());
    seal(&store, &acme(), &key, 9);
    assert_eq!(verify(&place, &key, &[]).unwrap()[0].sealed, 24);
}

#[test]
fn the_newest_event_is_erased_as_well_sealed_or_not() {
    let (place, key) = (Place::new(), key());
    let store = place.serve();
    record(&store, &acme(), secret());
    drop(store);
    let erased = erase(&place.path(), &erasure(&[1]), &key).unwrap().erased;
    assert_eq!((erased[0].sequence, erased[0].by), (1, Some(2)));
    assert!(!is_anywhere(&place, SECRET));
    let summary = verify(&place, &key, &[]).unwrap().remove(0);
    assert_eq!((summary.sealed, summary.erased), (2, 1));
}

#[test]
fn an_open_request_keeps_its_reason_and_that_is_said() {
    let open = Request {
        recorded: false,
        ..request()
    };
    let (place, key) = furnished(open.clone());
    let erased = erase(&place.path(), &erasure(&[10]), &key).unwrap().erased;
    assert!(!erased[0].trace.as_ref().unwrap().is_blank);
    let found = block_on(place.serve().request(&acme(), id())).unwrap().1;
    assert_eq!(found, Some(open));
}

#[test]
fn what_cannot_be_erased_leaves_everything_as_it_was() {
    let (place, key) = furnished(request());
    erase(&place.path(), &erasure(&[5]), &key).unwrap();
    let before = fs::read(place.path()).unwrap();
    for (sequences, expected) in [
        (&[10, 99][..], "no event 99"),
        (&[0], "no event 0"),
        (&[u64::MAX], "no event 18446744073709551615"),
        (&[10, 22], "event 22 says that another one was erased"),
    ] {
        let refusal = erase(&place.path(), &erasure(sequences), &key).unwrap_err();
        assert!(refusal.to_string().contains(expected), "{refusal}");
    }
    let store = place.serve();
    let refusal = erase(&place.path(), &erasure(&[10]), &key).unwrap_err();
    assert!(refusal.to_string().contains("is in use"), "{refusal}");
    assert!(matches!(refusal, EraseError::Open(_)));
    drop(store);
    let again = erase(&place.path(), &erasure(&[5]), &key).unwrap().erased;
    assert_eq!((again[0].sequence, again[0].by), (5, None));
    assert_eq!(fs::read(place.path()).unwrap().len(), before.len());
    assert_eq!(verify(&place, &key, &[]).unwrap()[0].sealed, 22);
    let nowhere = Place::new();
    assert!(erase(&nowhere.path(), &erasure(&[1]), &key).is_err());
    assert!(!nowhere.path().exists());
}

#[test]
fn an_event_is_not_erased_because_a_row_without_a_seal_says_so() {
    let (place, key) = furnished(request());
    let store = place.serve();
    seal(&store, &acme(), &key, 99);
    record(
        &store,
        &acme(),
        Event {
            kind: EventKind::Erase,
            after: After::Erased(10),
            ..event(at(2))
        },
    );
    drop(store);
    place
        .sqlite()
        .execute("DELETE FROM events WHERE sequence = 10", [])
        .unwrap();
    let broken = verify(&place, &key, &[]).unwrap_err();
    assert_eq!((broken.sequence, broken.fault), (10, Fault::Removed));
}

#[test]
fn an_erasure_names_one_event_and_no_other() {
    let (place, key) = furnished(request());
    erase(&place.path(), &erasure(&[10]), &key).unwrap();
    let sqlite = place.sqlite();
    sqlite
        .execute("DELETE FROM events WHERE sequence = 9", [])
        .unwrap();
    let broken = verify(&place, &key, &[]).unwrap_err();
    assert_eq!((broken.sequence, broken.fault), (9, Fault::Removed));
    // Nor does it once it is made to name the other one.
    sqlite
        .execute("UPDATE events SET erased = 9 WHERE sequence = 22", [])
        .unwrap();
    let broken = verify(&place, &key, &[]).unwrap_err();
    assert_eq!((broken.sequence, broken.fault), (10, Fault::Removed));
}

#[test]
fn a_log_that_is_not_what_is_remembered_of_it_is_not_sealed_by_an_erasure() {
    let (place, key) = furnished(request());
    let erasing = erase(&place.path(), &erasure(&[5]), &key).unwrap();
    let remembered = |sequences: &[u64]| Erasure {
        remembered: erasing.head.clone(),
        ..erasure(sequences)
    };
    let head = erase(&place.path(), &remembered(&[6]), &key).unwrap().head;
    assert_eq!(head.map(|head| head.sequence), Some(23));
    let unsealed = "DELETE FROM seals; DELETE FROM heads";
    place.sqlite().execute_batch(unsealed).unwrap();
    let refusal = erase(&place.path(), &remembered(&[7]), &key).unwrap_err();
    assert!(
        matches!(refusal, EraseError::Unfit(Unfit::Lost(22))),
        "{refusal}"
    );
}

#[test]
fn an_event_that_says_of_another_that_it_was_erased_is_not_sealed_later() {
    let (place, key) = furnished(request());
    let store = place.serve();
    seal(&store, &acme(), &key, 99);
    let forged = Event {
        kind: EventKind::Erase,
        after: After::Erased(10),
        ..event(at(2))
    };
    record(&store, &acme(), forged);
    let tail = block_on(store.tail(&acme(), 9)).unwrap();
    let number = tail.events[0].recorded.sequence;
    assert_eq!(
        extend(&acme(), &tail, at(7), &key),
        Err(Unfit::Erasure(number))
    );
    drop(store);
    let broken = verify(&place, &key, &[]).unwrap_err();
    assert_eq!((broken.sequence, broken.fault), (number, Fault::Erasure));
    let refusal = erase(&place.path(), &erasure(&[9]), &key).unwrap_err();
    assert!(
        matches!(refusal, EraseError::Unfit(Unfit::Erasure(_))),
        "{refusal}"
    );
}
