//! What comes due by itself: seen at its instant whether or not the job that records it runs, and recorded once and in order
//! whatever happens to the job.

mod cut_off;
mod unrecorded;
mod very_many;

use pimento_domain::{
    Actor, After, Cause, Event, EventKind, Events, Grant, Instant, Kind, Origin, PrincipalId,
    RoleId, TenantId, Uuid,
};
use pimento_store::{Change, Changeset, Store};
use pimento_testkit::DEMO_TENANT;
use pimento_testkit::role::APPLICATION_ADMINISTRATOR;

fn tenant() -> TenantId {
    DEMO_TENANT.parse().unwrap()
}

fn role() -> RoleId {
    APPLICATION_ADMINISTRATOR.parse().unwrap()
}

/// Somebody of many.
fn somebody(number: usize) -> PrincipalId {
    format!("p{number:07}").parse().unwrap()
}

/// A change of the demo tenant with an event that tells of nothing.
pub(crate) fn changeset(now: Instant, changes: Vec<Change>) -> Changeset {
    let after = After::Assignment(None);
    let event = Event {
        role: Some(role()),
        ..Event::new(now, EventKind::Assign, Actor::Pimento, after)
    };
    Changeset {
        tenant: tenant(),
        expected: Vec::new(),
        changes,
        events: Events::new(Vec::new(), event),
        cause: Cause {
            operation: "create_assignment".into(),
            request: Uuid::nil(),
            client_request: None,
        },
    }
}

/// Gives so many people the role until the instants that this says.
async fn give(store: &dyn Store, people: usize, until: impl Fn(usize) -> Instant) {
    give_role(store, role(), people, until).await;
}

/// The same of any role, a thousand at once.
pub(crate) async fn give_role(
    store: &dyn Store,
    role: RoleId,
    people: usize,
    until: impl Fn(usize) -> Instant,
) {
    let now = store.clock().now();
    let numbers: Vec<usize> = (0..people).collect();
    for some in numbers.chunks(1000) {
        let grant = |number: usize| Grant {
            kind: Kind::Active,
            start: now,
            end: Some(until(number)),
            origin: Origin::Administrator,
        };
        let hold = |number: &usize| Change::Holding(somebody(*number), role, vec![grant(*number)]);
        let all = some.iter().map(hold).collect();
        store.commit(changeset(now, all)).await.unwrap();
    }
}
