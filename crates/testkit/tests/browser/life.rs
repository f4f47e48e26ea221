//! The manual's steps through the life of an assignment, taken on the page as it tells to.

use pimento_testkit::TestServer;
use serde_json::Value;

use crate::swagger_ui::{assert_quiet, choose, open, photograph};
use crate::tab::Tab;

/// The section of the manual.
const STEPS: &str = ".info details[open] ol";

pub(crate) async fn lead_through_a_life(tab: &mut Tab) {
    let server = TestServer::dev_that_records().await;
    open(tab, &server, "").await;
    tab.click(".info details:nth-of-type(2) summary").await;
    photograph(tab, "life").await;
    execute(tab, "update_role_settings", None, "204").await;
    sign_in(tab, "ben").await;
    assert_eq!(own(tab).await, (false, false));
    execute(tab, "create_request", None, "201").await;
    assert_eq!(own(tab).await, (false, false));
    sign_in(tab, "cleo").await;
    let waits = execute(tab, "list_approvals", None, "200").await;
    let id = waits["value"][0]["id"].as_str().unwrap().to_owned();
    execute(tab, "update_approval", Some(&id), "204").await;
    sign_in(tab, "ben").await;
    assert_eq!(own(tab).await, (true, true));
    let before = tab.text("#clock output").await;
    tab.click("#clock button[value=PT2H]").await;
    let moves = format!(
        r"output => new Promise(resolve => {{
            const look = () => output.value === {before:?} ? requestAnimationFrame(look) : resolve(true);
            look();
        }})"
    );
    assert_eq!(tab.look("#clock output", &moves).await, true);
    assert_eq!(own(tab).await, (false, false));
    photograph(tab, "ended").await;
    sign_in(tab, "ada").await;
    let log = execute(tab, "list_events", None, "200").await;
    let events = log["value"].as_array().unwrap();
    let told = |event: &Value| event["requestType"].as_str().unwrap().to_owned();
    let of_ben = events.iter().filter(|event| event["userId"] == "ben");
    assert_eq!(
        Vec::from_iter(of_ben.map(told)),
        ["Assign", "Activate", "Deactivate"]
    );
    assert_quiet(tab, &server);
}

/// Becomes somebody else, and waits until the page has their token.
async fn sign_in(tab: &mut Tab, person: &str) {
    choose(tab, "#person select", person).await;
    tab.text("#person select:enabled").await;
}

/// Whether ben is active, and whether that has an end.
async fn own(tab: &mut Tab) -> (bool, bool) {
    let mine = execute(tab, "list_my_assignments", None, "200").await;
    let [one] = &mine["value"].as_array().unwrap()[..] else {
        panic!("one assignment: {mine}");
    };
    assert_eq!(one["userId"], "ben", "{mine}");
    (
        one["isElevated"].as_bool().unwrap(),
        one["expirationDateTime"].is_string(),
    )
}

/// Follows the manual's link to an operation, and executes it with what is filled in, and this id where it needs one; puts
/// everything back as it was, and answers the body beside this status.
async fn execute(tab: &mut Tab, operation: &str, id: Option<&str>, status: &str) -> Value {
    let block = format!(".opblock[id$=-{operation}]");
    tab.click(&format!("{STEPS} a[href$=\"/{operation}\"]"))
        .await;
    tab.click(&format!("{block}.is-open .try-out__btn")).await;
    if let Some(id) = id {
        tab.fill(&format!("{block} .parameters input"), id).await;
    }
    tab.click(&format!("{block} .execute")).await;
    let answers = format!("{block} .live-responses-table tbody");
    let shown = tab.text(&format!("{answers} .response-col_status")).await;
    assert_eq!(shown.lines().next(), Some(status), "{operation}");
    let body = match status {
        "204" => Value::Null,
        _ => {
            let body = tab.text(&format!("{answers} .highlight-code code")).await;
            serde_json::from_str(&body).unwrap()
        }
    };
    photograph(tab, &format!("life-{operation}")).await;
    tab.click(&format!("{block} .btn-clear")).await;
    tab.click(&format!("{block} .try-out__btn.cancel")).await;
    tab.click(&format!("{block} .opblock-summary-control"))
        .await;
    body
}
