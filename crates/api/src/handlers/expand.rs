//! What comes with entities in an answer because it was expanded: read as it would be by itself, and each role once.

use std::collections::BTreeMap;

use pimento_domain::{Caller, Denied, Role, RoleId};
use pimento_engine::Error;
use pimento_store::AssignmentQuery;

use crate::App;
use crate::access::may_also;
use crate::http::{Called, Selection};
use crate::problem::Problem;
use crate::query::types::ROLE;
use crate::query::{Related, Shape, Shaped};
use crate::wire;

/// Puts the roles of assignments into them, where the shape expands that.
pub(super) async fn assignments(
    app: &App,
    caller: &Caller,
    shape: &Shape,
    shown: &mut [wire::Assignment],
) -> Result<(), Problem> {
    let Some(expanded) = shape.expand.first() else {
        return Ok(());
    };
    let ids = shown.iter().filter_map(|one| one.role_id.parse().ok());
    let found = roles_of(app, caller, &expanded.shape, ids).await?;
    for one in shown {
        let role = one
            .role_id
            .parse()
            .ok()
            .and_then(|id: RoleId| found.get(&id));
        one.role_info = role.cloned().map(Box::new);
    }
    Ok(())
}

/// The roles of these ids, those included that were removed, with what the shape expands of them.
async fn roles_of(
    app: &App,
    caller: &Caller,
    shape: &Shape,
    ids: impl Iterator<Item = RoleId>,
) -> Result<BTreeMap<RoleId, wire::Role>, Problem> {
    let mut ids: Vec<RoleId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let named = app.engine.named_roles(caller, ids.iter().copied()).await?;
    let known = ids.into_iter().filter_map(|id| Some((id, named.get(id)?)));
    let mut found: BTreeMap<RoleId, wire::Role> = known
        .map(|(id, role)| (id, wire::Role::new(role, None)))
        .collect();
    for (id, role) in &mut found {
        expand_role(app, caller, shape, *id, role).await?;
    }
    Ok(found)
}

/// A role at the top of an answer, with what is to come with it. Its context is `set`, and that of what is its own begins
/// with `place`.
pub(super) async fn role(
    app: &App,
    caller: &Caller,
    called: &Called,
    [set, place]: [&str; 2],
    selection: &Selection,
    role: &Role,
) -> Result<Shaped<wire::Role>, Problem> {
    let shape = selection.shape(&ROLE)?;
    let mut shown = wire::Role::new(role, called.entity(&shape.context(set)));
    expand_role(app, caller, &shape, role.id, &mut shown).await?;
    if shown.summary.is_some() {
        shown.summary_context = called.entity(&format!("{place}/summary"));
    }
    Ok(Shaped::entity(shown, shape))
}

/// Puts into a role what the shape expands of it.
async fn expand_role(
    app: &App,
    caller: &Caller,
    shape: &Shape,
    id: RoleId,
    role: &mut wire::Role,
) -> Result<(), Problem> {
    for expanded in &shape.expand {
        match &expanded.related {
            Related::Settings => role.settings = settings(app, caller, id).await?,
            Related::Summary => role.summary = summary(app, caller, id).await?,
            Related::Assignments(query) => {
                let Some(found) = holders(app, caller, id, query).await? else {
                    continue;
                };
                let assignment = |one| wire::Assignment::new(one, None);
                role.assignments = Some(found.assignments.iter().map(assignment).collect());
                role.assignments_count = found
                    .total
                    .map(|total| i64::try_from(total).unwrap_or(i64::MAX));
            }
            // Nothing that a role leads to leads to another role.
            Related::Role => {}
        }
    }
    Ok(())
}

async fn settings(
    app: &App,
    caller: &Caller,
    id: RoleId,
) -> Result<Option<wire::Settings>, Problem> {
    may_also(caller, "get_role_settings")?;
    let found = there(app.engine.get_role_settings(caller, id).await)?;
    Ok(found.map(|(role, settings)| wire::Settings::new(&role, &settings, None)))
}

async fn summary(app: &App, caller: &Caller, id: RoleId) -> Result<Option<wire::Summary>, Problem> {
    may_also(caller, "get_role_summary")?;
    let found = there(app.engine.get_role_summary(caller, id).await)?;
    Ok(found.map(|summary| wire::Summary::new(&summary, None)))
}

async fn holders(
    app: &App,
    caller: &Caller,
    id: RoleId,
    query: &AssignmentQuery,
) -> Result<Option<pimento_engine::Assignments>, Problem> {
    may_also(caller, "list_role_assignments")?;
    there(app.engine.list_role_assignments(caller, id, query).await)
}

/// A role that was removed is named where it was, but has nothing any more.
fn there<T>(found: Result<T, Error>) -> Result<Option<T>, Problem> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Denied(Denied::NotFound)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
