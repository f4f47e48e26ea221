//! Who sees what: readers everything of their tenant, everybody their own assignments and the roles of those.

use super::is_approver;
use crate::{Caller, Denied, Holding, Instant, PrincipalId, Request, Settings, role};

/// Whether the caller may see what concerns this principal.
pub fn see_principal(caller: &Caller, principal: &PrincipalId) -> Result<(), Denied> {
    if caller.is_reader() || caller.principal == *principal {
        Ok(())
    } else {
        Err(Denied::RoleMissing(&role::READERS))
    }
}

/// Whether the caller may see a request about a role with these settings: readers, whoever asked, whoever it is about, and
/// whoever may decide about it.
pub fn see_request(caller: &Caller, settings: &Settings, request: &Request) -> Result<(), Denied> {
    let is_own = [&request.requestor, &request.principal].contains(&&caller.principal);
    let decides = request.approval.is_some() && is_approver(settings, caller);
    if caller.is_reader() || is_own || decides {
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
