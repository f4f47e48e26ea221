//! Tables of spellings, and the properties that hold for any input.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;

use super::Vocabulary;

const ROUTES: [&str; 17] = [
    "/beta",
    "/beta/$metadata",
    "/beta/privilegedRoles",
    "/beta/privilegedRoles/{id}",
    "/beta/privilegedRoles/{id}/assignments",
    "/beta/privilegedRoles/{id}/settings",
    "/beta/privilegedRoles/{id}/selfActivate",
    "/beta/privilegedRoleAssignments",
    "/beta/privilegedRoleAssignments/my",
    "/beta/privilegedRoleAssignments/{id}",
    "/beta/privilegedRoleAssignments/{id}/makePermanent",
    "/beta/privilegedRoleAssignments/{id}/makeEligible",
    "/beta/privilegedRoleAssignments/{id}/roleInfo",
    "/beta/privilegedRoleAssignments/$count",
    "/beta/privilegedSignupStatus",
    "/beta/privilegedSignupStatus/isSignedUp",
    "/beta/$batch",
];

fn canonical(path: &str) -> Option<String> {
    Vocabulary::new(ROUTES).canonical(path)
}

/// Asserts that each path behind `/beta` folds to the one in front of it, and that the fold ends there.
fn assert_folds(table: &[(&str, &[&str])]) {
    for (expected, spellings) in table {
        let expected = format!("/beta{expected}");
        for spelling in *spellings {
            let folded = canonical(&format!("/beta{spelling}"));
            assert_eq!(folded.as_deref(), Some(expected.as_str()), "{spelling}");
        }
        assert_eq!(
            canonical(&expected).as_deref(),
            Some(expected.as_str()),
            "again"
        );
    }
}

/// Asserts that none of the paths, set apart by blanks, belongs to a route.
fn assert_unknown(paths: &str) {
    for path in paths.split_whitespace() {
        assert_eq!(canonical(path), None, "{path}");
    }
}

/// The route that a router finds which compares raw segments and prefers literals, with its ids decoded.
fn routed(path: &str) -> Option<(&'static str, Vec<String>)> {
    let segments: Vec<_> = path.split('/').collect();
    let fits = |route: &&str| {
        let wanted: Vec<_> = route.split('/').collect();
        wanted.len() == segments.len()
            && wanted
                .iter()
                .zip(&segments)
                .all(|(want, have)| want == have || *want == "{id}")
    };
    let route = ROUTES
        .into_iter()
        .filter(fits)
        .min_by_key(|route| route.matches('{').count())?;
    let ids = route
        .split('/')
        .zip(&segments)
        .filter(|(want, _)| *want == "{id}");
    let decoded = ids.map(|(_, id)| {
        percent_decode_str(id)
            .decode_utf8()
            .expect("an id is UTF-8")
            .into_owned()
    });
    Some((route, decoded.collect()))
}

#[test]
fn a_path_as_the_routes_write_it_stays_as_it_is() {
    for route in ROUTES {
        let path = route.replace("{id}", "Ann_88d8e3e3-8f55-4a1e-953a-9b9898b8876b");
        assert_eq!(canonical(&path), Some(path));
    }
}

#[test]
fn functions_and_actions_come_qualified_or_called_or_both() {
    assert_folds(&[
        (
            "/privilegedRoleAssignments/my",
            &[
                "/privilegedRoleAssignments/my()",
                "/privilegedRoleAssignments/microsoft.graph.my",
                "/privilegedRoleAssignments/microsoft.graph.my()",
                "/privilegedRoleAssignments/Microsoft.Graph.My()",
                "/privilegedRoleAssignments/my%28%29",
                "/privilegedRoleAssignments/microsoft%2Egraph%2emy%28)",
                "/privilegedRoleAssignments/m%79/",
            ],
        ),
        (
            "/privilegedRoleAssignments/u_r/makeEligible",
            &[
                "/privilegedRoleAssignments/u_r/microsoft.graph.makeEligible",
                "/privilegedRoleAssignments('u_r')/microsoft.graph.makeeligible()",
                "/privilegedRoleAssignments(u_r)/makeEligible()",
            ],
        ),
        (
            "/privilegedSignupStatus/isSignedUp",
            &[
                "/privilegedSignupStatus/isSignedUp()",
                "/privilegedsignupstatus/microsoft.graph.issignedup()",
            ],
        ),
    ]);
}

