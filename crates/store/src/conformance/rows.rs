//! Cases: what is written is read back equal, and nothing else is.

use pimento_domain::{Grant, Instant, Kind, Origin, Settings, Setup, SignedDuration};

use super::samples::{
    acme, all_of, eligible, hold, holding, hour, load, now, permanent, principal, role, role_name,
    settings, tenant, write,
};
use crate::{Change, Expected, Revision, Store, Wanted};

/// The first and the last instant of the calendar, and the microseconds around the epoch.
pub(super) fn extreme_instants() -> Vec<Instant> {
    let ends = [
        "-009999-01-02T01:59:59.000001Z",
        "9999-12-30T21:59:59.999999Z",
    ]
    .map(|text| text.parse().expect("RFC 3339"));
    let around_epoch =
        [-1, 0, 1].map(|micros| Instant::from_micros(micros).expect("in the calendar"));
    ends.into_iter().chain(around_epoch).collect()
}

pub async fn grants_of_every_kind_and_origin_are_read_back_equal_and_in_order(store: &dyn Store) {
    let mut grants = Vec::new();
    for instant in extreme_instants() {
        for kind in [Kind::Eligible, Kind::Active] {
            for origin in [Origin::SignUp, Origin::Administrator, Origin::Activation] {
                grants.push(Grant {
                    kind,
                    start: instant,
                    end: None,
                    origin,
                });
                grants.push(Grant {
                    kind,
                    start: now(),
                    end: Some(instant),
                    origin,
                });
            }
        }
    }
    write(store, &acme(), vec![hold("ada", 1, &grants)]).await;
    let loaded = load(store, &acme(), &all_of("ada", 1)).await;
    assert_eq!(loaded.holding, Some(holding("ada", 1, &grants)));
    grants.reverse();
    write(store, &acme(), vec![hold("ada", 1, &grants)]).await;
    let loaded = load(store, &acme(), &all_of("ada", 1)).await;
    assert_eq!(loaded.holding, Some(holding("ada", 1, &grants)));
}

/// Settings of every shape that the type admits.
pub(super) fn all_settings() -> Vec<Settings> {
    let longest = "~".repeat(pimento_domain::MAX_ID_LENGTH);
    let lengths = [
        SignedDuration::MIN,
        SignedDuration::ZERO,
        SignedDuration::new(-1, -999_999_999),
        SignedDuration::MAX,
    ];
    let odd_lengths = lengths.map(|length| Settings {
        minimum: length,
        maximum: -length.max(-SignedDuration::MAX),
        default: length,
        ..settings()
    });
    let each_switch = [
        Settings {
            notification: false,
            ..settings()
        },
        Settings {
            ticket: true,
            ..settings()
        },
        Settings {
            mfa: false,
            ..settings()
        },
        Settings {
            approval: true,
            ..settings()
        },
    ];
    let approvers = [
        vec![],
        vec!["a"],
        vec!["b", "a", "b", "A"],
        vec![",", "+;=", "%20", "$", &longest, "{}", "()"],
    ];
    let each_list = approvers.map(|ids| Settings {
        approvers: ids.into_iter().map(principal).collect(),
        ..settings()
    });
    odd_lengths
        .into_iter()
        .chain(each_switch)
        .chain(each_list)
        .collect()
}

pub async fn settings_of_every_shape_are_read_back_equal(store: &dyn Store) {
    for settings in all_settings() {
        write(
            store,
            &acme(),
            vec![Change::Settings(role(1), settings.clone())],
        )
        .await;
        let loaded = load(store, &acme(), &all_of("ada", 1)).await;
        assert_eq!(loaded.settings, Some(settings));
    }
}

pub async fn how_far_a_set_up_is_is_read_back_equal(store: &dyn Store) {
    let setup = async || {
        let loaded = load(store, &acme(), &Wanted::default()).await;
        (loaded.registered, loaded.setup)
    };
    let (not_started, is) = (Setup::NotStarted, |setup| vec![Change::Setup(setup)]);
    // Who is not registered has none.
    write(store, &acme(), is(Setup::Completed)).await;
    assert_eq!(setup().await, (None, not_started));
    write(store, &acme(), vec![Change::Register(now())]).await;
    assert_eq!(setup().await, (Some(now()), not_started));
    for far in [Setup::InProgress, Setup::Completed, not_started] {
        write(store, &acme(), is(far)).await;
        assert_eq!(setup().await, (Some(now()), far));
    }
    write(store, &acme(), is(Setup::Completed)).await;
    write(store, &acme(), vec![Change::Register(hour(1))]).await;
    assert_eq!(setup().await, (Some(hour(1)), not_started));
}

pub async fn a_registration_is_read_back_equal(store: &dyn Store) {
    for instant in extreme_instants() {
        write(store, &acme(), vec![Change::Register(instant)]).await;
        let loaded = load(store, &acme(), &Wanted::default()).await;
        assert_eq!(loaded.registered, Some(instant));
    }
}

