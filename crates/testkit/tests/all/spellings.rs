//! All spellings of a URL reach the same handler, and what is no spelling of one reaches none.

use pimento_testkit::role::{SECURITY_READER, USER_ADMINISTRATOR};
use pimento_testkit::{Answer, Person, TestServer};
use serde_json::Value;

const BEN: &str = "ben_fe930be7-5e62-47db-91af-98c3a49a38b1";

/// For each path: other spellings of it, without the `/beta` at the beginning. `{role}` and `{ben}` stand for ids.
const READS: &[(&str, &[&str])] = &[
    (
        "/privilegedRoles",
        &[
            "/privilegedRoles/",
            "/PRIVILEGEDROLES",
            "/%70rivilegedRoles",
            "/privilegedroles?$top=100",
        ],
    ),
    (
        "/privilegedRoles/{role}",
        &[
            "/privilegedRoles('{role}')",
            "/privilegedRoles({role})",
            "/privilegedRoles(%27{role}%27)",
            "/privilegedRoles%28%27{role}%27%29",
            "/privilegedRoles/{ROLE}",
            "/privilegedRoles/{role}/",
            "/privilegedRoles/%66e930be7-5e62-47db-91af-98c3a49a38b1",
        ],
    ),
    (
        "/privilegedRoles/{role}/assignments",
        &[
            "/privilegedRoles('{role}')/assignments",
            "/privilegedroles/{role}/ASSIGNMENTS/",
        ],
    ),
    (
        "/privilegedRoles/{role}/settings",
        &[
            "/privilegedRoles('{role}')/settings",
            "/privilegedRoles/{role}/Settings",
            "/privilegedRoles/{role}/set%74ings",
        ],
    ),
    (
        "/privilegedRoleAssignments/my",
        &[
            "/privilegedRoleAssignments/my()",
            "/privilegedRoleAssignments/microsoft.graph.my",
            "/privilegedRoleAssignments/microsoft.graph.my()",
            "/privilegedRoleAssignments/MICROSOFT.Graph.My()",
            "/privilegedRoleAssignments/my%28%29",
            "/privilegedRoleAssignments/MY/",
        ],
    ),
    (
        "/privilegedRoleAssignments/{ben}",
        &[
            "/privilegedRoleAssignments('{ben}')",
            "/privilegedRoleAssignments({ben})",
            "/privilegedRoleAssignments%28'{ben}'%29/",
            "/privilegedRoleAssignments/ben%5F{role}",
            "/privilegedRoleAssignments/%62en_{ROLE}",
        ],
    ),
    (
        "/privilegedRoleAssignments/{ben}/roleInfo",
        &[
            "/privilegedRoleAssignments('{ben}')/roleInfo",
            "/privilegedRoleAssignments/{ben}/ROLEINFO",
        ],
    ),
    (
        "/privilegedSignupStatus",
        &["/privilegedSignupStatus/", "/PrivilegedSignupStatus"],
    ),
    (
        "/privilegedSignupStatus/isSignedUp",
        &[
            "/privilegedSignupStatus/isSignedUp()",
            "/privilegedSignupStatus/microsoft.graph.isSignedUp()",
            "/privilegedSignupStatus/IsSignedUp",
        ],
    ),
    (
        "/privilegedSignupStatus/canSignUp",
        &[
            "/privilegedSignupStatus/canSignUp()",
            "/privilegedSignupStatus/microsoft.graph.canSignUp",
        ],
    ),
];

/// For each action: its spellings, all of which answer 200.
const ACTIONS: &[(&str, &[&str])] = &[
    (
        "make_permanent",
        &[
            "/privilegedRoleAssignments/{ben}/makePermanent",
            "/privilegedRoleAssignments/{ben}/microsoft.graph.makePermanent",
            "/privilegedRoleAssignments('{ben}')/makePermanent",
            "/privilegedRoleAssignments({ben})/Microsoft.Graph.MAKEPERMANENT/",
            "/privilegedRoleAssignments%28%27{ben}%27%29/make%50ermanent",
            "/privilegedRoleAssignments/{ben}/makePermanent()",
        ],
    ),
    (
        "make_eligible",
        &[
            "/privilegedRoleAssignments/{ben}/makeEligible",
            "/privilegedRoleAssignments('{ben}')/microsoft.graph.makeEligible",
            "/privilegedroleassignments/{ben}/makeeligible",
        ],
    ),
    (
        "self_activate",
        &["/privilegedRoles('{role}')/microsoft.graph.selfActivate"],
    ),
    (
        "self_deactivate",
        &["/privilegedRoles({role})/selfDEACTIVATE/"],
    ),
    (
        "sign_up",
        &[
            "/privilegedSignupStatus/signUp",
            "/privilegedSignupStatus/microsoft.graph.signUp",
            "/privilegedSignupStatus/SIGNUP()",
        ],
    ),
];

