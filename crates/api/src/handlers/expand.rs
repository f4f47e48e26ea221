//! What comes with entities in an answer because it was expanded: read as it would be by itself, and each role once.

use std::collections::BTreeMap;

use pimento_domain::{Caller, Denied, Instant, Request, Role, RoleId};
use pimento_engine::Error;
use pimento_odata::query::{MAX_PAGE_SIZE, next_link};

use crate::App;
use crate::http::{Called, Selection};
use crate::problem::Problem;
use crate::query::types::ROLE;
use crate::query::{Related, Shape, Shaped, more_of, token};
use crate::wire;

/// Roles that come with what is about them.
#[derive(Default)]
pub(super) struct Roles(BTreeMap<RoleId, wire::Role>);

impl Roles {
    /// The role of this id, if it comes along.
    pub(super) fn get(&self, id: RoleId) -> Option<Box<wire::Role>> {
        self.0.get(&id).cloned().map(Box::new)
    }
}

/// What comes with approvals.
pub(super) struct WithApprovals {
    roles: Roles,
    /// The requests come along, and these roles with them.
    requests: Option<Roles>,
}

impl WithApprovals {
    /// The approval of a request as it is at `now`, with what comes along; `None` where the request needs none.
    pub(super) fn shown(
        &self,
        request: &Request,
        now: Instant,
        context: Option<String>,
    ) -> Option<wire::Approval> {
        let with_role = |roles: &Roles| wire::Request {
            role_info: roles.get(request.role),
            ..wire::Request::new(request, now, None)
        };
        Some(wire::Approval {
            role_info: self.roles.get(request.role),
            request: self.requests.as_ref().map(with_role).map(Box::new),
            ..wire::Approval::new(request, now, context)?
        })
    }
}

/// The roles of these ids, if the shape of what is about them expands them.
pub(super) async fn roles(
    app: &App,
    caller: &Caller,
    shape: &Shape,
    ids: impl Iterator<Item = RoleId>,
) -> Result<Roles, Problem> {
    match shape.expanding(&Related::Role) {
        Some(shape) => roles_of(app, caller, shape, ids).await,
        None => Ok(Roles::default()),
    }
}

/// What the shape expands of approvals that are about the roles of these ids.
pub(super) async fn approvals(
    app: &App,
    caller: &Caller,
    shape: &Shape,
    ids: impl Iterator<Item = RoleId> + Clone,
) -> Result<WithApprovals, Problem> {
    let requests = match shape.expanding(&Related::Request) {
        Some(shape) => Some(roles(app, caller, shape, ids.clone()).await?),
        None => None,
    };
    Ok(WithApprovals {
        roles: roles(app, caller, shape, ids).await?,
        requests,
    })
}

/// The roles of these ids, those included that were removed, with what the shape expands of them.
pub(super) async fn roles_of(
    app: &App,
    caller: &Caller,
    shape: &Shape,
    ids: impl Iterator<Item = RoleId>,
) -> Result<Roles, Problem> {
    let mut ids: Vec<RoleId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let named = app.engine.named_roles(caller, ids.iter().copied()).await?;
    let mut found = BTreeMap::new();
    for id in ids {
        if let Some(role) = named.get(id) {
            let mut shown = wire::Role::new(role, None);
            expand_role(app, caller, shape, id, &mut shown).await?;
            found.insert(id, shown);
        }
    }
    Ok(Roles(found))
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
    expand_assignments(app, caller, called, &shape, role.id, &mut shown).await?;
    if shown.summary.is_some() {
        shown.summary_context = called.entity(&format!("{place}/summary"));
    }
    Ok(Shaped::new(shown, shape))
}

/// Puts into the roles of a page what the shape expands of them; and leaves out the last ones where the first bring as many
/// assignments as a page may have.
pub(super) async fn page_of_roles(
    app: &App,
    caller: &Caller,
    called: &Called,
    shape: &Shape,
    page: &mut Vec<(RoleId, wire::Role)>,
) -> Result<(), Problem> {
    let (mut shown, mut brought) = (0, 0);
    for (id, role) in page.iter_mut() {
        if MAX_PAGE_SIZE <= brought {
            break;
        }
        expand_role(app, caller, shape, *id, role).await?;
        expand_assignments(app, caller, called, shape, *id, role).await?;
        brought += role.assignments.as_ref().map_or(0, Vec::len);
        shown += 1;
    }
    page.truncate(shown);
    Ok(())
}

/// Puts into a role the single entities that the shape expands of it.
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
            // Lists come only with roles that the answer is of. Nothing that a role leads to leads to another role, or to a
            // request.
            Related::Assignments(..) | Related::Role | Related::Request => {}
        }
    }
    Ok(())
}

/// Puts into a role the assignments that the shape expands of it, and where they go on.
async fn expand_assignments(
    app: &App,
    caller: &Caller,
    called: &Called,
    shape: &Shape,
    id: RoleId,
    role: &mut wire::Role,
) -> Result<(), Problem> {
    for expanded in &shape.expand {
        let Related::Assignments(query, more) = &expanded.related else {
            continue;
        };
        let found = app.engine.list_role_assignments(caller, id, query).await;
        let Some(found) = there(found)? else {
            continue;
        };
        let assignment = |one| wire::Assignment::new(one, None);
        role.assignments = Some(found.assignments.iter().map(assignment).collect());
        role.assignments_count = found
            .total
            .map(|total| i64::try_from(total).unwrap_or(i64::MAX));
        if let (Some(options), Some(next)) = (more, &found.next) {
            let all = called.at(&more_of(id, options));
            role.assignments_next_link = Some(next_link(&all, &token(next), MAX_PAGE_SIZE));
        }
    }
    Ok(())
}

async fn settings(
    app: &App,
    caller: &Caller,
    id: RoleId,
) -> Result<Option<wire::Settings>, Problem> {
    let found = there(app.engine.get_role_settings(caller, id).await)?;
    Ok(found.map(|(role, settings)| wire::Settings::new(&role, &settings, None)))
}

async fn summary(app: &App, caller: &Caller, id: RoleId) -> Result<Option<wire::Summary>, Problem> {
    let found = there(app.engine.get_role_summary(caller, id).await)?;
    Ok(found.map(|summary| wire::Summary::new(&summary, None)))
}

/// A role that was removed is named where it was, but has nothing any more.
fn there<T>(found: Result<T, Error>) -> Result<Option<T>, Problem> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Denied(Denied::NotFound)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
