//! What a store says of a tenant, all together, to be compared with what another one says.

use futures::executor::block_on;
use pimento_domain::{Request, Role, RoleId, RoleName, Status, TenantId};
use pimento_store::seal::{Head, Link};
use pimento_store::{
    AssignmentQuery, Condition, Direction, DueHolding, Loaded, OperationPage, Order, Page,
    RecordedEvent, RequestField, RequestQuery, RolePage, RoleQuery, Store, StoreError, Total,
    Wanted,
};

use crate::operations::operations;
use crate::work::{PEOPLE, ROLE, at, own_id, person};

/// All that a store says of a tenant's rows, without the time and the revisions.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    page: Page,
    loaded: Vec<Loaded>,
    requests: Vec<Vec<Request>>,
    operations: Vec<OperationPage>,
    due: Vec<DueHolding>,
    approves: Vec<RoleId>,
    roles: (Vec<Role>, RolePage),
    tail: SeenTail,
}

/// Whether the tenant waits for seals, its newest head and what comes after it, whatever the salts are, and its links.
type SeenTail = (bool, Option<Head>, Vec<RecordedEvent>, Vec<Link>);

fn seen_tail(store: &dyn Store, tenant: &TenantId) -> Result<SeenTail, StoreError> {
    let waiting = block_on(store.unsealed(None, 9))?;
    let tail = block_on(store.tail(tenant, 1_000))?;
    let events = tail.events.into_iter().map(|event| event.recorded);
    let links = block_on(store.links(tenant, 0, 1_000))?;
    Ok((waiting.contains(tenant), tail.head, events.collect(), links))
}

/// The roles by their ids, and those that are there.
fn seen_roles(store: &dyn Store, tenant: &TenantId) -> Result<(Vec<Role>, RolePage), StoreError> {
    let ids: Vec<RoleId> = (0..4).map(own_id).collect();
    let all = RoleQuery {
        total: Total::Count,
        ..RoleQuery::everything()
    };
    let roles = block_on(store.roles(tenant, &ids))?;
    Ok((roles, block_on(store.list_roles(tenant, &all))?))
}

impl Seen {
    pub(crate) fn of(store: &dyn Store, tenant: &TenantId) -> Result<Self, StoreError> {
        let query = AssignmentQuery {
            total: Total::Count,
            ..AssignmentQuery::everything()
        };
        let page = block_on(store.list_assignments(tenant, &query))?;
        let loaded = (0..PEOPLE).map(|number| {
            let wanted = Wanted {
                holding: Some((person(number), ROLE)),
                request: None,
                settings: Some(ROLE),
                administrators: Some(ROLE),
                role: Some(own_id(number)),
                role_name: RoleName::parse(&format!("role {number}")).ok(),
                uses: Some(ROLE),
            };
            let loaded = block_on(store.load(tenant, &wanted))?;
            Ok(Loaded {
                now: at(0),
                expected: Vec::new(),
                ..loaded
            })
        });
        let mut requests = Vec::new();
        let parts = [
            Condition::EVERYTHING,
            Condition::made_by(&person(0)),
            Condition::about(&person(0)),
            Condition::about_role(ROLE),
            Condition::equal(
                RequestField::Status,
                RequestField::status(Status::Scheduled),
            ),
        ];
        for part in parts {
            for filter in [part.clone(), part.and(Condition::with_approval())] {
                for field in [
                    RequestField::Id,
                    RequestField::Requested,
                    RequestField::Start,
                ] {
                    let query = RequestQuery {
                        filter: filter.clone(),
                        order: Order::by(&[(field, Direction::Descending)]),
                        total: Total::Count,
                        ..RequestQuery::everything()
                    };
                    requests.push(block_on(store.list_requests(tenant, &query))?.requests);
                }
            }
        }
        Ok(Self {
            loaded: loaded.collect::<Result<_, StoreError>>()?,
            page: Page { now: at(0), ..page },
            requests,
            operations: operations(store, tenant)?,
            due: block_on(store.due(1_000))?,
            approves: block_on(store.approver_of(tenant, &person(0)))?,
            roles: seen_roles(store, tenant)?,
            tail: seen_tail(store, tenant)?,
        })
    }
}
