//! Every operation of the documents succeeds through the generated client.

use std::collections::BTreeSet;

use pimento_client::graph_beta::types::{
    MakePermanentParameters, NewPrivilegedRoleAssignment, PrivilegedRoleSettingsUpdate,
    SelfActivateParameters,
};
use pimento_client::{Pimento, client_request_id, dev, request_id};
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Contract, TestServer};
use serde_json::{Map, json};

#[tokio::test]
async fn every_operation_of_the_documents_succeeds_through_the_generated_client() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await.client();
    let with_mfa = json!({"oid": "ben", "amr": ["pwd", "mfa"]});
    let ben = server.signed_in(&with_mfa).await.client();
    operations_on_roles(&ada, &ben).await;
    operations_on_assignments(&ada, &ben).await;
    operations_on_sign_up(&server).await;
    operations_of_operators(&ada).await;
    operations_of_the_emulator(&ada).await;

    let answered = server.answered();
    let succeeded: BTreeSet<&str> = answered
        .iter()
        .filter(|(_, status, _)| *status < 300)
        .map(|(operation, _, _)| operation.as_str())
        .collect();
    let contract = Contract::of_dev();
    let documented: BTreeSet<&str> = contract.documented().into_keys().collect();
    assert_eq!(succeeded, documented);
    assert!(answered.iter().all(|(_, status, _)| *status < 300));
}

async fn operations_on_roles(ada: &Pimento, ben: &Pimento) {
    let graph = ada.graph();
    let roles = graph.list_roles().top(3).count(true).send().await.unwrap();
    assert_eq!(roles.value.len(), 3);
    assert_eq!(roles.odata_count, Some(145));
    let role = graph
        .get_role()
        .id(USER_ADMINISTRATOR)
        .send()
        .await
        .unwrap();
    assert_eq!(role.name.as_deref(), Some("User Administrator"));
    let of_role = graph.list_role_assignments().id(USER_ADMINISTRATOR);
    let of_role = of_role.send().await.unwrap();
    assert_eq!(of_role.value[0].user_id, "ben");

    let settings = graph.get_role_settings().id(USER_ADMINISTRATOR);
    let settings = settings.send().await.unwrap();
    assert!(settings.mfa_on_elevation && !settings.is_mfa_on_elevation_configurable);
    let longest = |text: &str| PrivilegedRoleSettingsUpdate {
        max_elavation_duration: Some(text.to_owned()),
        ..Default::default()
    };
    let replace = graph.replace_role_settings().id(USER_ADMINISTRATOR);
    replace.body(longest("PT4H")).send().await.unwrap();
    let update = graph.update_role_settings().id(USER_ADMINISTRATOR);
    update.body(longest("PT2H")).send().await.unwrap();
    let changed = graph.get_role_settings().id(USER_ADMINISTRATOR);
    assert_eq!(changed.send().await.unwrap().max_elavation_duration, "PT2H");

    let whole = SelfActivateParameters {
        duration: Some("PT2H".to_owned()),
        reason: Some("Weekly clean-up".parse().unwrap()),
        ..Default::default()
    };
    let activate = ben.graph().self_activate().id(USER_ADMINISTRATOR);
    let active = activate.body(whole).send().await.unwrap();
    assert!(active.is_elevated && active.expiration_date_time.is_some());
    let deactivate = ben.graph().self_deactivate().id(USER_ADMINISTRATOR);
    assert!(!deactivate.send().await.unwrap().is_elevated);
}

async fn operations_on_assignments(ada: &Pimento, ben: &Pimento) {
    let graph = ada.graph();
    let all = graph.list_assignments().send().await.unwrap();
    assert_eq!(all.value.len(), 4);
    let mine = ben.graph().list_my_assignments().send().await.unwrap();
    assert_eq!(mine.value.len(), 1);

    let new = NewPrivilegedRoleAssignment {
        user_id: "dana".parse().unwrap(),
        role_id: APPLICATION_ADMINISTRATOR.to_owned(),
        is_elevated: Some(false),
        expiration_date_time: None,
    };
    let created = graph.create_assignment().body(new).send().await.unwrap();
    assert_eq!(created.status().as_u16(), 201);
    assert_eq!(created.id, format!("dana_{APPLICATION_ADMINISTRATOR}"));
    let read = graph.get_assignment().id(&created.id).send().await.unwrap();
    assert_eq!(*read, *created);
    let info = graph.get_assignment_role().id(&created.id);
    assert_eq!(info.send().await.unwrap().id, APPLICATION_ADMINISTRATOR);

    let why = MakePermanentParameters {
        reason: Some("Dana runs the portal".parse().unwrap()),
        ticket_number: Some("CHG-7".parse().unwrap()),
        ticket_system: Some("Service desk".parse().unwrap()),
    };
    let permanent = graph.make_permanent().id(&created.id).body(why);
    let permanent = permanent.send().await.unwrap();
    assert!(permanent.is_elevated && permanent.expiration_date_time.is_none());
    let eligible = graph.make_eligible().id(&created.id).send().await.unwrap();
    assert!(!eligible.is_elevated);
    let gone = graph.delete_assignment().id(&created.id);
    let gone = gone.send().await.unwrap();
    assert_eq!(gone.status().as_u16(), 204);
    assert!(request_id(&gone).is_some() && client_request_id(&gone).is_some());
}

async fn operations_on_sign_up(server: &TestServer) {
    let tenant = "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25";
    let fay = json!({"oid": "fay", "tid": tenant, "wids": [GLOBAL_ADMINISTRATOR]});
    let fay = server.signed_in(&fay).await.client();
    let graph = fay.graph();
    assert!(graph.can_sign_up().send().await.unwrap().value);
    assert!(!graph.is_signed_up().send().await.unwrap().value);
    let status = graph.sign_up().send().await.unwrap();
    assert!(status.is_registered);
    assert_eq!(status.id, tenant);
    let listed = graph.list_signup_status().send().await.unwrap();
    assert_eq!(listed.value[0].status, "registrationAndSetupCompleted");
}

async fn operations_of_operators(anybody: &Pimento) {
    let admin = anybody.admin();
    assert_eq!(admin.get_livez().send().await.unwrap().status, "alive");
    let ready = admin.get_readyz().send().await.unwrap();
    assert_eq!(ready.checks[0].name, "store");
    let version = admin.get_version().send().await.unwrap();
    assert_eq!(version.name, "pimento-server");
}

async fn operations_of_the_emulator(anybody: &Pimento) {
    let emulator = anybody.dev();
    let token = emulator
        .issue_token()
        .body(Map::new())
        .send()
        .await
        .unwrap();
    assert_eq!(token.token_type, "Bearer");
    let read = dev::types::ClockChange::default();
    assert!(
        !emulator
            .change_clock()
            .body(read)
            .send()
            .await
            .unwrap()
            .frozen
    );
    let configuration = emulator.get_issuer_configuration().send().await.unwrap();
    assert!(configuration.jwks_uri.ends_with("/dev/keys"));
    let keys = emulator.get_issuer_keys().send().await.unwrap();
    assert_eq!(keys.keys.len(), 1);
}
