//! Every operation of the documents succeeds through the generated client.

use std::collections::BTreeSet;

use pimento_client::graph_beta::types::{
    BatchRequest, BatchRequestPart, CompleteSetupParameters, MakePermanentParameters,
    NewPrivilegedApproval, NewPrivilegedRole, NewPrivilegedRoleAssignment,
    NewPrivilegedRoleAssignmentRequest, PrivilegedApprovalUpdate, PrivilegedRoleSettingsUpdate,
    PrivilegedRoleUpdate, SelfActivateParameters, TenantSetupInfo,
};
use pimento_client::{Pimento, client_request_id, dev, request_id, text};
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
    operations_on_own_roles(&ada).await;
    operations_on_assignments(&ada, &ben).await;
    operations_on_requests(&ada, &ben).await;
    operations_on_approvals(&ada, &ben).await;
    reads_of_the_log(&ada).await;
    counts(&ada).await;
    reads_of_the_model(&ada).await;
    operations_on_sign_up(&server).await;
    a_batch(&ada).await;
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

async fn counts(ada: &Pimento) {
    let graph = ada.graph();
    assert_eq!(*graph.count_roles().send().await.unwrap(), 145);
    let of_role = graph.count_role_assignments().id(USER_ADMINISTRATOR);
    assert_eq!(*of_role.send().await.unwrap(), 1);
    assert_eq!(*graph.count_assignments().send().await.unwrap(), 4);
    assert_eq!(*graph.count_my_assignments().send().await.unwrap(), 2);
    let held = format!("ben_{USER_ADMINISTRATOR}");
    let beside = graph.count_assignment_role_assignments().id(held);
    assert_eq!(*beside.send().await.unwrap(), 1);
    assert_eq!(*graph.count_requests().send().await.unwrap(), 2);
    assert_eq!(*graph.count_my_requests().send().await.unwrap(), 0);
    assert_eq!(*graph.count_approvals().send().await.unwrap(), 2);
    assert_eq!(*graph.count_my_approvals().send().await.unwrap(), 0);
    let asked = graph.list_approvals().send().await.unwrap().value[0]
        .id
        .clone();
    let of_request = graph.count_request_role_assignments().id(&asked);
    assert_eq!(*of_request.send().await.unwrap(), 1);
    let of_approval = graph.count_approval_role_assignments().id(&asked);
    assert_eq!(*of_approval.send().await.unwrap(), 1);
    let events = graph.list_events().top(1000).send().await.unwrap();
    let count = *graph.count_events().send().await.unwrap();
    assert_eq!(usize::try_from(count), Ok(events.value.len()));
    assert_eq!(*graph.count_signup_status().send().await.unwrap(), 1);
}

async fn reads_of_the_model(ada: &Pimento) {
    let graph = ada.graph();
    let service = graph.get_service_document().send().await.unwrap();
    assert_eq!(service.value[0].name, "privilegedApproval");
    let model = graph.get_metadata().send().await.unwrap();
    let model = text(model).await.unwrap();
    assert!(model.contains("<EntitySet Name=\"privilegedApproval\""));
}

