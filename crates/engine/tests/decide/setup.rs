//! Set-up: once, also at the same time; and again where it broke off.

use futures::future::FutureExt;
use pimento_domain::{EventKind, SettingsFault, SettingsUpdate, Setup, SetupAction, State};
use pimento_engine::{SetupPlan, SetupTally, SignUpStatus};

use super::*;

const ADMINISTRATOR: RoleId = role::PRIVILEGED_ROLE_ADMINISTRATOR;

/// The role that these come to hold permanently.
fn permanent(names: &[&str]) -> SetupPlan {
    let action = |name: &&str| (id(name, ROLE), SetupAction::Permanent);
    SetupPlan {
        actions: names.iter().map(action).collect(),
        ..SetupPlan::default()
    }
}

/// A longest activation for these roles.
fn longest(roles: &[RoleId], hours: i64) -> SetupPlan {
    SetupPlan {
        roles: roles.iter().copied().collect(),
        settings: SettingsUpdate {
            maximum: Some(SignedDuration::from_hours(hours)),
            ..SettingsUpdate::default()
        },
        actions: Vec::new(),
    }
}

/// A tenant that ada has registered.
async fn registered() -> (Arc<Contended>, Engine) {
    let store = Contended::new(0);
    let engine = engine(store.clone());
    engine.sign_up(&caller("ada")).await.unwrap();
    (store, engine)
}

async fn setup(engine: &Engine) -> Setup {
    match engine.sign_up_status(&caller("ada")).await.unwrap() {
        SignUpStatus::Registered(setup) => setup,
        SignUpStatus::NotRegistered => panic!("ada has signed up"),
    }
}

async fn state(engine: &Engine, name: &str, role: RoleId) -> Option<State> {
    let found = engine.get_assignment(&caller("ada"), &id(name, role)).await;
    found.ok().and_then(|assignment| assignment.state)
}

async fn kinds(store: &Contended) -> Vec<EventKind> {
    let events = events(store).await.into_iter();
    events.map(|recorded| recorded.event.kind).collect()
}

fn completed<T>() -> Result<T, Error> {
    Err(Denied::SetupCompleted.into())
}

fn tally(succeeded: u64, failed: u64) -> SetupTally {
    SetupTally { succeeded, failed }
}

#[tokio::test]
async fn each_action_is_done_with_its_event_and_counted_and_the_last_event_completes() {
    let (store, engine) = registered().await;
    let new = new("gone", ROLE, true);
    engine
        .create_assignment(&caller("ada"), &new)
        .await
        .unwrap();
    let before = kinds(&store).await.len();
    let plan = SetupPlan {
        actions: vec![
            (id("p", ROLE), SetupAction::Permanent),
            (id("e", ROLE), SetupAction::Temporary),
            (id("gone", ROLE), SetupAction::Remove),
            (id("none", ROLE), SetupAction::Remove),
            (id("ada", ADMINISTRATOR), SetupAction::Remove),
        ],
        ..longest(&[ROLE], 4)
    };
    let done = engine.complete_setup(&caller("ada"), &plan).await.unwrap();
    let counts = done
        .iter()
        .map(|of| (of.role.id, of.permanent, of.temporary, of.removed));
    assert_eq!(
        counts.collect::<Vec<_>>(),
        [
            (ROLE, tally(1, 0), tally(1, 0), tally(1, 1)),
            (ADMINISTRATOR, tally(0, 0), tally(0, 0), tally(0, 1)),
        ]
    );
    assert_eq!(state(&engine, "p", ROLE).await, Some(State::Permanent));
    assert_eq!(state(&engine, "e", ROLE).await, Some(State::Eligible));
    assert_eq!(state(&engine, "gone", ROLE).await, None);
    assert!(state(&engine, "ada", ADMINISTRATOR).await.is_some());
    assert_eq!(
        kinds(&store).await[before..],
        [
            EventKind::ChangeSettings,
            EventKind::Assign,
            EventKind::Assign,
            EventKind::Unassign,
            EventKind::CompleteSetup,
        ]
    );
    assert_eq!(setup(&engine).await, Setup::Completed);
}

#[tokio::test]
async fn a_second_set_up_is_refused_and_changes_nothing() {
    let (store, engine) = registered().await;
    let nothing = SetupPlan::default();
    let first = engine.complete_setup(&caller("ada"), &nothing).await;
    assert_eq!(first, Ok(Vec::new()));
    let before = kinds(&store).await;
    for plan in [nothing, permanent(&["p"]), longest(&[ROLE], 4)] {
        let second = engine.complete_setup(&caller("ada"), &plan).await;
        assert_eq!(second, completed());
    }
    assert_eq!(kinds(&store).await, before);
}

#[tokio::test]
async fn of_two_set_ups_at_once_the_second_waits_and_does_nothing() {
    let (store, engine) = registered().await;
    let (ada, bob) = (caller("ada"), caller("bob"));
    let plans = (permanent(&["a", "b", "c"]), permanent(&["x", "y", "z"]));
    let both = join_all([
        engine.complete_setup(&ada, &plans.0),
        engine.complete_setup(&bob, &plans.1),
    ]);
    let outcomes = both.await;
    assert!(outcomes[0].is_ok());
    assert_eq!(outcomes[1], completed());
    for name in ["x", "y", "z"] {
        assert_eq!(state(&engine, name, ROLE).await, None);
    }
    let kinds = kinds(&store).await;
    assert_eq!(kinds.len(), 3 + 3 + 1);
}

