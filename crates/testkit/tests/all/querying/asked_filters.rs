//! Requests and approvals, queried: each answer is what a look at all of them would have picked.

use std::collections::BTreeSet;

use pimento_testkit::{Person, TestServer};
use serde_json::Value;

use super::asked::{furnish, member, whole};
use super::target;
use crate::paths::{APPROVALS, REQUESTS};

/// What one element has to be for a filter to pick it.
type Picks = Box<dyn Fn(&Value) -> bool>;

fn is(path: &'static str, values: &'static [&'static str]) -> Picks {
    Box::new(move |of| values.iter().any(|value| member(of, path) == value))
}

fn null(path: &'static str) -> Picks {
    Box::new(move |of| member(of, path).is_null())
}

fn not(picks: Picks) -> Picks {
    Box::new(move |of| !picks(of))
}

/// Texts that have something; moments and ids order as their texts do.
fn text(path: &'static str, has: impl Fn(&str) -> bool + 'static) -> Picks {
    Box::new(move |of| member(of, path).as_str().is_some_and(&has))
}

fn nothing() -> Picks {
    Box::new(|_| false)
}

/// Filters of requests by what closed sets have, with what they pick.
fn of_words() -> Vec<(String, Picks)> {
    let filter = |filter: &str, picks| (filter.to_owned(), picks);
    let mut all: Vec<(String, Picks)> = STATUSES
        .iter()
        .map(|status| {
            let picks: Picks = Box::new(move |of: &Value| of["status"] == *status);
            (format!("status eq '{status}'"), picks)
        })
        .collect();
    all.extend([
        filter(
            "status in ('Scheduled','RequestedApproval')",
            is("status", &["Scheduled", "RequestedApproval"]),
        ),
        filter(
            "status in ('Revoked','Completed','Approved')",
            is("status", &["Revoked", "Completed"]),
        ),
        filter("status ne 'Completed'", not(is("status", &["Completed"]))),
        filter(
            "startswith(status,'Approval')",
            text("status", |status| status.starts_with("Approval")),
        ),
        filter(
            "status gt 'RequestExpired'",
            text("status", |status| "RequestExpired" < status),
        ),
        filter("status eq 'completed' or status eq null", nothing()),
        filter("not (status lt null)", nothing()),
        filter("type eq 'AdminAdd'", is("type", &["AdminAdd"])),
        filter("TYPE ne 'AdminAdd'", is("type", &["UserAdd"])),
        filter("schedule/type eq 'activation'", is("type", &["UserAdd"])),
        filter("endswith(Schedule/Type,'ment')", is("type", &["AdminAdd"])),
        filter(
            "assignmentState eq 'Eligible'",
            is("assignmentState", &["Eligible"]),
        ),
        filter(
            "assignmentState in ('Active')",
            is("assignmentState", &["Active"]),
        ),
    ]);
    all
}

const STATUSES: [&str; 8] = [
    "RequestedApproval",
    "Scheduled",
    "Completed",
    "ApprovalDenied",
    "ApprovalAborted",
    "Cancelled",
    "Revoked",
    "RequestExpired",
];

/// Filters of requests by lengths and texts.
fn of_lengths_and_texts() -> Vec<(String, Picks)> {
    let filter = |filter: &str, picks| (filter.to_owned(), picks);
    vec![
        filter("duration eq '1'", is("duration", &["1"])),
        filter("duration ne '0.5'", not(is("duration", &["0.5"]))),
        filter(
            "duration in ('2.5','1',null)",
            not(is("duration", &["0.5"])),
        ),
        filter("duration eq '1.0' or duration eq 'PT1H'", nothing()),
        filter("duration eq null", null("duration")),
        filter(
            "schedule/duration eq duration'PT30M'",
            is("schedule/duration", &["PT30M"]),
        ),
        filter(
            "schedule/duration gt duration'PT59M59.999999S'",
            is("schedule/duration", &["PT1H", "PT2H30M"]),
        ),
        filter("schedule/duration eq null", null("schedule/duration")),
        filter("schedule/endDateTime eq null", null("schedule/endDateTime")),
        filter(
            "contains(reason,'''s 100 %')",
            is("reason", &["It's 100 %"]),
        ),
        filter(
            "endswith(reason,' asks') and reason ne 'denied asks'",
            text("reason", |reason| {
                reason.ends_with(" asks") && reason != "denied asks"
            }),
        ),
        filter("ticketNumber eq 'INC-7'", is("ticketNumber", &["INC-7"])),
        filter("ticketSystem ne null", is("ticketSystem", &["Desk"])),
        filter("evaluateOnly eq true", nothing()),
        filter(
            "userId in ('waits','dora','nobody') or userId eq 'waits'",
            is("userId", &["waits", "dora"]),
        ),
        filter(
            "userId in ('waits','dora') and (type eq 'AdminAdd' or status eq 'Completed')",
            is("userId", &["dora"]),
        ),
        filter(
            "roleId eq fe930be7-5e62-47db-91af-98c3a49a38b1",
            is("roleId", &["fe930be7-5e62-47db-91af-98c3a49a38b1"]),
        ),
    ]
}

/// Filters of requests by this one's id and moments.
fn of_one(one: &Value) -> Vec<(String, Picks)> {
    let of = |path: &str| member(one, path).as_str().unwrap().to_owned();
    let (id, asked, begins) = (
        of("id"),
        of("requestedDateTime"),
        of("schedule/startDateTime"),
    );
    let (same, other) = (id.clone(), id.clone());
    let (from, after) = (asked.clone(), begins.clone());
    vec![
        (
            format!("id eq '{}'", id.to_uppercase()),
            text("id", move |id| id == same),
        ),
        (
            format!("not (id in ({id}))"),
            text("id", move |id| id != other),
        ),
        (
            format!("requestedDateTime ge {asked}"),
            text("requestedDateTime", move |at| from.as_str() <= at),
        ),
        (
            format!("requestedDateTime ge {asked} and requestedDateTime le {asked}"),
            text("requestedDateTime", move |at| at == asked),
        ),
        (
            format!("schedule/startDateTime gt {begins}"),
            text("schedule/startDateTime", move |at| after.as_str() < at),
        ),
    ]
}

async fn picks_what_a_look_would(ada: &Person<'_>, list: &str, filters: Vec<(String, Picks)>) {
    let all = whole(ada, list).await;
    for (filter, picks) in filters {
        let expected: Vec<&Value> = all.iter().filter(|one| picks(one)).collect();
        let query = format!("$filter={filter}&$top=1000&$count=true");
        let page = ada.get(&target(list, &query)).await.expect(200);
        let found: Vec<&Value> = page["value"].as_array().unwrap().iter().collect();
        assert_eq!(found, expected, "{filter}");
        assert_eq!(page["@odata.count"], expected.len(), "{filter}");
    }
}

#[tokio::test]
async fn a_filter_picks_what_a_look_at_all_requests_would() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let all = whole(&ada, REQUESTS).await;
    let statuses: BTreeSet<_> = all
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, BTreeSet::from(STATUSES));
    for filters in [of_words(), of_lengths_and_texts(), of_one(&all[4])] {
        picks_what_a_look_would(&ada, REQUESTS, filters).await;
    }
}

