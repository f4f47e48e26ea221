//! The payload as it always was.

use std::borrow::Cow;
use std::collections::BTreeSet;

use pimento_domain::{
    Cause, Instant, Justification, Refusal, Remark, RequestId, RoleId, RoleName, SignedDuration,
    Uuid,
};

use super::*;

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros).expect("in the calendar")
}

fn remark(text: &str) -> Option<Remark> {
    Remark::parse(text).expect("short enough")
}

/// An event with nothing that may be left out.
fn bare(kind: EventKind, after: After) -> RecordedEvent {
    RecordedEvent {
        sequence: 1,
        cause: Cause {
            operation: Cow::Borrowed("op"),
            request: Uuid::from_u128(7),
            client_request: None,
        },
        event: Event {
            at: at(0),
            kind,
            actor: Actor::Pimento,
            principal: None,
            role: None,
            request: None,
            justification: Justification::default(),
            note: None,
            until: None,
            self_grant: false,
            without_approval: false,
            after,
        },
    }
}

fn full() -> RecordedEvent {
    let mut recorded = bare(
        EventKind::Activate,
        After::Assignment(Some(State::EligibleAndActive { until: at(1) })),
    );
    recorded.sequence = u64::MAX;
    recorded.cause.client_request = Some("a\0b \"quoted\" \\ 🌶".to_owned());
    recorded.event = Event {
        at: at(1_767_225_600_123_456),
        actor: Actor::Principal("pimento".parse().expect("an id")),
        principal: Some("ada".parse().expect("an id")),
        role: Some(RoleId::from_u128(1)),
        request: Some(RequestId::new(Uuid::from_u128(2))),
        justification: Justification {
            reason: remark("line\r\nand\ttab / é"),
            ticket_number: remark("CHG-1"),
            ticket_system: remark("desk"),
        },
        note: Some(Note::MadePermanent),
        until: Some(at(1_767_225_600_100_000)),
        self_grant: true,
        without_approval: true,
        ..recorded.event
    };
    recorded
}

#[test]
fn an_event_with_everything_is_written_as_it_always_was() {
    assert_eq!(
        payload(&full()),
        concat!(
            r#"{"sequence":18446744073709551615,"at":"2026-01-01T00:00:00.123456Z","kind":"activate","#,
            r#""actor":{"principal":"pimento"},"principal":"ada","role":"00000000-0000-0000-0000-000000000001","#,
            r#""request":"00000000-0000-0000-0000-000000000002","reason":"line\r\nand\ttab / é","ticketNumber":"CHG-1","#,
            r#""ticketSystem":"desk","note":"madePermanent","until":"2026-01-01T00:00:00.1Z","selfGrant":true,"#,
            r#""withoutApproval":true,"operation":"op","requestId":"00000000-0000-0000-0000-000000000007","#,
            r#""clientRequestId":"a\u0000b \"quoted\" \\ 🌶","#,
            r#""after":{"eligibleAndActive":{"until":"1970-01-01T00:00:00.000001Z"}}}"#,
        )
    );
}

#[test]
fn what_an_event_does_not_say_is_left_out() {
    assert_eq!(
        payload(&bare(EventKind::SignUp, After::Registered)),
        concat!(
            r#"{"sequence":1,"at":"1970-01-01T00:00:00Z","kind":"signUp","actor":"pimento","selfGrant":false,"#,
            r#""withoutApproval":false,"operation":"op","requestId":"00000000-0000-0000-0000-000000000007","#,
            r#""after":"registered"}"#,
        )
    );
}

