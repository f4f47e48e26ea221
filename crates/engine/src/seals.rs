//! Seals: what was committed gets its place in the tenant's chain, soon after and without anybody waiting for it.

use pimento_domain::TenantId;
use pimento_store::StoreError;
use pimento_store::seal::{SealKey, extend};

use crate::Engine;

/// How many tenants are asked for at once.
const TENANTS: usize = 64;

/// What one round of sealing came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealingRound {
    /// How many tenants had more events than one round seals.
    pub unfinished: usize,
    /// The tenants whose log was not sealed, and why. Theirs do not keep the others waiting.
    pub failed: Vec<(TenantId, StoreError)>,
}

impl Engine {
    /// Seals at most `limit` events of each tenant that has some without a seal, each tenant's in one transaction, and signs
    /// the new head of each.
    ///
    /// # Errors
    /// The store's own, where it cannot say who waits.
    pub async fn seal(&self, key: &SealKey, limit: usize) -> Result<SealingRound, StoreError> {
        let mut round = SealingRound::default();
        let mut last: Option<TenantId> = None;
        loop {
            let tenants = self.store.unsealed(last.as_ref(), TENANTS).await?;
            for tenant in &tenants {
                match self.seal_one(tenant, key, limit).await {
                    Ok(sealed) if sealed == limit => round.unfinished += 1,
                    // Another server has sealed them.
                    Ok(_) | Err(StoreError::Conflict) => {}
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
        limit: usize,
    ) -> Result<usize, StoreError> {
        let tail = self.store.tail(tenant, limit).await?;
        let now = self.store.clock().now();
        let sealed = extend(tenant, &tail, now, key);
        match sealed.map_err(|gap| StoreError::Corrupt(gap.to_string()))? {
            None => Ok(0),
            Some(sealed) => {
                let count = sealed.links.len();
                self.store.seal(sealed).await?;
                Ok(count)
            }
        }
    }
}
