//! Logs in which something was changed: each is found at the first place.

use std::borrow::Cow;

use pimento_domain::{Actor, After, Cause, Event, EventKind, Justification, PrincipalId, Uuid};

use super::*;
use crate::RecordedEvent;
use crate::seal::{SealKey, Tail, extend};

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros).expect("in the calendar")
}

fn acme() -> TenantId {
    "acme".parse().expect("an id")
}

fn event(sequence: u64) -> Salted {
    let principal: PrincipalId = format!("p{sequence}").parse().expect("an id");
    Salted {
        salt: [sequence as u8; 16],
        recorded: RecordedEvent {
            sequence,
            cause: Cause {
                operation: Cow::Borrowed("op"),
                request: Uuid::from_u128(1),
                client_request: None,
            },
            event: Event {
                at: at(0),
                kind: EventKind::Assign,
                actor: Actor::Pimento,
                principal: Some(principal),
                role: None,
                request: None,
                justification: Justification::default(),
                note: None,
                until: None,
                self_grant: false,
                without_approval: false,
                after: After::Assignment(None),
            },
        },
    }
}

/// Events 1 to 6 with heads at 2, 4 and 6, and events 7 and 8 without seals.
fn log(tenant: &TenantId, key: &SealKey) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut head = None;
    for first in [1, 3, 5] {
        let events = vec![event(first), event(first + 1)];
        let tail = Tail { head, events };
        let sealed = extend(tenant, &tail, at(1), key);
        let sealed = sealed.expect("no gap").expect("events");
        for (link, event) in sealed.links.iter().zip(tail.events) {
            entries.push(Entry {
                sequence: link.sequence,
                content: Content::There(Box::new(event)),
                link: Some((link.digest, link.seal)),
                head: (link.sequence == sealed.head.sequence).then(|| sealed.head.clone()),
            });
        }
        head = Some(sealed.head);
    }
    entries.extend([7, 8].map(|sequence| Entry {
        sequence,
        content: Content::There(Box::new(event(sequence))),
        link: None,
        head: None,
    }));
    entries
}

fn verify(entries: &[Entry], keys: &[PublicKey], written: &[Head]) -> Result<Summary, Broken> {
    let tenant = acme();
    let mut verification = Verification::new(&tenant, keys, written);
    for entry in entries {
        verification.check(entry)?;
    }
    verification.finish()
}

fn key() -> SealKey {
    SealKey::generate().expect("random numbers")
}

#[test]
fn a_log_as_it_was_sealed_holds() {
    let key = key();
    let entries = log(&acme(), &key);
    let known = [key.public_key()];
    let written: Vec<Head> = entries
        .iter()
        .filter_map(|entry| entry.head.clone())
        .collect();
    let expected = Summary {
        sealed: 6,
        erased: 0,
        unsealed: 2,
        head: written.last().cloned(),
    };
    assert_eq!(verify(&entries, &known, &written), Ok(expected));
    assert_eq!(verify(&[], &known, &[]), Ok(Summary::default()));
}

#[test]
fn an_event_that_a_sealed_one_says_is_erased_may_be_gone() {
    let key = key();
    let mut entries = log(&acme(), &key);
    entries[2].content = Content::Erased;
    let summary = verify(&entries, &[key.public_key()], &[]).expect("it holds");
    assert_eq!((summary.sealed, summary.erased), (6, 1));
}

/// Changes of a log, where it breaks, why, and which head still holds.
type Case = (fn(&mut Vec<Entry>), u64, Fault, u64);

fn forget(entry: &mut Entry) {
    entry.content = Content::Missing;
}

