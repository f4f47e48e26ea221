//! Making the chain longer.

use pimento_domain::{Instant, TenantId};

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

/// A log in which the event of this sequence number is not there, though later ones are. It is not sealed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log lacks event {0}")]
pub struct Gap(pub u64);

/// Seals all of this tail; `None` where there is nothing to seal.
///
/// # Errors
/// [`Gap`] where its events do not follow on the head and on each other.
pub fn extend(
    tenant: &TenantId,
    tail: &Tail,
    now: Instant,
    key: &SealKey,
) -> Result<Option<Sealed>, Gap> {
    let (after, mut before) = match &tail.head {
        None => (0, NO_SEAL),
        Some(head) => (head.sequence, head.seal),
    };
    let mut links = Vec::with_capacity(tail.events.len());
    for (event, expected) in tail.events.iter().zip(after + 1..) {
        let sequence = event.recorded.sequence;
        if sequence != expected {
            return Err(Gap(expected));
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
