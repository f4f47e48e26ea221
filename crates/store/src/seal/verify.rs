//! Checking a chain: entry after entry, whatever its length, until the first one that is broken.

use pimento_domain::{Instant, TenantId};

use super::{Hash, Head, NO_SEAL, PublicKey, Salted, digest, payload, seal};

/// What a log holds under one sequence number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number.
    pub sequence: u64,
    /// The event.
    pub content: Content,
    /// Digest and seal, if there are any.
    pub link: Option<(Hash, Hash)>,
    /// The head that was signed here, if one was.
    pub head: Option<Head>,
}

/// What a log holds of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The event.
    There(Box<Salted>),
    /// Nothing, and a later event that has a seal says that it was erased.
    Erased,
    /// Nothing.
    Missing,
    /// Something that no Pimento wrote, and what is wrong with it.
    Unreadable(String),
}

/// The first place at which a log is not what was sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tenant {tenant}, event {sequence}: {fault}")]
pub struct Broken {
    /// Whose log.
    pub tenant: TenantId,
    /// Which event.
    pub sequence: u64,
    /// What is wrong.
    pub fault: Fault,
    /// The newest head before it that holds: until there the log is what was sealed.
    pub holds_until: Option<Box<Head>>,
}

/// What is wrong with a log at one place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Neither event nor seal.
    #[error("the event is missing")]
    Missing,
    /// A seal without an event.
    #[error("the event was removed, and no sealed event says that it was erased")]
    Removed,
    /// A row that no Pimento wrote.
    #[error("the event was changed: {0}")]
    Unreadable(String),
    /// An event without a seal before others with one.
    #[error("the event has no seal, though the log was sealed beyond it")]
    Unsealed,
    /// The digest is another.
    #[error("the event is not what was sealed")]
    Content,
    /// The seal is another.
    #[error("its seal does not follow from its digest and the seal before")]
    Seal,
    /// The head was not signed like this.
    #[error("the head here is damaged or forged: its signature is wrong")]
    Signature,
    /// Somebody else has signed.
    #[error("the head here was signed with the key {0}, which is not one that you know")]
    Key(PublicKey),
    /// The head is of another chain.
    #[error(
        "the head signed here at {0} is of another chain: the log was sealed anew, somewhere after the head before"
    )]
    Rewritten(Instant),
    /// Seals that nobody has signed.
    #[error("its seal and those after it are not signed by any head")]
    Unsigned,
    /// The written head is of another chain.
    #[error("the head that was written down at {0} is of another chain: the log was rewritten")]
    Replaced(Instant),
    /// The log is shorter than it was.
    #[error(
        "the sealed log ends before it, though it had {0} events when the head was written down: it was cut off, or is an older copy"
    )]
    CutOff(u64),
}

/// What a log is that nothing is wrong with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many events have a seal: those from 1 to this.
    pub sealed: u64,
    /// How many of them were erased.
    pub erased: u64,
    /// How many events have no seal yet. Nothing is known about these.
    pub unsealed: u64,
    /// The newest head.
    pub head: Option<Head>,
}

/// A log that is being checked.
#[derive(Debug)]
pub struct Verification<'a> {
    tenant: &'a TenantId,
    keys: &'a [PublicKey],
    written: &'a [Head],
    before: Hash,
    so_far: Summary,
}

impl<'a> Verification<'a> {
    /// Begins with the first event of this tenant. Heads have to be signed with one of these keys; and those that were
    /// written down, whose signatures have been checked, have to be of this chain, as far as they are of this tenant.
    pub fn new(tenant: &'a TenantId, keys: &'a [PublicKey], written: &'a [Head]) -> Self {
        Self {
            tenant,
            keys,
            written,
            before: NO_SEAL,
            so_far: Summary::default(),
        }
    }

