//! What a principal is in their tenant, for authorising a request.

use std::collections::BTreeSet;

use pimento_domain::{PrincipalId, RoleId, State, TenantId};
use pimento_store::Wanted;

use crate::{Engine, Error};

/// What a principal is in their tenant now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the tenant is registered.
    pub registered: bool,
    /// The roles the principal holds active.
    pub roles: BTreeSet<RoleId>,
}

impl Engine {
    /// Whether the tenant is registered, and which roles the principal holds active now.
    ///
    /// # Errors
    /// The store's own.
    pub async fn standing(
        &self,
        tenant: &TenantId,
        principal: &PrincipalId,
    ) -> Result<Standing, Error> {
        let loaded = self.store.load(tenant, &Wanted::default()).await?;
        let (now, holdings) = self.store.holdings_of(tenant, principal).await?;
        let active = holdings
            .iter()
            .filter(|holding| holding.state(now).is_some_and(State::is_active));
        Ok(Standing {
            registered: loaded.registered.is_some(),
            roles: active.map(|holding| holding.role).collect(),
        })
    }
}
