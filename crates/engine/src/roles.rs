//! Roles: the built-in ones and a tenant's own.

use std::collections::{BTreeMap, BTreeSet};

use pimento_domain::{
    AssignmentId, Caller, Denied, Holders, Role, RoleId, RoleName, SummaryVerdict, role, rules,
};
use pimento_store::{Change, Loaded, Position, RoleField, RoleQuery, Wanted};

use crate::decide::Decision;
use crate::{Engine, Error};

/// One page of roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// In the order of the query.
    pub roles: Vec<Role>,
    /// Where the next page starts.
    pub next: Option<Position>,
    /// How many there are on all pages, where that was asked for.
    pub total: Option<u64>,
}

impl Roles {
    /// The page with no more than the first few of its roles: the next one begins after those.
    #[must_use]
    pub fn first(mut self, count: usize, query: &RoleQuery) -> Self {
        if count < self.roles.len() {
            self.roles.truncate(count);
            self.next = self.roles.last().map(|role| place(query, role));
        }
        self
    }
}

/// What a role amounts to at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The role.
    pub role: RoleId,
    /// Who holds it.
    pub holders: Holders,
    /// Whether that is as it should be.
    pub verdict: SummaryVerdict,
    /// Whether activating it needs MFA.
    pub mfa: bool,
}

/// Some roles by their ids, those included that were removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedRoles(BTreeMap<RoleId, Role>);

impl NamedRoles {
    /// The role of this id; `None` where the tenant never had one, or it was not asked for.
    pub fn get(&self, id: RoleId) -> Option<&Role> {
        role::find(id).or_else(|| self.0.get(&id))
    }
}

/// The role of this id as the store is asked for it: the built-in ones are in no store.
pub(crate) fn stored(id: RoleId) -> Option<RoleId> {
    role::find(id).is_none().then_some(id)
}

/// The role of this id, of what was loaded by [`stored`]; also where it was removed.
pub(crate) fn role_or_removed(loaded: &Loaded, id: RoleId) -> Option<Role> {
    role::find(id).or(loaded.role.as_ref()).cloned()
}

/// The role of this id, of what was loaded by [`stored`].
pub(crate) fn role_in(loaded: &Loaded, id: RoleId) -> Option<Role> {
    role_or_removed(loaded, id).filter(Role::is_there)
}

fn place(query: &RoleQuery, role: &Role) -> Position {
    query.order.position(|field: RoleField| field.value(role))
}

/// Two lists in the order of a query as one.
fn merged(query: &RoleQuery, one: Vec<Role>, other: Vec<Role>) -> Vec<Role> {
    let roles = one.into_iter().chain(other);
    let mut placed: Vec<_> = roles.map(|role| (place(query, &role), role)).collect();
    placed.sort_by(|(one, _), (other, _)| query.order.compare(one, other));
    placed.into_iter().map(|(_, role)| role).collect()
}

