//! Seals: what was committed gets its place in the tenant's chain, soon after and without anybody waiting for it.

use std::collections::BTreeMap;

use pimento_domain::TenantId;
use pimento_store::StoreError;
use pimento_store::seal::{Head, SealKey, Tail, Unfit, Walk, extend};

use crate::Engine;

/// How many tenants are asked for at once.
const TENANTS: usize = 64;

/// How many links are looked at at once where more than the last of them has to be.
const LINKS: usize = 1_024;

/// What one round of sealing came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealingRound {
    /// How many tenants got seals, and have a new head.
    pub sealed: usize,
    /// How many tenants had more events than one round seals.
    pub unfinished: usize,
    /// The tenants whose log was not sealed, and why. Theirs do not keep the others waiting.
    pub failed: Vec<(TenantId, SealingError)>,
}

/// Why a log was not sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    /// The store does not do it now.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log is not one to be sealed.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl Engine {
    /// Seals at most `limit` events of each tenant that has some without a seal, each tenant's in one transaction, and signs
    /// the new head of each. Only a log that still holds the head that is remembered of it gets seals; its new head is the one
    /// that is remembered then.
    ///
    /// # Errors
    /// The store's own, where it cannot say who waits.
    pub async fn seal(
        &self,
        key: &SealKey,
        remembered: &mut BTreeMap<TenantId, Head>,
        limit: usize,
    ) -> Result<SealingRound, StoreError> {
        let mut round = SealingRound::default();
        let mut last: Option<TenantId> = None;
        loop {
            let tenants = self.store.unsealed(last.as_ref(), TENANTS).await?;
            for tenant in &tenants {
                match self.seal_one(tenant, key, remembered, limit).await {
                    Ok(0) => {}
                    Ok(count) => {
                        round.sealed += 1;
                        round.unfinished += usize::from(count == limit);
                    }
                    // Another server has sealed them.
                    Err(SealingError::Store(StoreError::Conflict)) => {}
                    Err(error) => round.failed.push((tenant.clone(), error)),
                }
            }
            match tenants.last() {
                Some(tenant) if tenants.len() == TENANTS => last = Some(tenant.clone()),
                _ => return Ok(round),
            }
        }
    }

    /// How many it sealed.
    async fn seal_one(
        &self,
        tenant: &TenantId,
        key: &SealKey,
        remembered: &mut BTreeMap<TenantId, Head>,
        limit: usize,
    ) -> Result<usize, SealingError> {
        let tail = self.store.tail(tenant, limit).await?;
        self.walk(tenant, key, remembered.get(tenant), &tail)
            .await?;
        let now = self.store.clock().now();
        match extend(tenant, &tail, now, key)? {
            None => Ok(0),
            Some(sealed) => {
                let (count, head) = (sealed.links.len(), sealed.head.clone());
                self.store.seal(sealed).await?;
                remembered.insert(tenant.clone(), head);
                Ok(count)
            }
        }
    }

    /// Sees to it that the log still goes from what is remembered to its newest head.
    async fn walk(
        &self,
        tenant: &TenantId,
        key: &SealKey,
        remembered: Option<&Head>,
        tail: &Tail,
    ) -> Result<(), SealingError> {
        let mut walk = Walk::begin(tenant, remembered, tail.head.as_ref(), key.public_key())?;
        while let Some(after) = walk.next() {
            let links = self.store.links(tenant, after, LINKS).await?;
            walk.step(&links)?;
        }
        Ok(())
    }
}
