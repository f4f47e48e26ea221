//! selfActivate: the table's row, the lengths that may be asked for, and the rules of the role's settings.

use super::*;
use crate::rules::Length;

fn activated(facts: &Facts, until: i64) -> Event {
    Event {
        justification: ticket(),
        until: Some(at(until)),
        ..event(
            facts,
            &tess(),
            EventKind::Activate,
            eligible_and_active(until),
        )
    }
}

fn activate(facts: &Facts, length: Length) -> Result<Outcome, Denied> {
    activate_for(facts, &tess(), length, &ticket())
}

/// Eligible in a role of 40 to 240 minutes, 90 where nothing is said.
fn bounded() -> Facts {
    let mut facts = facts(ORDINARY, e());
    facts.settings.minimum = minutes(40);
    facts.settings.maximum = minutes(240);
    facts.settings.default = minutes(90);
    facts
}

fn refused(failures: &[Failure]) -> Result<Outcome, Denied> {
    Err(Denied::Policy(Failures::new(failures.to_vec()).unwrap()))
}

fn not_eligible(eligible: Option<(Instant, Option<Instant>)>) -> Result<Outcome, Denied> {
    let sent = None;
    refused(&[Failure::NotEligible { sent, eligible }])
}

#[test]
fn a_permanent_role_is_active_already_and_without_end() {
    assert_eq!(
        activate(&facts(ORDINARY, p()), Length::Default),
        Err(Denied::AlreadyActive(None))
    );
}

#[test]
fn an_eligible_role_becomes_active_for_the_default_duration() {
    let facts = facts(ORDINARY, e());
    assert_eq!(
        activate(&facts, Length::Default),
        changed(
            vec![eligible(-600, None), activation(0, 60)],
            activated(&facts, 60)
        )
    );
}

#[test]
fn an_eligible_and_active_role_is_active_already_until_its_end() {
    assert_eq!(
        activate(&facts(ORDINARY, ea()), Length::Default),
        Err(Denied::AlreadyActive(Some(at(90))))
    );
}

#[test]
fn a_role_that_is_active_until_an_end_is_active_already_until_then() {
    assert_eq!(
        activate(&facts(ORDINARY, a()), Length::Default),
        Err(Denied::AlreadyActive(Some(at(90))))
    );
}

#[test]
fn without_an_assignment_nothing_can_be_activated() {
    assert_eq!(
        activate(&facts(ORDINARY, Vec::new()), Length::Default),
        not_eligible(None)
    );
}

#[test]
fn who_is_not_eligible_is_told_of_every_other_rule_too() {
    let mut facts = facts(ORDINARY, Vec::new());
    facts.settings.ticket = true;
    let asked = Length::Exactly(minutes(481));
    let expected = [
        Failure::NotEligible {
            sent: None,
            eligible: None,
        },
        Failure::TooLong {
            sent: minutes(481),
            maximum: minutes(480),
        },
        Failure::TicketMissing,
    ];
    assert_eq!(
        activate_for(&facts, &tess(), asked, &Justification::default()),
        refused(&expected)
    );
}

#[test]
fn each_length_that_may_be_asked_for_ends_when_it_says() {
    for (length, end) in [
        (Length::Minimum, 40),
        (Length::Default, 90),
        (Length::Exactly(minutes(40)), 40),
        (Length::Exactly(minutes(137)), 137),
        (Length::Exactly(minutes(240)), 240),
    ] {
        let facts = bounded();
        assert_eq!(
            activate(&facts, length),
            changed(
                vec![eligible(-600, None), activation(0, end)],
                activated(&facts, end)
            )
        );
    }
}

#[test]
fn an_activation_shorter_than_the_minimum_is_refused() {
    let almost = minutes(40) - SignedDuration::from_micros(1);
    for sent in [almost, SignedDuration::ZERO, -minutes(60)] {
        let failure = Failure::TooShort {
            sent,
            minimum: minutes(40),
        };
        assert_eq!(
            activate(&bounded(), Length::Exactly(sent)),
            refused(&[failure])
        );
    }
}

#[test]
fn an_activation_longer_than_the_maximum_is_refused() {
    for sent in [
        minutes(240) + SignedDuration::from_micros(1),
        SignedDuration::MAX,
    ] {
        let failure = Failure::TooLong {
            sent,
            maximum: minutes(240),
        };
        assert_eq!(
            activate(&bounded(), Length::Exactly(sent)),
            refused(&[failure])
        );
    }
}

#[test]
fn a_role_that_asks_for_a_ticket_is_not_activated_without_its_number() {
    let mut facts = bounded();
    facts.settings.ticket = true;
    let justification = Justification {
        ticket_number: None,
        ..ticket()
    };
    assert_eq!(
        activate_for(&facts, &tess(), Length::Default, &justification),
        refused(&[Failure::TicketMissing])
    );
}

#[test]
fn a_ticket_number_alone_satisfies_a_role_that_asks_for_a_ticket() {
    let mut facts = bounded();
    facts.settings.ticket = true;
    let justification = Justification {
        ticket_number: remark("7"),
        ..Justification::default()
    };
    let expected = Event {
        justification: justification.clone(),
        ..activated(&facts, 90)
    };
    assert_eq!(
        activate_for(&facts, &tess(), Length::Default, &justification),
        changed(vec![eligible(-600, None), activation(0, 90)], expected)
    );
}

