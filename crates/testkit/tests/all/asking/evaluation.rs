//! `evaluateOnly`: the verdict, and nothing else.

use pimento_testkit::TestServer;
use serde_json::json;

use super::{World, activation, ask, asked, assignment_of_dana, everything, id};
use crate::paths::request;

#[tokio::test]
async fn a_request_that_would_pass_is_shown_as_it_would_be_and_is_not_made() {
    let server = TestServer::dev().await;
    let world = World::with_approval_by_cleo(&server).await;
    let before = everything(&world.ada).await;
    let later = json!({"startDateTime": world.at(60)});
    for (person, body, status) in [
        (&world.ben, activation(json!({})), "RequestedApproval"),
        (
            &world.ada,
            assignment_of_dana("Eligible", json!({})),
            "Completed",
        ),
        (
            &world.ada,
            assignment_of_dana("Active", json!({"schedule": later})),
            "Scheduled",
        ),
    ] {
        let mut body = body;
        body["evaluateOnly"] = json!(true);
        let answer = ask(person, body).await;
        assert_eq!(answer.header("location"), None);
        let judged = answer.expect(200);
        assert_eq!(
            (&judged["status"], &judged["evaluateOnly"]),
            (&json!(status), &json!(true))
        );
        let absent = world.ada.get(&request(&id(&judged))).await;
        absent.refused(404, "ResourceNotFound");
    }
    assert_eq!(everything(&world.ada).await, before);
    // Nor does it stand in the way of the real one.
    let real = asked(&world.ben, activation(json!({"evaluateOnly": false}))).await;
    let shown = world.ben.get(&request(&real)).await.expect(200);
    assert_eq!(shown.get("evaluateOnly"), None);
}

#[tokio::test]
async fn a_request_that_would_fail_is_refused_as_the_real_one_would_be() {
    let server = TestServer::dev().await;
    let strict = json!({"ticketingInfoOnElevation": true, "approvalOnElevation": true});
    let world = World::under(&server, &strict).await;
    let refused = json!({"duration": "9", "reason": null, "evaluateOnly": true});
    let error = ask(&world.ben, activation(refused)).await;
    let error = error.refused(400, "RoleAssignmentRequestPolicyValidationFailed");
    assert_eq!(error["details"].as_array().unwrap().len(), 3);

    let ticket = json!({"ticketNumber": "INC-7"});
    asked(&world.ben, activation(ticket)).await;
    let before = everything(&world.ada).await;
    let again = json!({"ticketNumber": "INC-7", "evaluateOnly": true});
    let error = ask(&world.ben, activation(again)).await;
    error.refused(400, "PendingApprovalExists");
    assert_eq!(everything(&world.ada).await, before);
}