#[test]
fn a_key_may_stand_in_parentheses_with_or_without_quotes_and_escapes() {
    assert_folds(&[
        (
            "/privilegedRoles/88d8e3e3-8f55/settings",
            &[
                "/privilegedRoles('88d8e3e3-8f55')/settings",
                "/privilegedRoles(88d8e3e3-8f55)/settings",
                "/privilegedRoles(%2788d8e3e3-8f55%27)/settings",
                "/privilegedRoles%28%2788d8e3e3-8f55%27%29/settings/",
                "/PRIVILEGEDROLES('88d8e3e3%2D8f55')/Settings",
            ],
        ),
        (
            "/privilegedRoles/o%27neil",
            &[
                "/privilegedRoles('o''neil')",
                "/privilegedRoles(%27o%27%27neil%27)",
            ],
        ),
        ("/privilegedRoles/%27", &["/privilegedRoles('''')"]),
        (
            "/privilegedRoles/a%28b%29",
            &[
                "/privilegedRoles(a(b))",
                "/privilegedRoles('a(b)')",
                "/privilegedRoles/a(b)",
            ],
        ),
    ]);
}

#[test]
fn an_unbalanced_or_empty_key_names_nothing() {
    assert_unknown(
        "/beta/privilegedRoles()/settings /beta/privilegedRoles('') /beta/privilegedRoles(') \
         /beta/privilegedRoles('a /beta/privilegedRoles('a' /beta/privilegedRoles('a''')' \
         /beta/privilegedRoles('o'neil') /beta/privilegedRoles(o'neil) \
         /beta/privilegedRoles('a/b') /beta/privilegedRoles('a')('b') \
         /beta/privilegedRoles('..') /beta/privilegedSignupStatus('a')",
    );
}

#[test]
fn letter_case_and_escapes_are_forgotten_in_literals_only() {
    assert_folds(&[
        (
            "/privilegedRoles",
            &[
                "/PrivilegedRoles",
                "/privilegedRole%73",
                "/%70rivilegedRoles/",
            ],
        ),
        (
            "/privilegedRoles/AbC",
            &["/PRIVILEGEDROLES/AbC", "/privilegedRoles/%41bC"],
        ),
        (
            "/privilegedRoleAssignments/$count",
            &[
                "/privilegedRoleAssignments/%24count",
                "/privilegedRoleAssignments/$COUNT",
            ],
        ),
        ("/$batch", &["/%24batch", "/$Batch"]),
    ]);
    assert_eq!(
        canonical("/BETA/privilegedRoles").as_deref(),
        Some("/beta/privilegedRoles")
    );
}

#[test]
fn a_set_or_a_version_is_never_called() {
    assert_folds(&[("", &["", "/"]), ("/$metadata", &["/%24MetaData/"])]);
    assert_unknown(
        "/beta()/privilegedRoles /microsoft.graph.beta/privilegedRoles /beta/privilegedRoles() \
         /beta/microsoft.graph.privilegedRoles /beta() /microsoft.graph.beta /beta/$metadata() \
         /beta/microsoft.graph.$metadata /beta/$metadata/$metadata",
    );
}

#[test]
fn an_escaped_slash_stays_within_its_id() {
    assert_folds(&[(
        "/privilegedRoles/a%2Fb",
        &["/privilegedRoles/a%2fb", "/privilegedRoles('a%2Fb')"],
    )]);
}

#[test]
fn an_id_of_any_characters_reaches_the_router_decoded() {
    for id in [
        "user@example.org_r",
        "a+b",
        "ü",
        "100%",
        "a b",
        "x'y",
        "$value",
        "a;b,c=d",
        "microsoft.graph.x",
        "?#[]",
    ] {
        let written = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
        let folded =
            canonical(&format!("/beta/privilegedRoles/{written}/settings")).expect("a known route");
        assert_eq!(
            routed(&folded),
            Some(("/beta/privilegedRoles/{id}/settings", vec![id.to_owned()]))
        );
    }
}

#[test]
fn a_literal_wins_over_an_id_but_never_over_a_key() {
    assert_folds(&[
        (
            "/privilegedRoleAssignments/my",
            &["/privilegedRoleAssignments/MY"],
        ),
        (
            "/privilegedRoleAssignments/%6Dy",
            &[
                "/privilegedRoleAssignments('my')",
                "/privilegedRoleAssignments(my)",
            ],
        ),
        (
            "/privilegedRoleAssignments/%4DY",
            &["/privilegedRoleAssignments('MY')"],
        ),
        (
            "/privilegedRoleAssignments/%6Dy%28%29",
            &["/privilegedRoleAssignments('my()')"],
        ),
        (
            "/privilegedRoleAssignments/%24%63ount",
            &["/privilegedRoleAssignments('$count')"],
        ),
    ]);
    for (path, id) in [
        ("/beta/privilegedRoleAssignments('my')", "my"),
        ("/beta/privilegedRoleAssignments('$count')", "$count"),
    ] {
        let folded = canonical(path).expect("a known route");
        assert_eq!(
            routed(&folded),
            Some(("/beta/privilegedRoleAssignments/{id}", vec![id.to_owned()]))
        );
    }
}