#[test]
fn no_reason_and_no_ticket_are_needed_where_the_settings_ask_for_none() {
    let facts = bounded();
    let nothing = Justification::default();
    let expected = Event {
        justification: nothing.clone(),
        ..activated(&facts, 90)
    };
    assert_eq!(
        activate_for(&facts, &tess(), Length::Default, &nothing),
        changed(vec![eligible(-600, None), activation(0, 90)], expected)
    );
}

#[test]
fn a_role_that_asks_for_mfa_is_activated_only_after_a_second_factor() {
    let mut facts = bounded();
    facts.settings.mfa = true;
    let mut without = tess();
    without.mfa = false;
    assert_eq!(
        activate_for(&facts, &without, Length::Default, &ticket()),
        refused(&[Failure::MfaMissing])
    );
    assert_eq!(
        activate(&facts, Length::Default),
        changed(
            vec![eligible(-600, None), activation(0, 90)],
            activated(&facts, 90)
        )
    );
}

#[test]
fn a_role_with_pinned_mfa_asks_for_it_whatever_its_settings_say() {
    let mut facts = facts(SECURITY_ADMINISTRATOR, e());
    facts.settings.mfa = false;
    let mut without = tess();
    without.mfa = false;
    assert_eq!(
        activate_for(&facts, &without, Length::Default, &ticket()),
        refused(&[Failure::MfaMissing])
    );
}

#[test]
fn a_role_without_mfa_is_activated_without_a_second_factor() {
    let facts = bounded();
    let mut without = tess();
    without.mfa = false;
    assert_eq!(
        activate_for(&facts, &without, Length::Default, &ticket()),
        changed(
            vec![eligible(-600, None), activation(0, 90)],
            activated(&facts, 90)
        )
    );
}

#[test]
fn every_rule_that_fails_is_named_in_the_order_duration_ticket_mfa() {
    let mut facts = bounded();
    facts.settings.ticket = true;
    facts.settings.mfa = true;
    let mut without = tess();
    without.mfa = false;
    let too_long = Failure::TooLong {
        sent: minutes(300),
        maximum: minutes(240),
    };
    let too_short = Failure::TooShort {
        sent: minutes(5),
        minimum: minutes(40),
    };
    let nothing = Justification::default();
    for (sent, duration) in [(minutes(300), too_long), (minutes(5), too_short)] {
        let length = Length::Exactly(sent);
        assert_eq!(
            activate_for(&facts, &without, length, &nothing),
            refused(&[duration, Failure::TicketMissing, Failure::MfaMissing])
        );
        assert_eq!(
            activate_for(&facts, &tess(), length, &nothing),
            refused(&[duration, Failure::TicketMissing])
        );
        assert_eq!(
            activate_for(&facts, &without, length, &ticket()),
            refused(&[duration, Failure::MfaMissing])
        );
    }
    assert_eq!(
        activate_for(&facts, &without, Length::Default, &nothing),
        refused(&[Failure::TicketMissing, Failure::MfaMissing])
    );
}

#[test]
fn where_an_approval_is_needed_it_is_asked_for_and_nothing_becomes_active() {
    let facts = with_approval(bounded(), &["ada"]);
    let Ok(Outcome::Changed {
        grants,
        requests,
        events,
    }) = activate(&facts, Length::Default)
    else {
        panic!("a request is made");
    };
    assert_eq!(grants, e());
    assert_eq!(requests[0].id, REQUEST);
    assert_eq!(requests[0].status(at(0)), Status::RequestedApproval);
    let kinds: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Request]);
}

#[test]
fn failing_rules_are_named_before_an_approval_is_thought_of() {
    let sent = minutes(10);
    let minimum = minutes(40);
    assert_eq!(
        activate(&with_approval(bounded(), &[]), Length::Exactly(sent)),
        refused(&[Failure::TooShort { sent, minimum }])
    );
}

#[test]
fn activating_ones_own_role_is_no_self_grant() {
    let facts = forbidding_self_grants(bounded());
    assert_eq!(
        activate(&facts, Length::Default),
        changed(
            vec![eligible(-600, None), activation(0, 90)],
            activated(&facts, 90)
        )
    );
}

#[test]
fn an_activation_takes_away_no_grant_that_is_still_to_come() {
    let mut facts = bounded();
    facts.holding.grants.push(activation(600, 700));
    let expected = vec![
        eligible(-600, None),
        activation(600, 700),
        activation(0, 90),
    ];
    assert_eq!(
        activate(&facts, Length::Default),
        changed(expected, activated(&facts, 90))
    );
}

#[test]
fn eligibility_that_is_not_yet_or_no_more_cannot_be_activated() {
    for (grants, eligible) in [
        (
            vec![eligible(60, None), eligible(1, Some(60))],
            Some((at(1), Some(at(60)))),
        ),
        (vec![eligible(-60, Some(0))], None),
    ] {
        assert_eq!(
            activate(&facts(ORDINARY, grants), Length::Default),
            not_eligible(eligible)
        );
    }
}