#[test]
fn each_state_after_is_written_as_it_always_was() {
    let settings = Settings {
        minimum: SignedDuration::from_mins(90),
        maximum: SignedDuration::from_hours(72),
        default: SignedDuration::new(5_400, 500_000_000),
        notification: true,
        ticket: false,
        mfa: true,
        approval: false,
        approvers: vec!["ada".parse().expect("an id"), "bob".parse().expect("an id")],
    };
    let until = at(0);
    let name = RoleName::parse("Night watch").expect("a name");
    let code = Cow::Borrowed("MfaRequired");
    for (after, expected) in [
        (After::Assignment(None), r#""gone""#),
        (After::Assignment(Some(State::Permanent)), r#""permanent""#),
        (After::Assignment(Some(State::Eligible)), r#""eligible""#),
        (
            After::Assignment(Some(State::Active { until })),
            r#"{"active":{"until":"1970-01-01T00:00:00Z"}}"#,
        ),
        (
            After::Settings(settings),
            concat!(
                r#"{"settings":{"minimum":"PT1H30M","maximum":"PT72H","default":"PT1H30M0.5S","notification":true,"#,
                r#""ticket":false,"mfa":true,"approval":false,"approvers":["ada","bob"]}}"#,
            ),
        ),
        (After::SetUp, r#""setUp""#),
        (After::Role(name), r#"{"role":{"name":"Night watch"}}"#),
        (After::RoleRemoved, r#""roleRemoved""#),
        (
            After::Refused(Refusal { code, times: 3 }),
            r#"{"refused":{"code":"MfaRequired","times":3}}"#,
        ),
        (After::Erased(9), r#"{"erased":{"sequence":9}}"#),
    ] {
        let text = payload(&bare(EventKind::Assign, after));
        assert!(
            text.ends_with(&format!(r#","after":{expected}}}"#)),
            "{text}"
        );
    }
}

#[test]
fn each_kind_actor_and_note_has_a_word_of_its_own() {
    let kinds = [
        "assign",
        "activate",
        "unassign",
        "deactivate",
        "request",
        "schedule",
        "approve",
        "deny",
        "cancel",
        "revoke",
        "lapse",
        "changeSettings",
        "signUp",
        "completeSetup",
        "createRole",
        "renameRole",
        "removeRole",
        "refuse",
        "erase",
    ];
    let all = [
        EventKind::Assign,
        EventKind::Activate,
        EventKind::Unassign,
        EventKind::Deactivate,
        EventKind::Request,
        EventKind::Schedule,
        EventKind::Approve,
        EventKind::Deny,
        EventKind::Cancel,
        EventKind::Revoke,
        EventKind::Lapse,
        EventKind::ChangeSettings,
        EventKind::SignUp,
        EventKind::CompleteSetup,
        EventKind::CreateRole,
        EventKind::RenameRole,
        EventKind::RemoveRole,
        EventKind::Refuse,
        EventKind::Erase,
    ];
    assert_eq!(all.map(kind_word), kinds);
    let notes = [Note::MadePermanent, Note::MadeEligible, Note::Expired];
    assert_eq!(
        notes.map(note_word),
        ["madePermanent", "madeEligible", "expired"]
    );
    let mut operator = bare(EventKind::Erase, After::Erased(1));
    operator.event.actor = Actor::Operator;
    assert!(payload(&operator).contains(r#""actor":"operator""#));
}

#[test]
fn a_payload_changes_with_every_member() {
    let changes: [fn(&mut RecordedEvent); 18] = [
        |_| {},
        |it| it.sequence = 2,
        |it| it.cause.operation = Cow::Borrowed("other"),
        |it| it.cause.request = Uuid::from_u128(8),
        |it| it.cause.client_request = None,
        |it| it.event.at = at(0),
        |it| it.event.kind = EventKind::Deactivate,
        |it| it.event.actor = Actor::Pimento,
        |it| it.event.principal = None,
        |it| it.event.role = None,
        |it| it.event.request = None,
        |it| it.event.justification.reason = remark("ticket"),
        |it| it.event.justification.ticket_number = None,
        |it| it.event.justification.ticket_system = None,
        |it| it.event.note = None,
        |it| it.event.until = None,
        |it| it.event.self_grant = false,
        |it| it.event.without_approval = false,
    ];
    let payloads: BTreeSet<String> = changes
        .iter()
        .map(|change| {
            let mut recorded = full();
            change(&mut recorded);
            payload(&recorded)
        })
        .collect();
    assert_eq!(payloads.len(), changes.len());
}
