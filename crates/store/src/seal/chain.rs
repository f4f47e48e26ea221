//! Making the chain longer.

use pimento_domain::{EventKind, Instant, TenantId};

use super::{Hash, Head, NO_SEAL, Salt, SealKey, digest, payload, seal};
use crate::RecordedEvent;

/// An event with the salt of its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salted {
    /// The salt.
    pub salt: Salt,
    /// The event.
    pub recorded: RecordedEvent,
}

/// The end of a log, as far as it has no seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The newest head; `None` where nothing is sealed.
    pub head: Option<Head>,
    /// The events after it, oldest first; as many as were asked for.
    pub events: Vec<Salted>,
}

/// The digest and the seal of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The event's sequence number.
    pub sequence: u64,
    /// Its digest.
    pub digest: Hash,
    /// Its seal.
    pub seal: Hash,
}

/// Some links that make a chain longer, and its new head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The newest event that had a seal before; 0 where none had.
    pub after: u64,
    /// The links, without a gap: at least one.
    pub links: Vec<Link>,
    /// The head: of the last of them.
    pub head: Head,
}

/// Why a log is not sealed any further. Whoever sealed on all the same would sign what somebody else has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The event of this sequence number is not there, though later ones are.
    #[error("the log lacks event {0}")]
    Gap(u64),
    /// It says of another event that it was erased. Whoever erases seals that in the same transaction.
    #[error(
        "event {0} says that another one was erased and has no seal: it was not written by `audit erase`"
    )]
    Erasure(u64),
    /// The newest head is not one that was signed with this key.
    #[error("the newest head, at event {0}, is forged, or was signed with another key")]
    Head(u64),
    /// What is remembered of the log is no longer so.
    #[error(
        "the log no longer holds what was sealed up to event {0}: it was changed, cut off, or is an older copy"
    )]
    Lost(u64),
}

/// Seals all of this tail; `None` where there is nothing to seal.
///
/// # Errors
/// [`Unfit`] where its events do not follow on the head and on each other, or one says that another was erased.
pub fn extend(
    tenant: &TenantId,
    tail: &Tail,
    now: Instant,
    key: &SealKey,
) -> Result<Option<Sealed>, Unfit> {
    let mut events = tail.events.iter().map(|event| &event.recorded);
    match events.find(|recorded| recorded.event.kind == EventKind::Erase) {
        Some(erasure) => Err(Unfit::Erasure(erasure.sequence)),
        None => extend_by_erasures(tenant, tail, now, key),
    }
}

/// The same for a tail in which events say that others were erased: for the transaction that erases these.
///
/// # Errors
/// [`Unfit`] where its events do not follow on the head and on each other.
pub fn extend_by_erasures(
    tenant: &TenantId,
    tail: &Tail,
    now: Instant,
    key: &SealKey,
) -> Result<Option<Sealed>, Unfit> {
    let (after, mut before) = match &tail.head {
        None => (0, NO_SEAL),
        Some(head) => (head.sequence, head.seal),
    };
    let mut links = Vec::with_capacity(tail.events.len());
    for (event, expected) in tail.events.iter().zip(after + 1..) {
        let sequence = event.recorded.sequence;
        if sequence != expected {
            return Err(Unfit::Gap(expected));
        }
        let digest = digest(&event.salt, payload(&event.recorded).as_bytes());
        before = seal(tenant, &before, sequence, &digest);
        links.push(Link {
            sequence,
            digest,
            seal: before,
        });
    }
    let head = links
        .last()
        .map(|last: &Link| Head::sign(tenant, last.sequence, last.seal, now, key));
    Ok(head.map(|head| Sealed { after, links, head }))
}
