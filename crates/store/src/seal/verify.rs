//! Checking a chain: entry after entry, whatever its length, until the first one that is broken.

use pimento_domain::{EventKind, Instant, TenantId};

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
    /// An erasure without a seal, which no Pimento leaves.
    #[error(
        "the event says that another one was erased and has no seal: it was not written by `audit erase`"
    )]
    Erasure,
    /// A registered tenant without an event.
    #[error("the tenant is registered, and nothing is left of its log")]
    Gone,
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
            Content::There(event) if event.recorded.event.kind == EventKind::Erase => {
                Err(self.broken(entry.sequence, Fault::Erasure))
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
mod tests;