    /// Checks the next entry. They come in the order of their numbers.
    ///
    /// # Errors
    /// The first thing that is wrong; there is nothing more to be found out after it.
    pub fn check(&mut self, entry: &Entry) -> Result<(), Broken> {
        let Summary {
            sealed, unsealed, ..
        } = self.so_far;
        let expected = sealed + unsealed + 1;
        if entry.sequence != expected {
            return Err(self.broken(expected, Fault::Missing));
        }
        match entry.link {
            Some(_) if 0 < unsealed => Err(self.broken(sealed + 1, Fault::Unsealed)),
            Some((digest, seal)) => self.check_sealed(entry, digest, seal),
            None => self.check_unsealed(entry),
        }
    }

    fn check_unsealed(&mut self, entry: &Entry) -> Result<(), Broken> {
        match &entry.content {
            Content::There(_) if entry.head.is_some() => {
                Err(self.broken(self.so_far.sealed + 1, Fault::Unsealed))
            }
            Content::There(_) => {
                self.so_far.unsealed += 1;
                Ok(())
            }
            Content::Erased | Content::Missing => Err(self.broken(entry.sequence, Fault::Missing)),
            Content::Unreadable(what) => {
                Err(self.broken(entry.sequence, Fault::Unreadable(what.clone())))
            }
        }
    }

    fn check_sealed(&mut self, entry: &Entry, sealed: Hash, found: Hash) -> Result<(), Broken> {
        let sequence = entry.sequence;
        let fault = match &entry.content {
            Content::There(event)
                if digest(&event.salt, payload(&event.recorded).as_bytes()) != sealed =>
            {
                Some(Fault::Content)
            }
            Content::There(_) => None,
            Content::Erased => {
                self.so_far.erased += 1;
                None
            }
            Content::Missing => Some(Fault::Removed),
            Content::Unreadable(what) => Some(Fault::Unreadable(what.clone())),
        };
        if let Some(fault) = fault {
            return Err(self.broken(sequence, fault));
        }
        if seal(self.tenant, &self.before, sequence, &sealed) != found {
            return Err(self.broken(sequence, Fault::Seal));
        }
        if let Some(head) = &entry.head {
            self.check_head(sequence, head, found)?;
        }
        let differs = |head: &&&Head| head.sequence == sequence && head.seal != found;
        if let Some(head) = self.written().iter().find(differs) {
            return Err(self.broken(sequence, Fault::Replaced(head.at)));
        }
        self.before = found;
        self.so_far.sealed = sequence;
        if let Some(head) = &entry.head {
            self.so_far.head = Some(head.clone());
        }
        Ok(())
    }

    fn check_head(&self, sequence: u64, head: &Head, found: Hash) -> Result<(), Broken> {
        let fault = if !head.is_genuine() {
            Fault::Signature
        } else if !self.keys.contains(&head.key) {
            Fault::Key(head.key)
        } else if head.seal != found {
            Fault::Rewritten(head.at)
        } else {
            return Ok(());
        };
        Err(self.broken(sequence, fault))
    }

    /// What the whole log is, after its last entry.
    ///
    /// # Errors
    /// Where it should go on.
    pub fn finish(self) -> Result<Summary, Broken> {
        let Summary { sealed, .. } = self.so_far;
        let signed = self.so_far.head.as_ref().map_or(0, |head| head.sequence);
        if signed < sealed {
            return Err(self.broken(signed + 1, Fault::Unsigned));
        }
        let newest = self.written().iter().map(|head| head.sequence).max();
        match newest {
            Some(newest) if sealed < newest => Err(self.broken(sealed + 1, Fault::CutOff(newest))),
            _ => Ok(self.so_far),
        }
    }

    /// The heads that were written down of this tenant's log.
    fn written(&self) -> Vec<&'a Head> {
        let is_of = |head: &&Head| head.tenant == *self.tenant;
        self.written.iter().filter(is_of).collect()
    }

    fn broken(&self, sequence: u64, fault: Fault) -> Broken {
        Broken {
            tenant: self.tenant.clone(),
            sequence,
            fault,
            holds_until: self.so_far.head.clone().map(Box::new),
        }
    }
}

#[cfg(test)]
mod tests {
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
}