pub async fn absent_rows_come_back_absent_and_with_a_revision(store: &dyn Store) {
    let loaded = load(store, &acme(), &all_of("ada", 1)).await;
    assert_eq!(loaded.registered, None);
    assert_eq!(loaded.holding, Some(holding("ada", 1, &[])));
    assert_eq!(loaded.requests, []);
    assert_eq!(loaded.settings, None);
    assert_eq!(loaded.administrators, []);
    assert_eq!((loaded.role, loaded.named), (None, None));
    let absent = [
        Expected::Registration(Revision::ABSENT),
        Expected::Holding(principal("ada"), role(1), Revision::ABSENT),
        Expected::Requests(principal("ada"), role(1), Revision::ABSENT),
        Expected::Settings(role(1), Revision::ABSENT),
        Expected::Administrators(role(1), Revision::ABSENT),
        Expected::Role(role(1), Revision::ABSENT),
    ];
    assert_eq!(loaded.expected, absent);
}

pub async fn only_what_is_wanted_is_loaded(store: &dyn Store) {
    let everything = vec![
        Change::Register(now()),
        hold("ada", 1, &[permanent()]),
        Change::Settings(role(1), settings()),
        Change::Administrators(role(1)),
        Change::Role(role(1), role_name("Night watch")),
    ];
    write(store, &acme(), everything).await;
    let nothing = load(store, &acme(), &Wanted::default()).await;
    assert_eq!(
        (nothing.holding, nothing.settings, nothing.administrators),
        (None, None, vec![])
    );
    assert_eq!((nothing.role, nothing.named), (None, None));
    assert!(nothing.uses.is_none());
    assert!(matches!(nothing.expected[..], [Expected::Registration(_)]));
    let of_another = load(store, &acme(), &all_of("ada", 2)).await;
    assert_eq!(of_another.holding, Some(holding("ada", 2, &[])));
    assert_eq!(
        (of_another.settings, of_another.administrators),
        (None, vec![])
    );
    let settings_alone = Wanted {
        settings: Some(role(1)),
        ..Wanted::default()
    };
    let loaded = load(store, &acme(), &settings_alone).await;
    assert_eq!((loaded.holding, loaded.settings), (None, Some(settings())));
    assert!(matches!(
        loaded.expected[..],
        [Expected::Registration(_), Expected::Settings(_, _)]
    ));
}

pub async fn tenants_never_mix(store: &dyn Store) {
    let (acme, other) = (acme(), tenant("Acme"));
    let everything = vec![
        Change::Register(now()),
        hold("ada", 1, &[permanent()]),
        Change::Settings(role(1), settings()),
        Change::Administrators(role(1)),
    ];
    write(store, &acme, everything).await;
    let loaded = load(store, &other, &all_of("ada", 1)).await;
    assert_eq!(loaded.registered, None);
    assert_eq!(loaded.holding, Some(holding("ada", 1, &[])));
    assert_eq!((loaded.settings, loaded.administrators), (None, vec![]));
    assert_eq!(store.events(&other, 0, 9).await, Ok(vec![]));
    assert_eq!(
        store
            .holdings_of(&other, &principal("ada"))
            .await
            .expect("a store that works")
            .1,
        []
    );
    write(
        store,
        &other,
        vec![hold("ada", 1, &[]), hold("bob", 1, &[eligible()])],
    )
    .await;
    assert_eq!(
        load(store, &acme, &all_of("ada", 1)).await.holding,
        Some(holding("ada", 1, &[permanent()]))
    );
    assert_eq!(
        store
            .holdings_of(&acme, &principal("bob"))
            .await
            .expect("a store that works")
            .1,
        []
    );
}

pub async fn ids_are_case_sensitive_and_no_sign_in_them_means_anything(store: &dyn Store) {
    let ids = [
        "ada", "Ada", "ADA", "ad_", "ad%", "ad*", "ad?", "a.a", "[a]", "ada;--", "$1", ":1", "?1",
        "~",
    ];
    for (index, id) in ids.iter().enumerate() {
        let hours = i64::try_from(index).expect("few") + 1;
        write(
            store,
            &acme(),
            vec![hold(
                id,
                1,
                &[Grant {
                    end: Some(hour(hours)),
                    ..permanent()
                }],
            )],
        )
        .await;
    }
    for (index, id) in ids.iter().enumerate() {
        let hours = i64::try_from(index).expect("few") + 1;
        let grants = [Grant {
            end: Some(hour(hours)),
            ..permanent()
        }];
        assert_eq!(
            load(store, &acme(), &all_of(id, 1)).await.holding,
            Some(holding(id, 1, &grants)),
            "{id}"
        );
        let (_, held) = store
            .holdings_of(&acme(), &principal(id))
            .await
            .expect("a store that works");
        assert_eq!(held, [holding(id, 1, &grants)], "{id}");
    }
}

pub async fn now_is_the_time_of_the_clock(store: &dyn Store) {
    assert_eq!(load(store, &acme(), &Wanted::default()).await.now, now());
    store
        .clock()
        .change(SignedDuration::from_hours(1), None)
        .expect("the cases run on a virtual clock");
    assert_eq!(load(store, &acme(), &Wanted::default()).await.now, hour(1));
    assert_eq!(
        store
            .holdings_of(&acme(), &principal("ada"))
            .await
            .expect("a store that works")
            .0,
        hour(1)
    );
}

pub async fn a_store_that_works_says_so(store: &dyn Store) {
    assert_eq!(store.check().await, Ok(()));
    write(store, &acme(), vec![]).await;
    assert_eq!(store.check().await, Ok(()));
}