#[test]
fn a_literal_that_leads_nowhere_gives_way_to_an_id() {
    assert_folds(&[(
        "/privilegedRoleAssignments/%6Dy/roleInfo",
        &["/privilegedRoleAssignments/my/roleInfo"],
    )]);
}

#[test]
fn a_path_of_no_known_route_is_left_alone() {
    assert_unknown(
        "/ * beta/privilegedRoles /v1.0/privilegedRoles /swagger-ui/index.html \
         /beta/privilegedRoles/a/b /beta/privilegedRoles/a/settings/more \
         /beta/microsoft.graph. /beta/privilegedRoleAssignments/u_r/()",
    );
}

#[test]
fn a_malformed_path_is_left_alone() {
    assert_unknown(
        "// //beta/privilegedRoles /beta//privilegedRoles /beta/privilegedRoles// \
         /beta/privilegedRoles//settings /beta/./privilegedRoles /beta/privilegedRoles/.. \
         /beta/privilegedRoles/%2E%2e/settings /beta/privilegedRoles/% \
         /beta/privilegedRoles/%4 /beta/privilegedRoles/%zz /beta/privilegedRoles/%4%31 \
         /beta/privilegedRoles/%FF /beta/privilegedRoles/%C3 /beta/privilegedRoles/a%00b \
         /beta/privilegedRoles('%00')",
    );
}

#[test]
fn the_root_is_a_route_like_any_other_and_nothing_is_none() {
    assert_eq!(Vocabulary::new(["/"]).canonical(""), None);
    assert_eq!(Vocabulary::new(["/"]).canonical("/").as_deref(), Some("/"));
    assert_eq!(Vocabulary::new([]).canonical("/"), None);
}

#[test]
fn a_path_of_many_segments_is_judged_without_deep_recursion() {
    assert_eq!(canonical(&"/beta".repeat(100_000)), None);
    assert_eq!(
        canonical(&format!("/beta/privilegedRoles{}", "('a')".repeat(100_000))),
        None
    );
}

/// Pieces of paths that are mostly right, so that random ones often meet a route.
fn near_path() -> impl Strategy<Value = String> {
    let set = prop::sample::select(vec![
        "privilegedRoleAssignments",
        "PRIVILEGEDROLES",
        "privilegedRole%73",
    ]);
    let id = prop_oneof![
        prop::sample::select(vec![
            "my",
            "MY",
            "%6Dy",
            "%6dy",
            "my()",
            "microsoft.graph.my",
            "$count",
            "%24count",
            "%24%63ount"
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9%'()$._-]{1,8}",
        "\\PC{1,4}",
    ];
    let last = prop::sample::select(vec![
        "",
        "/",
        "/settings",
        "/microsoft.graph.makeEligible()",
        "/RoleInfo/",
        "/%73ettings",
    ]);
    (
        set,
        prop::sample::select(vec![
            ("/", ""),
            ("(", ")"),
            ("('", "')"),
            ("%28%27", "%27%29"),
        ]),
        id,
        last,
    )
        .prop_map(|(set, (open, close), id, last)| format!("/beta/{set}{open}{id}{close}{last}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_judged_without_a_panic(path in any::<String>()) {
        let _judged = canonical(&path);
    }

    #[test]
    fn a_path_folded_twice_stays_the_same_and_is_a_route_for_a_plain_router(path in near_path()) {
        if let Some(folded) = canonical(&path) {
            prop_assert_eq!(canonical(&folded), Some(folded.clone()));
            prop_assert!(routed(&folded).is_some(), "{} led to {}", path, folded);
        }
    }

    #[test]
    fn a_quoted_key_always_reaches_the_router_as_that_id(
        id in "\\PC{1,12}|my|MY|my\\(\\)|\\$count|microsoft\\.graph\\.my",
    ) {
        prop_assume!(!matches!(id.as_str(), "." | ".."));
        let quoted = id.replace('\'', "''");
        let written = percent_encoding::utf8_percent_encode(&quoted, percent_encoding::NON_ALPHANUMERIC);
        let folded = canonical(&format!("/beta/privilegedRoleAssignments('{written}')"));
        let folded = folded.expect("a key in quotes names an entity");
        prop_assert_eq!(routed(&folded), Some(("/beta/privilegedRoleAssignments/{id}", vec![id])));
    }
}