#[tokio::test]
async fn a_filter_picks_what_a_look_at_all_approvals_would() {
    let server = TestServer::dev().await;
    let (_, ada) = furnish(&server).await;
    let begins = whole(&ada, APPROVALS).await[2]["startDateTime"]
        .as_str()
        .unwrap()
        .to_owned();
    let filter = |filter: &str, picks| (filter.to_owned(), picks);
    let state = |state: &'static [&'static str]| is("approvalState", state);
    let filters = vec![
        filter("approvalState eq 'pending'", state(&["pending"])),
        filter("approvalState eq 'approved'", state(&["approved"])),
        filter(
            "approvalState in ('denied','canceled')",
            state(&["denied", "canceled"]),
        ),
        filter("approvalState eq 'aborted'", state(&["aborted"])),
        filter("approvalState ne 'pending'", not(state(&["pending"]))),
        filter(
            "approvalState eq 'Pending' or approvalState eq null",
            nothing(),
        ),
        filter(
            "approvalType eq null and not (approvalType ne null)",
            not(nothing()),
        ),
        filter(
            "approvalDuration lt duration'PT1H'",
            is("approvalDuration", &["PT30M"]),
        ),
        filter("approverReason eq 'As agreed'", not(null("approverReason"))),
        filter("approverReason eq null", null("approverReason")),
        filter("startswith(requestorReason,'wa')", is("userId", &["waits"])),
        filter("userId eq 'gone'", is("userId", &["gone"])),
        filter("endDateTime eq null", nothing()),
        (
            format!("startDateTime le {begins}"),
            text("startDateTime", move |at| at <= begins.as_str()),
        ),
    ];
    picks_what_a_look_would(&ada, APPROVALS, filters).await;
}