#[tokio::test]
async fn of_two_servers_that_set_up_at_once_one_completes_and_nothing_happens_after_that() {
    let (store, one) = registered().await;
    let other = engine(store.clone());
    let (ada, bob) = (caller("ada"), caller("bob"));
    let (short, long) = (permanent(&["a"]), permanent(&["v", "w", "x", "y", "z"]));
    let both = join_all([
        one.complete_setup(&ada, &short),
        other.complete_setup(&bob, &long),
    ]);
    let mut outcomes = both.await;
    outcomes.sort_by_key(Result::is_err);
    assert!(outcomes[0].is_ok());
    assert_eq!(outcomes[1], completed());
    let kinds = kinds(&store).await;
    assert_eq!(kinds.last(), Some(&EventKind::CompleteSetup));
    let completions = kinds
        .iter()
        .filter(|kind| **kind == EventKind::CompleteSetup);
    assert_eq!(completions.count(), 1);
    assert_eq!(state(&one, "z", ROLE).await, None);
}

#[tokio::test]
async fn a_set_up_that_breaks_off_is_in_progress_and_can_be_repeated() {
    let (store, engine) = registered().await;
    let (ada, plan) = (caller("ada"), permanent(&["a", "b", "c"]));
    {
        let mut broken = Box::pin(engine.complete_setup(&ada, &plan));
        // The store lets others go first at each call, so this goes step by step.
        while setup(&engine).await == Setup::NotStarted {
            assert!((&mut broken).now_or_never().is_none());
        }
    }
    assert_eq!(setup(&engine).await, Setup::InProgress);
    assert_eq!(state(&engine, "a", ROLE).await, Some(State::Permanent));
    assert_eq!(state(&engine, "c", ROLE).await, None);
    let done = engine.complete_setup(&ada, &plan).await.unwrap();
    assert_eq!(done[0].permanent, tally(3, 0));
    assert_eq!(state(&engine, "c", ROLE).await, Some(State::Permanent));
    assert_eq!(setup(&engine).await, Setup::Completed);
    let last = kinds(&store).await;
    assert_eq!(last.last(), Some(&EventKind::CompleteSetup));
}

#[tokio::test]
async fn a_store_that_fails_in_between_leaves_it_in_progress() {
    let (store, engine) = registered().await;
    let plan = permanent(&["a"]);
    let ada = caller("ada");
    {
        let mut broken = Box::pin(engine.complete_setup(&ada, &plan));
        while setup(&engine).await == Setup::NotStarted {
            assert!((&mut broken).now_or_never().is_none());
        }
        store.conflicts.store(16, Ordering::SeqCst);
        let failed = broken.await;
        assert!(
            matches!(failed, Err(Error::Store(StoreError::Unavailable(_)))),
            "{failed:?}"
        );
    }
    assert_eq!(setup(&engine).await, Setup::InProgress);
}

#[tokio::test]
async fn what_is_wrong_with_a_plan_is_said_before_anything_is_changed() {
    let (store, engine) = registered().await;
    let before = kinds(&store).await;
    let ada = caller("ada");
    let (unknown, hours) = (RoleId::from_u128(1), SignedDuration::from_hours);
    let of = |role, denied| Err(Denied::SetupOfRole(role, Box::new(denied)).into());
    let wrong = SettingsFault::MaximumTooLong {
        sent: hours(73),
        most: hours(72),
    };
    let action = |role| SetupPlan {
        actions: vec![
            (id("p", ROLE), SetupAction::Permanent),
            (id("p", role), SetupAction::Permanent),
        ],
        ..longest(&[ROLE], 4)
    };
    let cases = [
        (action(unknown), of(unknown, Denied::RoleNotFound)),
        (
            longest(&[ROLE, unknown], 4),
            of(unknown, Denied::RoleNotFound),
        ),
        (longest(&[ROLE], 73), of(ROLE, Denied::Settings(wrong))),
    ];
    for (plan, refused) in cases {
        assert_eq!(engine.complete_setup(&ada, &plan).await, refused);
    }
    assert_eq!(kinds(&store).await, before);
    assert_eq!(setup(&engine).await, Setup::NotStarted);
}

#[tokio::test]
async fn settings_that_one_role_cannot_have_change_none() {
    let (store, engine) = registered().await;
    let ada = caller("ada");
    // One role's shortest activation is longer than what the other is to have as its longest.
    let hours = SignedDuration::from_hours;
    let long = SettingsUpdate {
        minimum: Some(hours(6)),
        default: Some(hours(7)),
        ..SettingsUpdate::default()
    };
    engine
        .update_role_settings(&ada, ADMINISTRATOR, &long)
        .await
        .unwrap();
    let before = kinds(&store).await;
    let done = engine
        .complete_setup(&ada, &longest(&[ROLE, ADMINISTRATOR], 4))
        .await;
    let fault = SettingsFault::MinimumAboveMaximum {
        minimum: hours(6),
        maximum: hours(4),
    };
    let denied = Denied::SetupOfRole(ADMINISTRATOR, Box::new(Denied::Settings(fault)));
    assert_eq!(done, Err(denied.into()));
    assert_eq!(kinds(&store).await, before);
}
