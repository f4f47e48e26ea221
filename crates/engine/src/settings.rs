//! Settings: what activating a role asks for.

use pimento_domain::{Caller, Denied, Role, RoleId, Settings, SettingsUpdate, rules};
use pimento_store::{Change, Loaded, Wanted};

use crate::decide::{Decision, administered_by, administrators};
use crate::roles::{role_in, stored};
use crate::{Engine, Error};

impl Engine {
    /// The settings of one role.
    ///
    /// # Errors
    /// [`Denied::NotFound`] for an unknown role, and the store's own.
    pub async fn get_role_settings(
        &self,
        caller: &Caller,
        role: RoleId,
    ) -> Result<(Role, Settings), Error> {
        let wanted = Wanted {
            settings: Some(role),
            role: stored(role),
            ..Wanted::default()
        };
        let loaded = self.store.load(&caller.tenant, &wanted).await?;
        let role = role_in(&loaded, role).ok_or(Denied::NotFound)?;
        let unchanged = || Settings::of(&role);
        let settings = loaded.settings.unwrap_or_else(unchanged);
        Ok((role, settings))
    }

    /// Changes the settings of one role; what the update leaves out keeps its value.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::update_role_settings`] say, and the store's own.
    pub async fn update_role_settings(
        &self,
        caller: &Caller,
        role: RoleId,
        update: &SettingsUpdate,
    ) -> Result<(), Error> {
        self.decide(caller, &wanted_to_update(role), |loaded| {
            decide_update(loaded, caller, role, update)
        })
        .await
    }
}

/// What a change of a role's settings is decided on.
pub(crate) fn wanted_to_update(role: RoleId) -> Wanted {
    Wanted {
        settings: Some(role),
        administrators: administered_by(role),
        role: stored(role),
        ..Wanted::default()
    }
}

pub(crate) fn decide_update(
    loaded: &Loaded,
    caller: &Caller,
    role: RoleId,
    update: &SettingsUpdate,
) -> Result<Decision<()>, Denied> {
    let role = &role_in(loaded, role).ok_or(Denied::NotFound)?;
    let old = loaded
        .settings
        .clone()
        .unwrap_or_else(|| Settings::of(role));
    let administrators = administrators(loaded, old.clone());
    let new = rules::update_role_settings(loaded.now, role, &old, &administrators, caller, update)?;
    let change = new.map(|(new, events)| {
        let settings = Change::Settings(role.id, new);
        let changes =
            std::iter::once(settings).chain(administered_by(role.id).map(Change::Administrators));
        (changes.collect(), events)
    });
    Ok(Decision { change, answer: () })
}
