//! An administrator changes what activating a role asks for.

use super::Administrators;
use super::guard::keep_an_administrator_under;
use crate::event::{Actor, After, Event, EventKind, Events};
use crate::{Caller, Denied, Instant, Role, Settings, SettingsUpdate, role};

/// The settings after an update, and the event; `None` where nothing differs.
pub fn update_role_settings(
    now: Instant,
    role: &Role,
    settings: &Settings,
    administrators: &Administrators,
    caller: &Caller,
    update: &SettingsUpdate,
) -> Result<Option<(Settings, Events)>, Denied> {
    let new = settings.updated(role, update)?;
    if role.id == role::PRIVILEGED_ROLE_ADMINISTRATOR {
        keep_an_administrator_under(administrators, &new, now)?;
    }
    if new == *settings {
        return Ok(None);
    }
    let actor = Actor::Principal(caller.principal.clone());
    let after = After::Settings(new.clone());
    let event = Event {
        role: Some(role.id),
        ..Event::new(now, EventKind::ChangeSettings, actor, after)
    };
    Ok(Some((new, Events::new(Vec::new(), event))))
}
