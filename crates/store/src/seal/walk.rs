//! From a head that somebody remembers along the chain to the newest one: whether it is still the same chain.

use pimento_domain::TenantId;

use super::{Hash, Head, Link, NO_SEAL, PublicKey, Unfit, seal};

/// A walk along the links between two heads. Who remembers a head may have missed those after it, but nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    tenant: TenantId,
    remembered: u64,
    at: u64,
    seal: Hash,
    end: u64,
    expected: Hash,
}

impl Walk {
    /// Begins at what is remembered, if anything is, to end at the newest head of the log.
    ///
    /// # Errors
    /// [`Unfit`]: the log is shorter or another one, or its newest head was signed neither with this key nor with the one of
    /// the head that is remembered.
    pub fn begin(
        tenant: &TenantId,
        remembered: Option<&Head>,
        newest: Option<&Head>,
        key: PublicKey,
    ) -> Result<Self, Unfit> {
        let (at, seal) = remembered.map_or((0, NO_SEAL), |head| (head.sequence, head.seal));
        let (end, expected) = newest.map_or((0, NO_SEAL), |head| (head.sequence, head.seal));
        if end < at || (end == at && seal != expected) {
            return Err(Unfit::Lost(at));
        }
        let keys = [Some(key), remembered.map(|head| head.key)];
        let is_ours = |head: &&Head| head.is_genuine() && keys.contains(&Some(head.key));
        match newest {
            Some(head) if at < end && !is_ours(&head) => return Err(Unfit::Head(end)),
            _ => {}
        }
        // Where nothing is remembered, the head speaks for the links before it.
        let (at, seal) = if remembered.is_none() {
            (end, expected)
        } else {
            (at, seal)
        };
        Ok(Self {
            tenant: tenant.clone(),
            remembered: at,
            at,
            seal,
            end,
            expected,
        })
    }

    /// After which event it goes on; `None` where it has arrived.
    pub fn next(&self) -> Option<u64> {
        (self.at < self.end).then_some(self.at)
    }

    /// Goes along these links: at least one, the first of them after [`Walk::next`].
    ///
    /// # Errors
    /// [`Unfit::Lost`]: they do not lead from the one head to the other.
    pub fn step(&mut self, links: &[Link]) -> Result<(), Unfit> {
        let lost = Unfit::Lost(self.remembered);
        if links.is_empty() {
            return Err(lost);
        }
        for link in links {
            if self.at == self.end {
                break;
            }
            let found = seal(&self.tenant, &self.seal, self.at + 1, &link.digest);
            if link.sequence != self.at + 1 || link.seal != found {
                return Err(lost);
            }
            (self.at, self.seal) = (link.sequence, found);
        }
        match self.at == self.end && self.seal != self.expected {
            true => Err(lost),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