/// What belongs to no route, however it looks.
const NOTHING: &[&str] = &[
    "/",
    "/nowhere",
    "/beta()",
    "/microsoft.graph.beta/",
    "/beta()/privilegedRoles",
    "/beta/nowhere",
    "/v1.0/privilegedRoles",
    "/privilegedRoles",
    "//beta/privilegedRoles",
    "/beta//privilegedRoles",
    "/beta/privilegedRoles//",
    "/beta/./privilegedRoles",
    "/beta/x/../privilegedRoles",
    "/beta/%2e%2e/beta/privilegedRoles",
    "/beta%2FprivilegedRoles",
    "/beta/privilegedRoles()/x",
    "/beta/privilegedRoles('{role}')/nothing",
    "/beta/privilegedRoles/{role}/settings/x",
    "/beta/privilegedRoles/{role}/summaries",
    "/beta/privilegedRoles('{role}'/settings",
    "/beta/privilegedRoles/{role}/microsoft.graph.",
    "/beta/privilegedRoles/{role}/graph.selfActivate",
    "/beta/privilegedRoleAssignments/{ben}/makePermanent/x",
    "/beta/privilegedRoleAssignments/%00",
    "/beta/privilegedRoleAssignments/%ff",
    "/beta/privilegedRoleAssignments/%zz",
    "/beta/privilegedRoleAssignments/%00?$top=1",
    "/beta/privilegedRoleAssignments/%ff?$top=1",
    "/beta/privilegedRoleAssignments/%zz?$top=1",
    "/beta/privilegedRoleAssignments/..",
    "/beta/privilegedApproval/..?$top=1",
    "/beta/privilegedRoles/%2E/settings?$top=1",
    "/beta/$metadata()",
    "/beta/microsoft.graph.$metadata",
    "/beta/$metadata/$count",
    "/beta/$count",
    "/beta/privilegedRoles/$count/x",
    "/beta/privilegedRoles/$count()",
    "/beta/privilegedRoles/microsoft.graph.$count",
    "/beta/privilegedRoles('{role}')/$count",
    "/beta/privilegedRoles/{role}/settings/$count",
    "/openapi",
    "/openapi/none.json",
    "/swagger-ui/none.js",
    "/swagger-ui/../openapi/admin.json",
    "/dev",
];

fn filled(path: &str) -> String {
    path.replace("{ben}", BEN)
        .replace("{role}", USER_ADMINISTRATOR)
        .replace("{ROLE}", &USER_ADMINISTRATOR.to_uppercase())
}

/// The body without the link to the next page, which repeats the spelling.
fn linkless(mut body: Value) -> Value {
    body.as_object_mut().unwrap().remove("@odata.nextLink");
    body
}

async fn get(person: &Person<'_>, path: &str) -> Answer {
    person.get(&filled(path)).await
}

#[tokio::test]
async fn every_spelling_of_a_path_answers_the_same() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (path, spellings) in READS {
        let plain = linkless(get(&ada, &format!("/beta{path}")).await.expect(200));
        for spelling in *spellings {
            for root in ["/beta", "/BETA", "/%62eta"] {
                let answer = get(&ada, &format!("{root}{spelling}")).await;
                assert_eq!(linkless(answer.expect(200)), plain, "{root}{spelling}");
            }
        }
    }
}

#[tokio::test]
async fn every_spelling_of_an_action_does_it() {
    let server = TestServer::dev().await;
    let claims = serde_json::json!({
        "oid": "ben", "amr": ["mfa"],
        "wids": [pimento_testkit::role::PRIVILEGED_ROLE_ADMINISTRATOR, pimento_testkit::role::GLOBAL_ADMINISTRATOR],
    });
    let ben = server.signed_in(&claims).await;
    for (operation, spellings) in ACTIONS {
        for spelling in *spellings {
            let answer = ben.post(&filled(&format!("/beta{spelling}"))).await;
            assert_eq!(answer.status, 200, "{spelling}");
        }
        assert!(
            server
                .answered()
                .contains(&((*operation).to_owned(), 200, String::new())),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn what_is_no_spelling_of_a_path_is_not_found() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for path in NOTHING {
        let answer = get(&ada, path).await;
        assert_eq!(answer.status, 404, "{path}");
        let error = answer.refused(404, "ResourceNotFound");
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn ids_that_cannot_be_name_nothing() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for id in [
        "none",
        "7",
        "fe930be75e6247db91af98c3a49a38b1",
        "{fe930be7-5e62-47db-91af-98c3a49a38b1}",
        "%27",
    ] {
        let paths = [
            format!("/beta/privilegedRoles/{id}"),
            format!("/beta/privilegedRoles/{id}/settings"),
        ];
        for path in paths {
            ada.get(&path).await.refused(404, "ResourceNotFound");
        }
    }
    let long = format!("{}_{USER_ADMINISTRATOR}", "x".repeat(129));
    for id in [
        "none",
        "_",
        "ben_",
        "ben_none",
        "_fe930be7-5e62-47db-91af-98c3a49a38b1",
        "b%20n_fe930be7-5e62-47db-91af-98c3a49a38b1",
        "b%C3%A4n_fe930be7-5e62-47db-91af-98c3a49a38b1",
        "b%2Fn_fe930be7-5e62-47db-91af-98c3a49a38b1",
        &long,
    ] {
        ada.get(&format!("/beta/privilegedRoleAssignments/{id}"))
            .await
            .refused(404, "ResourceNotFound");
    }
}

#[tokio::test]
async fn the_case_of_an_id_that_is_no_guid_matters() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let answer = ada
        .get(&format!(
            "/beta/privilegedRoleAssignments/BEN_{USER_ADMINISTRATOR}"
        ))
        .await;
    answer.refused(404, "ResourceNotFound");
    let answer = ada
        .get(&format!(
            "/beta/privilegedRoleAssignments('CLEO_{SECURITY_READER}')"
        ))
        .await;
    answer.refused(404, "ResourceNotFound");
    let my = ada.get("/beta/privilegedRoleAssignments('my')").await;
    my.refused(404, "ResourceNotFound");
    assert_ne!(
        Value::Null,
        ada.get("/beta/privilegedRoleAssignments/my")
            .await
            .expect(200)["value"]
    );
}
