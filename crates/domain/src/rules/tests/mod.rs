//! The rules' tests, one file a command: people, times, the four states and the expected outcomes they share stand here.
//!
//! The clock of every test stands at `at(0)`; times are minutes from there. Expected events are written down whole.

mod access;
mod complete_setup;
mod create_assignment;
mod delete_assignment;
mod expiries;
mod guard;
mod make_eligible;
mod make_permanent;
mod properties;
mod requests;
mod roles;
mod self_activate;
mod self_deactivate;
mod settings;
mod sign_up;

use std::collections::BTreeSet;

use super::{Administrators, Facts, Length, Message, Outcome, SelfActivate};
use crate::event::{Actor, After, Event, EventKind, Events, Note};
use crate::role::{
    self, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR,
    SECURITY_READER,
};
use crate::{
    Caller, Cause, Denied, Failure, Failures, Grant, Holding, Instant, Justification, Kind, Origin,
    Policy, PrincipalId, Remark, RequestId, RoleId, Settings, SettingsUpdate, SignedDuration,
    State, Status, Uuid,
};

/// Directory Readers: no MFA is pinned on it, and holding it opens nothing.
const ORDINARY: RoleId = RoleId::from_u128(0x88d8e3e3_8f55_4a1e_953a_9b9898b8876b);

/// The roles that whoever makes themselves eligible keeps for a while.
const KEPT: [RoleId; 2] = [PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR];

const FORBIDDEN: Policy = Policy {
    forbid_self_grant: true,
    approval_period: SignedDuration::from_hours(24),
    summary_threshold: 101,
};