impl Engine {
    /// The roles of the caller's tenant, a page of them: the built-in ones and its own.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list_roles(&self, caller: &Caller, query: &RoleQuery) -> Result<Roles, Error> {
        let all_of_them = RoleQuery {
            skip: 0,
            limit: usize::MAX,
            ..query.clone()
        };
        let built_in = all_of_them.select(role::catalogue().iter().cloned(), |role, field| {
            field.value(role)
        });
        // Of what is skipped of both together, no more than all the built-in ones are not the tenant's own.
        let skipped = query.skip.saturating_sub(built_in.rows.len());
        let left = query.skip - skipped;
        let own = RoleQuery {
            skip: skipped,
            limit: query.limit.saturating_add(left),
            ..query.clone()
        };
        let own = self.store.list_roles(&caller.tenant, &own).await?;
        let mut roles = merged(query, built_in.rows, own.roles);
        roles.drain(..left.min(roles.len()));
        let more = own.more || query.limit < roles.len();
        roles.truncate(query.limit);
        let last = roles.last().filter(|_| more);
        Ok(Roles {
            next: last.map(|role| place(query, role)),
            roles,
            total: own.total.zip(built_in.total).map(|(own, rest)| own + rest),
        })
    }

    /// The roles of these ids, those included that were removed: what the log and old requests name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn named_roles(
        &self,
        caller: &Caller,
        ids: impl IntoIterator<Item = RoleId>,
    ) -> Result<NamedRoles, Error> {
        let ids: BTreeSet<RoleId> = ids.into_iter().filter_map(stored).collect();
        if ids.is_empty() {
            return Ok(NamedRoles::default());
        }
        let ids: Vec<RoleId> = ids.into_iter().collect();
        let own = self.store.roles(&caller.tenant, &ids).await?;
        let by_id = own.into_iter().map(|role| (role.id, role));
        Ok(NamedRoles(by_id.collect()))
    }

    /// Makes a role of the tenant's own.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::create_role`] say, and the store's own.
    pub async fn create_role(
        &self,
        caller: &Caller,
        id: RoleId,
        name: &RoleName,
    ) -> Result<Role, Error> {
        let wanted = Wanted {
            role: Some(id),
            role_name: Some(name.clone()),
            ..Wanted::default()
        };
        self.decide(caller, &wanted, |loaded| {
            let named = loaded.named.as_ref();
            let (role, events) = rules::create_role(loaded.now, id, name, named, caller)?;
            let change = Change::Role(role.id, role.name.clone());
            Ok(Decision {
                change: Some((vec![change], events)),
                answer: role,
            })
        })
        .await
    }

    /// Gives a role of the tenant's own another name.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::update_role`] say, and the store's own.
    pub async fn update_role(
        &self,
        caller: &Caller,
        id: RoleId,
        name: &RoleName,
    ) -> Result<Role, Error> {
        let wanted = Wanted {
            role: stored(id),
            role_name: Some(name.clone()),
            ..Wanted::default()
        };
        self.decide(caller, &wanted, |loaded| {
            let role = role_in(loaded, id).ok_or(Denied::NotFound)?;
            let named = loaded.named.as_ref();
            let renamed = rules::update_role(loaded.now, &role, name, named, caller)?;
            let (answer, change) = match renamed {
                None => (role, None),
                Some((renamed, events)) => {
                    let change = Change::Role(id, renamed.name.clone());
                    (renamed, Some((vec![change], events)))
                }
            };
            Ok(Decision { change, answer })
        })
        .await
    }

    /// Removes a role of the tenant's own that nobody has or asks for. Its settings go with it.
    ///
    /// # Errors
    /// [`Denied`] as the rules of [`rules::delete_role`] say, and the store's own.
    pub async fn delete_role(&self, caller: &Caller, id: RoleId) -> Result<(), Error> {
        let wanted = Wanted {
            role: stored(id),
            uses: stored(id),
            ..Wanted::default()
        };
        self.decide(caller, &wanted, |loaded| {
            let role = role_in(loaded, id).ok_or(Denied::NotFound)?;
            let events = rules::delete_role(loaded.now, &role, loaded.uses, caller)?;
            Ok(Decision {
                change: Some((vec![Change::RemoveRole(id)], events)),
                answer: (),
            })
        })
        .await
    }

    /// How many hold a role and how many of them hold it now, with its settings.
    ///
    /// # Errors
    /// [`Denied::NotFound`] for an unknown role, and the store's own.
    pub async fn get_role_summary(&self, caller: &Caller, role: RoleId) -> Result<Summary, Error> {
        let (role, settings) = self.get_role_settings(caller, role).await?;
        let holders = self.store.holders(&caller.tenant, role.id).await?;
        Ok(Summary {
            role: role.id,
            holders,
            verdict: holders.verdict(self.policy.summary_threshold),
            mfa: settings.mfa,
        })
    }

    /// One role.
    ///
    /// # Errors
    /// [`Denied::RoleMissing`] where it is not the caller's to see, [`Denied::NotFound`], and the store's own.
    pub async fn get_role(&self, caller: &Caller, role: RoleId) -> Result<Role, Error> {
        if !caller.is_reader() {
            let own = AssignmentId {
                principal: caller.principal.clone(),
                role,
            };
            let (holding, now) = self.holding(caller, &own).await?;
            rules::see_role(caller, &holding, now)?;
        }
        self.find_role(caller, role).await
    }

    pub(crate) async fn find_role(&self, caller: &Caller, id: RoleId) -> Result<Role, Error> {
        let roles = self.named_roles(caller, [id]).await?;
        let role = roles.get(id).filter(|role| role.is_there());
        Ok(role.cloned().ok_or(Denied::NotFound)?)
    }
}
