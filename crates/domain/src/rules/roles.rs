//! An administrator makes, renames and removes the roles of the tenant's own.

use crate::event::{Actor, After, Event, EventKind, Events};
use crate::{Caller, Denied, Instant, Role, RoleId, RoleKind, RoleName, Uses, role};

/// The new role and its event. `named` is the tenant's own role that has the name now, if one has.
pub fn create_role(
    now: Instant,
    id: RoleId,
    name: &RoleName,
    named: Option<&Role>,
    caller: &Caller,
) -> Result<(Role, Events), Denied> {
    name_is_free(id, name, named)?;
    let after = After::Role(name.clone());
    let events = event(now, EventKind::CreateRole, id, caller, after);
    Ok((Role::own(id, name.clone()), events))
}

/// The role with its new name and the event; `None` where it has that name already. `named` as in [`create_role`].
pub fn update_role(
    now: Instant,
    role: &Role,
    name: &RoleName,
    named: Option<&Role>,
    caller: &Caller,
) -> Result<Option<(Role, Events)>, Denied> {
    is_own(role)?;
    if role.name == *name {
        return Ok(None);
    }
    name_is_free(role.id, name, named)?;
    let after = After::Role(name.clone());
    let events = event(now, EventKind::RenameRole, role.id, caller, after);
    Ok(Some((Role::own(role.id, name.clone()), events)))
}

/// The event of a removal. Nothing is taken from anybody: a role that is used stays.
pub fn delete_role(
    now: Instant,
    role: &Role,
    uses: Uses,
    caller: &Caller,
) -> Result<Events, Denied> {
    is_own(role)?;
    if !uses.is_none() {
        return Err(Denied::RoleInUse(uses));
    }
    let removed = After::RoleRemoved;
    Ok(event(now, EventKind::RemoveRole, role.id, caller, removed))
}

fn is_own(role: &Role) -> Result<(), Denied> {
    match role.kind {
        RoleKind::Own => Ok(()),
        RoleKind::BuiltIn => Err(Denied::RoleIsBuiltIn),
        RoleKind::Removed => Err(Denied::NotFound),
    }
}

/// Whether no role but the one of this id has the name.
fn name_is_free(id: RoleId, name: &RoleName, named: Option<&Role>) -> Result<(), Denied> {
    match role::find_named(name).or(named) {
        Some(other) if other.id != id => Err(Denied::RoleNameTaken(other.id)),
        _ => Ok(()),
    }
}

fn event(now: Instant, kind: EventKind, role: RoleId, caller: &Caller, after: After) -> Events {
    let actor = Actor::Principal(caller.principal.clone());
    let event = Event {
        role: Some(role),
        ..Event::new(now, kind, actor, after)
    };
    Events::new(Vec::new(), event)
}
