//! From the program's types to the words of the tests, and back.

mod requests;

use pimento_domain::rules::{CreateAssignment, Length as DomainLength, SelfActivate};
use pimento_domain::{
    Actor, After as DomainAfter, AssignmentId, Denied, EventKind, Failure, Grant, Instant,
    Justification, Kind as GrantKind, Message, Note as DomainNote, Origin, PrincipalId, Remark,
    RequestId, RoleId, RoleName, Settings, SettingsUpdate, SignedDuration, State,
};
use pimento_engine::{Assignment, NewAssignment};
use pimento_store::RecordedEvent;

use crate::answer::{Answer, Done, Rules, Shape, Shown};
use crate::face::Numbers;
use crate::model::{After, Entry, Kind, NEVER, Note, Row};
use crate::steps::{Length, Micros, Role, Update, Who, Why};

pub(crate) use requests::{approval, asked, domain_request, new_request, request, verdict};

pub(crate) fn instant(at: Micros) -> Instant {
    Instant::from_micros(at).unwrap()
}

pub(crate) fn principal(who: Who) -> PrincipalId {
    who.name().parse().unwrap()
}

/// What the role of the first tenant's own is called.
pub(crate) fn night_watch() -> RoleName {
    RoleName::parse("Night watch").unwrap()
}

pub(crate) fn role_id(role: Role) -> RoleId {
    role.id().parse().unwrap()
}

pub(crate) fn id(who: Who, role: Role) -> AssignmentId {
    AssignmentId {
        principal: principal(who),
        role: role_id(role),
    }
}

fn who(principal: &PrincipalId) -> Who {
    Who::named(principal.as_str())
}