/// So many minutes after the decision; negative for before it.
fn at(minutes: i64) -> Instant {
    let start: Instant = "2026-03-01T12:00:00Z".parse().unwrap();
    start.plus(SignedDuration::from_mins(minutes))
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn grant(kind: Kind, start: i64, end: Option<i64>, origin: Origin) -> Grant {
    Grant {
        kind,
        start: at(start),
        end: end.map(at),
        origin,
    }
}

fn eligible(start: i64, end: Option<i64>) -> Grant {
    grant(Kind::Eligible, start, end, Origin::Administrator)
}

fn active(start: i64, end: Option<i64>) -> Grant {
    grant(Kind::Active, start, end, Origin::Administrator)
}

fn activation(start: i64, end: i64) -> Grant {
    grant(Kind::Active, start, Some(end), Origin::Activation)
}

/// State P of the table.
fn p() -> Vec<Grant> {
    vec![active(-600, None)]
}

/// State E of the table.
fn e() -> Vec<Grant> {
    vec![eligible(-600, None)]
}

/// State EA of the table, active for 90 minutes more.
fn ea() -> Vec<Grant> {
    vec![eligible(-600, None), activation(-30, 90)]
}

/// State A of the table, for 90 minutes more.
fn a() -> Vec<Grant> {
    vec![active(-600, Some(90))]
}

fn principal(name: &str) -> PrincipalId {
    name.parse().unwrap()
}

fn holding(name: &str, role: RoleId, grants: Vec<Grant>) -> Holding {
    Holding {
        principal: principal(name),
        role,
        grants,
    }
}

fn caller(name: &str, roles: &[RoleId]) -> Caller {
    Caller {
        tenant: "contoso".parse().unwrap(),
        principal: principal(name),
        roles: roles.iter().copied().collect::<BTreeSet<_>>(),
        mfa: true,
        cause: Cause {
            operation: "any_operation".into(),
            request: Uuid::nil(),
            client_request: None,
        },
    }
}

/// An administrator whose grants no test touches.
fn ada() -> Caller {
    caller("ada", &[PRIVILEGED_ROLE_ADMINISTRATOR])
}

/// The principal whose grants the tests are about.
fn tess() -> Caller {
    caller("tess", &[])
}

/// Tess holds these grants in this role of unchanged settings; Ada lasts as an administrator.
fn facts(role: RoleId, grants: Vec<Grant>) -> Facts {
    let administrators = vec![holding("ada", PRIVILEGED_ROLE_ADMINISTRATOR, p())];
    facts_beside(administrators, role, grants)
}

/// Tess holds these grants in this role, and these are the administrators with grants that have no end.
fn facts_beside(administrators: Vec<Holding>, role: RoleId, grants: Vec<Grant>) -> Facts {
    let role = role::find(role).unwrap().clone();
    Facts {
        now: at(0),
        policy: Policy::default(),
        settings: Settings::of(&role),
        holding: holding("tess", role.id, grants),
        requests: Vec::new(),
        administrators: Administrators {
            holdings: administrators,
            settings: Settings::of(role::find(PRIVILEGED_ROLE_ADMINISTRATOR).unwrap()),
        },
        role,
    }
}

/// The same facts where activating the role needs an approval by these, or by any administrator if there are none.
fn with_approval(mut facts: Facts, approvers: &[&str]) -> Facts {
    facts.settings.approval = true;
    facts.settings.approvers = approvers.iter().map(|name| principal(name)).collect();
    if facts.role.id == PRIVILEGED_ROLE_ADMINISTRATOR {
        facts.administrators.settings = facts.settings.clone();
    }
    facts
}

fn forbidding_self_grants(facts: Facts) -> Facts {
    Facts {
        policy: FORBIDDEN,
        ..facts
    }
}

fn remark(text: &str) -> Option<Remark> {
    Remark::parse(text).unwrap()
}

fn ticket() -> Justification {
    Justification {
        reason: remark("the mail server is down"),
        ticket_number: remark("INC-4711"),
        ticket_system: remark("helpdesk"),
    }
}

/// What every event of a command says of its facts and its caller; tests add what is particular.
fn event(facts: &Facts, by: &Caller, kind: EventKind, after: Option<State>) -> Event {
    Event {
        at: at(0),
        kind,
        actor: Actor::Principal(by.principal.clone()),
        principal: Some(facts.holding.principal.clone()),
        role: Some(facts.role.id),
        request: None,
        justification: Justification::default(),
        note: None,
        until: None,
        self_grant: false,
        without_approval: false,
        after: After::Assignment(after),
    }
}

/// The event of an activation that ran out so many minutes from the decision.
fn expired(facts: &Facts, end: i64, after: Option<State>) -> Event {
    Event {
        at: at(end),
        actor: Actor::Pimento,
        note: Some(Note::Expired),
        ..event(facts, &ada(), EventKind::Deactivate, after)
    }
}

/// The request that the tests are about.
const REQUEST: RequestId = RequestId::new(Uuid::from_u128(7));

fn activate_for(
    facts: &Facts,
    caller: &Caller,
    length: Length,
    justification: &Justification,
) -> Result<Outcome, Denied> {
    let asked = SelfActivate {
        request: REQUEST,
        length,
        justification: justification.clone(),
    };
    super::self_activate(facts, caller, &asked)
}

fn changed(grants: Vec<Grant>, event: Event) -> Result<Outcome, Denied> {
    changed_after(Vec::new(), grants, event)
}

/// A change that records these events before its own.
fn changed_after(before: Vec<Event>, grants: Vec<Grant>, event: Event) -> Result<Outcome, Denied> {
    Ok(Outcome::Changed {
        grants,
        requests: Vec::new(),
        events: Events::new(before, event),
    })
}

fn eligible_and_active(until: i64) -> Option<State> {
    Some(State::EligibleAndActive { until: at(until) })
}

#[test]
fn the_four_states_of_the_table_are_what_their_names_say() {
    let state = |grants| facts(ORDINARY, grants).holding.state(at(0));
    assert_eq!(state(p()), Some(State::Permanent));
    assert_eq!(state(e()), Some(State::Eligible));
    assert_eq!(state(ea()), eligible_and_active(90));
    assert_eq!(state(a()), Some(State::Active { until: at(90) }));
    assert_eq!(state(Vec::new()), None);
}
