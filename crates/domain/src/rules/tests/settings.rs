//! Settings: what changes, what is recorded, and approval, which cannot be switched on yet.

use super::*;
use crate::SettingsFault;
use crate::rules::update_role_settings;

fn update(facts: &Facts, update: &SettingsUpdate) -> Result<Option<(Settings, Events)>, Denied> {
    update_role_settings(
        facts.now,
        &facts.role,
        &facts.settings,
        &facts.administrators,
        &ada(),
        update,
    )
}

fn unchanged_settings() -> Facts {
    facts(ORDINARY, Vec::new())
}

/// The change to these settings and the one event that tells of it.
fn recorded(facts: &Facts, new: Settings) -> Result<Option<(Settings, Events)>, Denied> {
    let event = Event {
        principal: None,
        after: After::Settings(new.clone()),
        ..event(facts, &ada(), EventKind::ChangeSettings, None)
    };
    Ok(Some((new, Events::new(Vec::new(), event))))
}

#[test]
fn what_an_update_names_changes_and_the_rest_keeps_its_value() {
    let facts = unchanged_settings();
    let tickets = SettingsUpdate {
        ticket: Some(true),
        ..SettingsUpdate::default()
    };
    let new = Settings {
        ticket: true,
        ..facts.settings.clone()
    };
    assert_eq!(update(&facts, &tickets), recorded(&facts, new));
}

#[test]
fn every_setting_can_be_changed_at_once() {
    let facts = unchanged_settings();
    let all = SettingsUpdate {
        minimum: Some(minutes(45)),
        maximum: Some(minutes(600)),
        default: Some(minutes(90)),
        notification: Some(true),
        ticket: Some(true),
        mfa: Some(true),
        approval: Some(false),
        approvers: Some(vec![principal("zoe")]),
    };
    let new = Settings {
        minimum: minutes(45),
        maximum: minutes(600),
        default: minutes(90),
        notification: true,
        ticket: true,
        mfa: true,
        approval: false,
        approvers: vec![principal("zoe")],
    };
    assert_eq!(update(&facts, &all), recorded(&facts, new));
}

#[test]
fn an_update_that_changes_nothing_is_not_recorded() {
    let facts = unchanged_settings();
    let same = SettingsUpdate {
        minimum: Some(facts.settings.minimum),
        default: Some(facts.settings.default),
        ticket: Some(false),
        approvers: Some(Vec::new()),
        ..SettingsUpdate::default()
    };
    assert_eq!(update(&facts, &same), Ok(None));
    assert_eq!(update(&facts, &SettingsUpdate::default()), Ok(None));
}

#[test]
fn pinned_mfa_stays_on_and_asking_otherwise_changes_nothing() {
    let without_mfa = SettingsUpdate {
        mfa: Some(false),
        ..SettingsUpdate::default()
    };
    for role in [SECURITY_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR] {
        let facts = facts(role, Vec::new());
        assert_eq!(update(&facts, &without_mfa), Ok(None));
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let too_long = SettingsUpdate {
        maximum: Some(minutes(72 * 60 + 1)),
        ..SettingsUpdate::default()
    };
    assert_eq!(
        update(&unchanged_settings(), &too_long),
        Err(Denied::Settings(SettingsFault::MaximumTooLong {
            sent: minutes(72 * 60 + 1),
            most: Settings::MOST,
        }))
    );
}

#[test]
fn approval_can_be_switched_on_with_and_without_approvers() {
    for approvers in [Vec::new(), vec![principal("zoe")]] {
        let facts = unchanged_settings();
        let with_approval = SettingsUpdate {
            approval: Some(true),
            approvers: Some(approvers.clone()),
            ..SettingsUpdate::default()
        };
        let new = Settings {
            approval: true,
            approvers,
            ..facts.settings.clone()
        };
        let (settings, _) = update(&facts, &with_approval).unwrap().unwrap();
        assert_eq!(settings, new);
    }
}

#[test]
fn approvers_can_be_named_before_approval_is_switched_on() {
    let facts = unchanged_settings();
    let approvers = SettingsUpdate {
        approvers: Some(vec![principal("zoe")]),
        ..SettingsUpdate::default()
    };
    let new = Settings {
        approvers: vec![principal("zoe")],
        ..facts.settings.clone()
    };
    assert_eq!(update(&facts, &approvers), recorded(&facts, new));
}

#[test]
fn settings_that_demand_an_approval_already_can_be_changed_and_relaxed() {
    let facts = with_approval(unchanged_settings(), &["zoe"]);
    let tickets = SettingsUpdate {
        ticket: Some(true),
        approval: Some(true),
        ..SettingsUpdate::default()
    };
    let with_tickets = Settings {
        ticket: true,
        ..facts.settings.clone()
    };
    assert_eq!(update(&facts, &tickets), recorded(&facts, with_tickets));
    let relaxed = SettingsUpdate {
        approval: Some(false),
        ..SettingsUpdate::default()
    };
    let without_approval = Settings {
        approval: false,
        ..facts.settings.clone()
    };
    assert_eq!(update(&facts, &relaxed), recorded(&facts, without_approval));
}

#[test]
fn the_lock_out_guard_looks_at_no_role_but_the_administrators() {
    let mut facts = with_approval(unchanged_settings(), &["zoe"]);
    facts.administrators.holdings = vec![holding("olga", PRIVILEGED_ROLE_ADMINISTRATOR, e())];
    let nobody_named = SettingsUpdate {
        approvers: Some(Vec::new()),
        ..SettingsUpdate::default()
    };
    let new = Settings {
        approvers: Vec::new(),
        ..facts.settings.clone()
    };
    assert_eq!(update(&facts, &nobody_named), recorded(&facts, new));
}
