//! Who sees what: readers everything of their tenant, everybody their own assignments and the roles of those.

use crate::{Caller, Denied, Holding, Instant, PrincipalId, role};

/// Whether the caller may see what concerns this principal.
pub fn see_principal(caller: &Caller, principal: &PrincipalId) -> Result<(), Denied> {
    if caller.is_reader() || caller.principal == *principal {
        Ok(())
    } else {
        Err(Denied::RoleMissing(&role::READERS))
    }
}

/// Whether the caller may see a role of which `own` is their own holding.
pub fn see_role(caller: &Caller, own: &Holding, now: Instant) -> Result<(), Denied> {
    let holds = own.principal == caller.principal && own.state(now).is_some();
    if caller.is_reader() || holds {
        Ok(())
    } else {
        Err(Denied::RoleMissing(&role::READERS))
    }
}