fn role(id: RoleId) -> Role {
    Role::of_id(&id.to_string())
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

pub(crate) fn shape(state: State) -> Shape {
    match state {
        State::Permanent => Shape::Permanent,
        State::Eligible => Shape::Eligible,
        State::EligibleAndActive { until } => Shape::EligibleActive(until.as_micros()),
        State::Active { until } => Shape::Active(until.as_micros()),
    }
}

pub(crate) fn rules(settings: &Settings) -> Rules {
    Rules {
        minimum: settings.minimum.as_mins(),
        maximum: settings.maximum.as_mins(),
        default: settings.default.as_mins(),
        ticket: settings.ticket,
        mfa: settings.mfa,
        approval: settings.approval,
        approvers: settings.approvers.iter().map(who).collect(),
    }
}

pub(crate) fn settings(rules: &Rules) -> Settings {
    Settings {
        minimum: minutes(rules.minimum),
        maximum: minutes(rules.maximum),
        default: minutes(rules.default),
        notification: false,
        ticket: rules.ticket,
        mfa: rules.mfa,
        approval: rules.approval,
        approvers: rules.approvers.iter().copied().map(principal).collect(),
    }
}

pub(crate) fn update(update: &Update) -> SettingsUpdate {
    let approvers = |who: &Vec<Who>| who.iter().copied().map(principal).collect();
    SettingsUpdate {
        minimum: update.minimum.map(minutes),
        maximum: update.maximum.map(minutes),
        default: update.default.map(minutes),
        notification: None,
        ticket: update.ticket,
        mfa: update.mfa,
        approval: update.approval,
        approvers: update.approvers.as_ref().map(approvers),
    }
}

pub(crate) fn row(grant: &Grant, numbers: &Numbers<'_>) -> Row {
    Row {
        active: grant.kind == GrantKind::Active,
        from: grant.start.as_micros(),
        to: grant.end.map_or(NEVER, Instant::as_micros),
        asked: match grant.origin {
            Origin::Request(id) => Some(numbers.number(id)),
            Origin::Administrator | Origin::Activation | Origin::SignUp => None,
        },
    }
}

pub(crate) fn grant(row: &Row, numbers: &Numbers<'_>) -> Grant {
    Grant {
        kind: if row.active {
            GrantKind::Active
        } else {
            GrantKind::Eligible
        },
        start: instant(row.from),
        end: (row.to != NEVER).then(|| instant(row.to)),
        origin: row.asked.map_or(Origin::Administrator, |number| {
            Origin::Request(numbers.id(number))
        }),
    }
}

pub(crate) fn justification(why: Why) -> Justification {
    match why {
        Why::Unsaid => Justification::default(),
        Why::Reason => Justification {
            reason: Remark::parse("the mail server is down").unwrap(),
            ..Justification::default()
        },
        Why::Ticket => Justification {
            reason: Remark::parse("the mail server is down").unwrap(),
            ticket_number: Remark::parse("INC-4711").unwrap(),
            ticket_system: None,
        },
    }
}

pub(crate) fn new_assignment(
    who: Who,
    role: Role,
    elevated: Option<bool>,
    end: Option<Micros>,
) -> NewAssignment {
    let command = CreateAssignment {
        elevated,
        until: end.map(instant),
    };
    NewAssignment {
        principal: principal(who),
        role: role_id(role),
        command,
    }
}

fn length(length: Length) -> DomainLength {
    match length {
        Length::Unsaid => DomainLength::Default,
        Length::Minimum => DomainLength::Minimum,
        Length::Minutes(sent) => DomainLength::Exactly(minutes(sent)),
    }
}

pub(crate) fn activation(request: RequestId, asked: Length, why: Why) -> SelfActivate {
    SelfActivate {
        request,
        length: length(asked),
        justification: justification(why),
    }
}

pub(crate) fn one(assignment: &Assignment) -> Answer {
    let done = match assignment.message {
        Some(Message::AlreadyEligible | Message::NotActive) => Done::Nothing,
        Some(Message::AwaitsApproval(_)) => Done::Asked,
        None => Done::Something,
    };
    let (who, role) = (who(&assignment.id.principal), role(assignment.id.role));
    Answer::One(who, role, assignment.state.map(shape), done)
}

pub(crate) fn shown(assignment: &Assignment) -> Shown {
    Shown {
        who: who(&assignment.id.principal),
        role: role(assignment.id.role),
        shape: shape(assignment.state.expect("a list shows nothing that is gone")),
    }
}

/// Status and code, as the design's table of refusals has them.
pub(crate) fn refusal(denied: &Denied) -> Answer {
    let (status, code) = match denied {
        Denied::NotFound => (404, "ResourceNotFound"),
        Denied::RoleNotFound => (400, "RoleNotFound"),
        Denied::RoleMissing(_)
        | Denied::SelfGrantForbidden
        | Denied::NotRequestor
        | Denied::NotApprover
        | Denied::OwnRequest => (403, "Authorization_RequestDenied"),
        Denied::TenantNotAdmitted => (403, "UnauthorizedAccessException"),
        Denied::AssignmentExists => (400, "RoleAssignmentExists"),
        Denied::AssignmentDoesNotExist => (400, "RoleAssignmentDoesNotExist"),
        Denied::AlreadyActive(_) => (400, "RoleAlreadyActivated"),
        Denied::Permanent => (400, "RoleIsPermanent"),
        Denied::EndNotInFuture { .. }
        | Denied::EndWithoutActivation
        | Denied::Settings(_)
        | Denied::ActivationIsActive
        | Denied::EndBeforeStart { .. } => (400, "invalidRequest"),
        Denied::OnBehalfOf => (403, "OnBehalfOfNotAllowed"),
        Denied::StartInPast { .. } => (400, "InvalidScheduleStart"),
        Denied::ScheduleExists(_) => (400, "ScheduleExists"),
        Denied::ScheduleOverlaps { .. } => (400, "ScheduleOverlap"),
        Denied::PendingApprovalExists(_) => (400, "PendingApprovalExists"),
        Denied::PendingRequestExists(_) => (400, "PendingRoleAssignmentRequest"),
        Denied::RequestNotFound => (400, "RoleAssignmentRequestNotFound"),
        Denied::RequestClosed(_) => (400, "RequestCannotBeCancelled"),
        Denied::ApprovalClosed(_) => (400, "ApprovalNotPending"),
        Denied::RoleNameTaken(_) => (400, "nameAlreadyExists"),
        Denied::RoleIsBuiltIn => (400, "RoleIsBuiltIn"),
        Denied::RoleInUse(_) => (400, "RoleInUse"),
        Denied::SetupCompleted => (400, "SetupAlreadyCompleted"),
        Denied::SetupOfRole(_, denied) => return refusal(denied),
        Denied::LastAdministrator => (400, "LastAdministrator"),
        Denied::Policy(failures) => policy(failures.as_slice()),
    };
    Answer::refused(status, code)
}

fn policy(failures: &[Failure]) -> (u16, &'static str) {
    match failures {
        failures if failures.contains(&Failure::MfaMissing) => (403, "MfaRequired"),
        [Failure::NotEligible { .. }] => (400, "RoleAssignmentDoesNotExist"),
        [Failure::ReasonMissing] => (400, "RequestorReasonMissing"),
        [Failure::TicketMissing] => (400, "TicketingInfoRequired"),
        [_] => (400, "InvalidDuration"),
        _ => (400, "RoleAssignmentRequestPolicyValidationFailed"),
    }
}

/// An entry of the log.
pub(crate) fn entry(recorded: &RecordedEvent, numbers: &Numbers<'_>) -> Entry {
    let event = &recorded.event;
    let text = |remark: &Option<Remark>| remark.as_ref().map(|text| text.as_str().to_owned());
    Entry {
        at: event.at.as_micros(),
        kind: kind(event.kind),
        by: match &event.actor {
            Actor::Principal(principal) => Some(who(principal)),
            Actor::Pimento | Actor::Operator => None,
        },
        operation: recorded.cause.operation.clone().into_owned(),
        who: event.principal.as_ref().map(who),
        role: event.role.map(role),
        request: event.request.map(|id| numbers.number(id)),
        reason: text(&event.justification.reason),
        ticket: text(&event.justification.ticket_number),
        note: event.note.map(note),
        until: event.until.map(Instant::as_micros),
        self_grant: event.self_grant,
        without_approval: event.without_approval,
        after: match &event.after {
            DomainAfter::Assignment(state) => After::Assignment(state.map(shape)),
            DomainAfter::Settings(settings) => After::Rules(rules(settings)),
            DomainAfter::Registered => After::Registered,
            DomainAfter::Role(_) => After::Role,
            DomainAfter::RoleRemoved => After::RoleRemoved,
            other => panic!("no command of the sequences leaves {other:?}"),
        },
    }
}

fn kind(kind: EventKind) -> Kind {
    match kind {
        EventKind::Assign => Kind::Assign,
        EventKind::Activate => Kind::Activate,
        EventKind::Unassign => Kind::Unassign,
        EventKind::Deactivate => Kind::Deactivate,
        EventKind::Request => Kind::Request,
        EventKind::Schedule => Kind::Schedule,
        EventKind::Approve => Kind::Approve,
        EventKind::Deny => Kind::Deny,
        EventKind::Cancel => Kind::Cancel,
        EventKind::Revoke => Kind::Revoke,
        EventKind::Lapse => Kind::Lapse,
        EventKind::ChangeSettings => Kind::ChangeSettings,
        EventKind::SignUp => Kind::SignUp,
        EventKind::CreateRole => Kind::CreateRole,
        EventKind::RemoveRole => Kind::RemoveRole,
        other => panic!("no command of the sequences records {other:?}"),
    }
}

fn note(note: DomainNote) -> Note {
    match note {
        DomainNote::MadePermanent => Note::MadePermanent,
        DomainNote::MadeEligible => Note::MadeEligible,
        DomainNote::Expired => Note::Expired,
    }
}

/// The same state in the program's words, for entries that a test records.
pub(crate) fn state(shape: Shape) -> State {
    match shape {
        Shape::Permanent => State::Permanent,
        Shape::Eligible => State::Eligible,
        Shape::EligibleActive(until) => State::EligibleAndActive {
            until: instant(until),
        },
        Shape::Active(until) => State::Active {
            until: instant(until),
        },
    }
}
