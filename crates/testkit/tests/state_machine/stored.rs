//! What a store keeps of a tenant, and how a test puts something there that no command makes.

use pimento_domain::{
    Actor, After as DomainAfter, Cause, Event, EventKind, Events, Justification, TenantId, Uuid,
};
use pimento_store::{Change, Changeset, RequestQuery, RoleQuery, Store, Wanted};

use crate::face::Tenants;
use crate::model::{After, Entry, Row, State};
use crate::steps::{Role, Tenant, Who};
use crate::words;

/// The rows, requests, settings and log of a tenant; of the log, `known` is known already.
pub(crate) async fn stored(
    store: &dyn Store,
    tenants: &Tenants,
    of: Tenant,
    known: Vec<Entry>,
) -> State {
    let (tenant, numbers) = (&tenants.id(of), tenants.numbers(of));
    let everything = RequestQuery {
        limit: 1000,
        ..RequestQuery::everything()
    };
    let mut state = State {
        log: known,
        ..State::default()
    };
    let requests = store.list_requests(tenant, &everything).await.unwrap();
    let requests = requests.requests.iter();
    state.requests = requests.map(|one| words::request(one, &numbers)).collect();
    let own = store
        .list_roles(tenant, &RoleQuery::everything())
        .await
        .unwrap()
        .roles;
    let own = own.iter().map(|role| Role::of_id(&role.id.to_string()));
    state.roles = own.collect();
    for role in Role::ALL {
        let id = words::role_id(role);
        for who in Who::ALL {
            let wanted = Wanted {
                holding: Some((words::principal(who), id)),
                settings: Some(id),
                ..Wanted::default()
            };
            let loaded = store.load(tenant, &wanted).await.unwrap();
            state.registered = loaded.registered.is_some();
            if let Some(settings) = &loaded.settings {
                state.rules.insert(role, words::rules(settings));
            }
            let grants = loaded.holding.map(|holding| holding.grants);
            let rows: Vec<Row> = grants
                .iter()
                .flatten()
                .map(|grant| words::row(grant, &numbers))
                .collect();
            if !rows.is_empty() {
                state.rows.insert((who, role), rows);
            }
        }
    }
    let after = state.log.len() as u64;
    for recorded in store.events(tenant, after, usize::MAX).await.unwrap() {
        let next = state.log.len() as u64 + 1;
        assert_eq!(recorded.sequence, next, "the log has a gap");
        state.log.push(words::entry(&recorded, &numbers));
    }
    state
}

/// A change that no command makes, with the entry that the log is to have of it.
pub(crate) fn given(tenant: TenantId, changes: Vec<Change>, entry: &Entry) -> Changeset {
    let (kind, after) = match &entry.after {
        After::Assignment(shape) => (
            EventKind::Assign,
            DomainAfter::Assignment(shape.map(words::state)),
        ),
        After::Rules(rules) => (
            EventKind::ChangeSettings,
            DomainAfter::Settings(words::settings(rules)),
        ),
        After::Registered => (EventKind::SignUp, DomainAfter::Registered),
        After::Role => (
            EventKind::CreateRole,
            DomainAfter::Role(words::night_watch()),
        ),
        After::RoleRemoved => (EventKind::RemoveRole, DomainAfter::RoleRemoved),
    };
    let event = Event {
        at: words::instant(entry.at),
        kind,
        actor: Actor::Pimento,
        principal: entry.who.map(words::principal),
        role: entry.role.map(words::role_id),
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after,
    };
    Changeset {
        tenant,
        expected: Vec::new(),
        changes,
        events: Events::new(Vec::new(), event),
        cause: Cause {
            operation: "given".into(),
            request: Uuid::nil(),
            client_request: None,
        },
    }
}