#[test]
fn whatever_is_changed_the_first_place_is_named() {
    let cases: [Case; 16] = [
        (|log| drop(log.remove(0)), 1, Fault::Missing, 0),
        (|log| drop(log.remove(2)), 3, Fault::Missing, 2),
        (|log| log.swap(2, 3), 3, Fault::Missing, 2),
        (|log| log[3].sequence = 3, 4, Fault::Missing, 2),
        (|log| forget(&mut log[2]), 3, Fault::Removed, 2),
        (|log| forget(&mut log[6]), 7, Fault::Missing, 6),
        (
            |log| log[4].content = Content::There(Box::new(event(4))),
            5,
            Fault::Content,
            4,
        ),
        (
            |log| log[7].content = Content::Unreadable("column x".to_owned()),
            8,
            Fault::Unreadable("column x".to_owned()),
            6,
        ),
        (|log| log[1].link = None, 2, Fault::Unsealed, 0),
        (|log| log[5].link = None, 6, Fault::Unsealed, 4),
        (
            |log| log[3].link.as_mut().expect("sealed").0[0] ^= 1,
            4,
            Fault::Content,
            2,
        ),
        (
            |log| log[3].link.as_mut().expect("sealed").1[31] ^= 1,
            4,
            Fault::Seal,
            2,
        ),
        (
            |log| log[3].head.as_mut().expect("a head").signature[9] ^= 1,
            4,
            Fault::Signature,
            2,
        ),
        (
            |log| log[5].head = log[3].head.clone(),
            6,
            Fault::Rewritten(at(1)),
            4,
        ),
        (|log| log[5].head = None, 5, Fault::Unsigned, 4),
        (|log| log.truncate(5), 5, Fault::Unsigned, 4),
    ];
    let key = key();
    for (number, (change, sequence, fault, holds_until)) in cases.into_iter().enumerate() {
        let mut entries = log(&acme(), &key);
        change(&mut entries);
        let broken = verify(&entries, &[key.public_key()], &[]).expect_err("it is broken");
        let found = broken.holds_until.map_or(0, |head| head.sequence);
        assert_eq!(
            (broken.sequence, broken.fault, found),
            (sequence, fault, holds_until),
            "case {number}"
        );
    }
}

#[test]
fn a_chain_that_was_sealed_anew_shows_at_the_next_head() {
    let key = key();
    let mut entries = log(&acme(), &key);
    let other: TenantId = "other".parse().expect("an id");
    // What somebody without the key can do: reckon all digests and seals anew from the third event on.
    let mut before = entries[1].link.expect("sealed").1;
    for entry in &mut entries[2..6] {
        let digest = digest(&[0; 16], b"another");
        before = seal(&acme(), &before, entry.sequence, &digest);
        entry.link = Some((digest, before));
        entry.content = Content::Erased;
    }
    let broken = verify(&entries, &[key.public_key()], &[]).expect_err("it is broken");
    assert_eq!(
        (broken.sequence, broken.fault),
        (4, Fault::Rewritten(at(1)))
    );
    let until = broken.holds_until.expect("a head that holds");
    assert_eq!(until.sequence, 2);

    // Another tenant's log, another key.
    let swapped = verify(&log(&other, &key), &[key.public_key()], &[]);
    assert_eq!(
        swapped.map_err(|broken| (broken.sequence, broken.fault)),
        Err((1, Fault::Seal))
    );
    let stranger = verify(&log(&acme(), &key), &[], &[]);
    let expected = (2, Fault::Key(key.public_key()));
    assert_eq!(
        stranger.map_err(|broken| (broken.sequence, broken.fault)),
        Err(expected)
    );
}

#[test]
fn a_log_that_was_cut_off_or_is_older_is_found_by_a_head_that_was_written_down() {
    let key = key();
    let known = [key.public_key()];
    let whole = log(&acme(), &key);
    let written = [whole[5].head.clone().expect("a head")];
    let older = &whole[..4];
    assert_eq!(
        verify(older, &known, &[]).map(|summary| summary.sealed),
        Ok(4)
    );
    for (entries, sequence) in [(older, 5), (&[], 1)] {
        let broken = verify(entries, &known, &written).expect_err("it is older");
        assert_eq!(
            (broken.sequence, broken.fault),
            (sequence, Fault::CutOff(6))
        );
    }
    let mut elsewhere = written;
    elsewhere[0].tenant = "other".parse().expect("an id");
    assert!(verify(older, &known, &elsewhere).is_ok());
    elsewhere[0].tenant = acme();
    elsewhere[0].seal[0] ^= 1;
    let broken = verify(&whole, &known, &elsewhere).expect_err("it is another");
    assert_eq!((broken.sequence, broken.fault), (6, Fault::Replaced(at(1))));
}