async fn reads_of_the_log(ada: &Pimento) {
    let graph = ada.graph();
    let events = graph.list_events().top(2).count(true).send().await.unwrap();
    let first = &events.value[0];
    assert_eq!(first.request_type, "Assign");
    let one = graph
        .get_event()
        .id(first.id.as_str())
        .send()
        .await
        .unwrap();
    assert_eq!(one.id, first.id);
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
    let expanded = graph.get_role().id(USER_ADMINISTRATOR).expand("summary");
    let summary = expanded.send().await.unwrap().into_inner().summary.unwrap();
    assert_eq!(summary.users_count, 1);
    let of_role = graph.list_role_assignments().id(USER_ADMINISTRATOR);
    let of_role = of_role.send().await.unwrap();
    assert_eq!(of_role.value[0].user_id, "ben");

    let summary = graph.get_role_summary().id(USER_ADMINISTRATOR);
    assert_eq!(summary.send().await.unwrap().users_count, 1);

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

async fn operations_on_own_roles(ada: &Pimento) {
    let graph = ada.graph();
    let name = |text: &str| NewPrivilegedRole {
        name: text.parse().unwrap(),
    };
    let made = graph.create_role().body(name("Night watch")).send();
    let made = made.await.unwrap();
    assert_eq!(made.status().as_u16(), 201);
    let update = PrivilegedRoleUpdate {
        id: Some(made.id.clone()),
        name: "Day watch".parse().unwrap(),
    };
    let renamed = graph.update_role().id(&made.id).body(update).send();
    let renamed = renamed.await.unwrap();
    assert_eq!(renamed.name.as_deref(), Some("Day watch"));
    let read = graph.get_role().id(&made.id).send().await.unwrap();
    assert_eq!(*read, *renamed);
    let removed = graph.delete_role().id(&made.id).send().await.unwrap();
    assert_eq!(removed.status().as_u16(), 204);
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
    let settings = graph.get_assignment_role_settings().id(&created.id);
    assert_eq!(settings.send().await.unwrap().id, APPLICATION_ADMINISTRATOR);
    let summary = graph.get_assignment_role_summary().id(&created.id);
    assert_eq!(summary.send().await.unwrap().users_count, 1);
    let beside = graph.list_assignment_role_assignments().id(&created.id);
    assert_eq!(beside.send().await.unwrap().value[0].user_id, "dana");

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

async fn operations_on_requests(ada: &Pimento, ben: &Pimento) {
    let demand = PrivilegedRoleSettingsUpdate {
        approval_on_elevation: Some(true),
        ..Default::default()
    };
    let update = ada.graph().update_role_settings().id(USER_ADMINISTRATOR);
    update.body(demand).send().await.unwrap();
    let two_hours = |evaluate_only| NewPrivilegedRoleAssignmentRequest {
        role_id: USER_ADMINISTRATOR.to_owned(),
        type_: "UserAdd".to_owned(),
        assignment_state: "Active".to_owned(),
        reason: Some("Weekly clean-up".to_owned()),
        duration: Some("2".to_owned()),
        evaluate_only: Some(evaluate_only),
        schedule: None,
        ticket_number: None,
        ticket_system: None,
        user_id: Some("Self".to_owned()),
    };
    let graph = ben.graph();
    let judged = graph.create_request().body(two_hours(true)).send();
    let judged = judged.await.unwrap();
    assert_eq!(
        (judged.status().as_u16(), judged.evaluate_only),
        (200, Some(true))
    );
    let made = graph.create_request().body(two_hours(false)).send();
    let made = made.await.unwrap();
    assert_eq!(
        (made.status().as_u16(), made.status.as_str()),
        (201, "RequestedApproval")
    );
    let all = ada
        .graph()
        .list_requests()
        .count(true)
        .send()
        .await
        .unwrap();
    assert_eq!(all.odata_count, Some(1));
    let mine = graph.list_my_requests().send().await.unwrap();
    let role = mine.value[0].role_info.as_ref().unwrap();
    assert_eq!(role.name.as_deref(), Some("User Administrator"));
    let posted = graph.list_my_requests_by_post().send().await.unwrap();
    assert_eq!(posted.value, mine.value);
    let read = graph.get_request().id(&made.id).send().await.unwrap();
    assert_eq!(*read, *made);
    let role = graph.get_request_role().id(&made.id).send().await.unwrap();
    assert_eq!(role.id, USER_ADMINISTRATOR);
    reads_through_a_request(ada, &made.id).await;
    let cancelled = graph.cancel_request().id(&made.id).send().await.unwrap();
    assert_eq!(cancelled.status, "Cancelling");
}

async fn reads_through_a_request(ada: &Pimento, id: &str) {
    let graph = ada.graph();
    let settings = graph.get_request_role_settings().id(id);
    assert!(settings.send().await.unwrap().approval_on_elevation);
    let summary = graph.get_request_role_summary().id(id);
    assert_eq!(summary.send().await.unwrap().managed_count, 1);
    let held = graph.list_request_role_assignments().id(id);
    assert_eq!(held.send().await.unwrap().value[0].user_id, "ben");
}

async fn reads_through_an_approval(ada: &Pimento, id: &str) {
    let graph = ada.graph();
    let role = graph.get_approval_request_role().id(id);
    assert_eq!(role.send().await.unwrap().id, USER_ADMINISTRATOR);
    let settings = graph.get_approval_role_settings().id(id);
    assert!(settings.send().await.unwrap().approval_on_elevation);
    let summary = graph.get_approval_role_summary().id(id);
    assert_eq!(summary.send().await.unwrap().managed_count, 1);
    let held = graph.list_approval_role_assignments().id(id);
    assert_eq!(held.send().await.unwrap().value[0].user_id, "ben");
}

async fn operations_on_approvals(ada: &Pimento, ben: &Pimento) {
    let new = NewPrivilegedApproval {
        approval_duration: Some("PT2H".to_owned()),
        approval_state: None,
        approval_type: None,
        end_date_time: None,
        requestor_reason: Some("Weekly clean-up".to_owned()),
        role_id: USER_ADMINISTRATOR.to_owned(),
        start_date_time: None,
        ticket_number: None,
        ticket_system: None,
        user_id: None,
    };
    let graph = ben.graph();
    let made = graph.create_approval().body(new).send().await.unwrap();
    assert_eq!(made.status().as_u16(), 201);
    let graph = ada.graph();
    let read = graph.get_approval().id(&made.id).send().await.unwrap();
    assert_eq!(*read, *made);
    assert_eq!(graph.list_approvals().send().await.unwrap().value.len(), 2);
    let mine = ben.graph().list_my_approvals().send().await.unwrap();
    assert_eq!(mine.value.len(), 2);
    let request = graph.get_approval_request().id(&made.id);
    assert_eq!(request.send().await.unwrap().status, "RequestedApproval");
    let role = graph.get_approval_role().id(&made.id).send().await.unwrap();
    assert_eq!(role.id, USER_ADMINISTRATOR);
    reads_through_an_approval(ada, &made.id).await;
    let yes = PrivilegedApprovalUpdate {
        approval_state: Some("approved".to_owned()),
        ..Default::default()
    };
    let decided = graph.update_approval().id(&made.id).body(yes);
    assert_eq!(decided.send().await.unwrap().status().as_u16(), 204);
    let mine = ben.graph().list_my_assignments().send().await.unwrap();
    assert!(mine.value[0].is_elevated);
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
    assert_eq!(listed.value[0].status, "registeredSetupNotStarted");
    let info = TenantSetupInfo {
        user_roles_actions: Some(format!("gus|{GLOBAL_ADMINISTRATOR}|Temporary")),
        ..Default::default()
    };
    let set_up = graph.complete_setup().body(CompleteSetupParameters {
        tenant_setup_info: info,
    });
    let done = set_up.send().await.unwrap();
    assert_eq!(done.value[0].role_name, "Global Administrator");
    assert_eq!(done.value[0].temporary_success, 1);
    let listed = graph.list_signup_status().send().await.unwrap();
    assert_eq!(listed.value[0].status, "registrationAndSetupCompleted");
}

async fn a_batch(ada: &Pimento) {
    let part = |id: &str, url: &str, after: Option<&str>| BatchRequestPart {
        id: id.parse().unwrap(),
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: None,
        body: None,
        depends_on: after.map(|id| vec![id.to_owned()]),
    };
    let requests = vec![
        part("mine", "/privilegedRoleAssignments/my", None),
        part("status", "/privilegedSignupStatus/isSignedUp", Some("mine")),
    ];
    let batch = ada.graph().batch().body(BatchRequest { requests });
    let answer = batch.send().await.unwrap();
    let status = answer.responses.iter().find(|part| part.id == "status");
    let status = status.unwrap();
    assert_eq!((status.status, &status.body["value"]), (200, &json!(true)));
    assert_eq!(status.headers["Content-Type"], "application/json");
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
    let issued = emulator.issue_token().body(Map::new()).send().await;
    assert_eq!(issued.unwrap().token_type, "Bearer");
    let read = dev::types::ClockChange::default();
    let clock = emulator.change_clock().body(read).send().await;
    assert!(!clock.unwrap().frozen);
    let configuration = emulator.get_issuer_configuration().send().await.unwrap();
    assert!(configuration.jwks_uri.ends_with("/dev/keys"));
    let keys = emulator.get_issuer_keys().send().await.unwrap();
    assert_eq!(keys.keys.len(), 1);
}
