//! The log, queried: each answer is what a look at all of it would have picked.

use std::collections::BTreeSet;

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::{EVENTS, each, target};
use crate::paths::{ASSIGNMENTS, assignment, own};

const NO_END: &str = "0001-01-01T00:00:00Z";

/// A log with something of each kind, an hour between one thing and the next.
async fn furnish(server: &TestServer) -> Person<'_> {
    server.freeze().await;
    let ada = server.person("ada").await;
    let new = json!({"userId": "eve", "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    server.advance("PT1H").await;
    let eve = server.person("eve").await;
    let activate = own(APPLICATION_ADMINISTRATOR, "selfActivate");
    let why = json!({"reason": "It's 100 %", "duration": "1", "ticketNumber": "INC-7", "ticketSystem": "Desk"});
    eve.send("POST", &activate, &why).await.expect(200);
    server.advance("PT2H").await;
    let one = assignment("eve", APPLICATION_ADMINISTRATOR);
    let why = json!({"reason": "for good"});
    ada.send("POST", &format!("{one}/makePermanent"), &why)
        .await
        .expect(200);
    server.advance("PT1H").await;
    ada.post(&format!("{one}/makeEligible")).await.expect(200);
    server.advance("PT1H").await;
    ada.delete(&one).await.expect(204);
    let new = json!({"userId": "eve", "roleId": USER_ADMINISTRATOR, "isElevated": true});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    ada
}

async fn whole(ada: &Person<'_>) -> Vec<Value> {
    let page = ada.get(&format!("{EVENTS}?$top=1000")).await.expect(200);
    page["value"].as_array().unwrap().clone()
}

/// A member as a text; the empty one where it is null.
fn text<'a>(event: &'a Value, member: &str) -> &'a str {
    event[member].as_str().unwrap_or("")
}

/// What one event has to be for a filter to pick it.
type Picks = Box<dyn Fn(&Value) -> bool>;

fn is(member: &'static str, value: &str) -> Picks {
    let value = value.to_owned();
    Box::new(move |event| event[member] == value.as_str())
}

fn is_not(member: &'static str, value: &str) -> Picks {
    let is = is(member, value);
    Box::new(move |event| !is(event))
}

fn ends(member: &'static str, with: &'static str) -> Picks {
    Box::new(move |event| text(event, member).ends_with(with))
}

fn begins(member: &'static str, with: &'static str) -> Picks {
    Box::new(move |event| text(event, member).starts_with(with))
}

fn less(member: &'static str, than: &str) -> Picks {
    let than = than.to_owned();
    Box::new(move |event| text(event, member) < than.as_str())
}

fn null(member: &'static str) -> Picks {
    Box::new(move |event| event[member].is_null())
}

fn nothing() -> Picks {
    Box::new(|_| false)
}

const PIMENTO: &str = "6b61baec-bb80-4a8a-b8bd-fa5ba1f12386";

/// Filters by what happened, with what they pick.
fn of_kinds() -> Vec<(String, Picks)> {
    vec![
        (
            "requestType eq 'Assign'".to_owned(),
            is("requestType", "Assign"),
        ),
        (
            "requestType eq 'Activate'".to_owned(),
            is("requestType", "Activate"),
        ),
        (
            "requestType eq 'Deactivate'".to_owned(),
            is("requestType", "Deactivate"),
        ),
        (
            "not (requestType ne 'Unassign')".to_owned(),
            is("requestType", "Unassign"),
        ),
        (
            "requestType eq 'assign' or requestType eq null".to_owned(),
            nothing(),
        ),
        (
            "requestType in ('Assign','Unassign')".to_owned(),
            ends("requestType", "ssign"),
        ),
        (
            "endswith(requestType,'ssign')".to_owned(),
            ends("requestType", "ssign"),
        ),
        ("not (requestType gt null)".to_owned(), nothing()),
        ("false".to_owned(), nothing()),
        ("true and not false".to_owned(), Box::new(|_| true)),
        ("id in ('x')".to_owned(), nothing()),
    ]
}

/// Filters by this id, this time, and to whom.
fn of_keys(id: &str, last: &str) -> Vec<(String, Picks)> {
    let other_day = format!("19990101{}", &id[8..]);
    vec![
        (
            format!("creationDateTime lt {last}"),
            less("creationDateTime", last),
        ),
        (format!("id eq '{id}'"), is("id", id)),
        (format!("id ne '{id}'"), is_not("id", id)),
        (format!("id in ('{id}','x')"), is("id", id)),
        (format!("id eq '{other_day}'"), nothing()),
        (format!("id lt '{id}'"), less("id", id)),
        (
            "userId eq 'eve' and roleId ne null".to_owned(),
            is("userId", "eve"),
        ),
        (
            format!("roleId eq {USER_ADMINISTRATOR}"),
            is("roleId", USER_ADMINISTRATOR),
        ),
    ]
}

/// Filters by what is shown otherwise than it is stored.
fn of_what_is_shown() -> Vec<(String, Picks)> {
    vec![
        (
            format!("expirationDateTime eq {NO_END}"),
            is("expirationDateTime", NO_END),
        ),
        (
            format!("expirationDateTime gt {NO_END}"),
            is_not("expirationDateTime", NO_END),
        ),
        (
            format!("requestorId eq '{PIMENTO}'"),
            is("requestorName", "Azure AD PIM"),
        ),
        (
            "requestorId ne 'ada'".to_owned(),
            is_not("requestorId", "ada"),
        ),
        (
            "requestorName eq 'Azure AD PIM'".to_owned(),
            is("requestorId", PIMENTO),
        ),
        ("requestorName eq null".to_owned(), null("requestorName")),
        (
            "startswith(additionalInformation,'Make')".to_owned(),
            begins("additionalInformation", "Make"),
        ),
        (
            "additionalInformation eq 'Expired'".to_owned(),
            is("additionalInformation", "Expired"),
        ),
        (
            "contains(additionalInformation,'''s 100 %')".to_owned(),
            is("additionalInformation", "It's 100 %"),
        ),
        (
            "additionalInformation eq null".to_owned(),
            null("additionalInformation"),
        ),
        ("referenceKey ne ''".to_owned(), is_not("referenceKey", "")),
        (
            "referenceSystem eq 'Desk'".to_owned(),
            is("referenceSystem", "Desk"),
        ),
        (
            "userName eq null and userMail eq null".to_owned(),
            null("userName"),
        ),
    ]
}

#[tokio::test]
async fn a_filter_picks_what_a_look_at_the_whole_log_would() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let all = whole(&ada).await;
    let last = text(&all[all.len() - 1], "creationDateTime");
    let id = text(&all[2], "id");
    let all_of_them = [of_kinds(), of_keys(id, last), of_what_is_shown()];
    for (filter, picks) in all_of_them.into_iter().flatten() {
        let expected: Vec<&Value> = all.iter().filter(|event| picks(event)).collect();
        let query = format!("$filter={filter}&$top=1000&$count=true");
        let page = ada.get(&target(EVENTS, &query)).await.expect(200);
        let found: Vec<&Value> = page["value"].as_array().unwrap().iter().collect();
        assert_eq!(found, expected, "{filter}");
        assert_eq!(page["@odata.count"], expected.len(), "{filter}");
    }
    let kinds: BTreeSet<_> = all.iter().map(|event| text(event, "requestType")).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
}

#[tokio::test]
async fn the_documented_page_of_a_time_newest_first() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let all = whole(&ada).await;
    let at = |number: usize| text(&all[number], "creationDateTime");
    let (from, until) = (at(all.len() - 4), at(all.len() - 1));
    let query = format!(
        "$filter=(creationDateTime ge {from}) and (creationDateTime le {until})&$count=true&$orderby=creationDateTime desc"
    );
    let page = ada.get(&target(EVENTS, &query)).await.expect(200);
    let context = format!("{}/beta/$metadata#privilegedOperationEvents", server.url());
    assert_eq!(page["@odata.context"], context);
    let within = all.iter().filter(|event| {
        let at = text(event, "creationDateTime");
        from <= at && at <= until
    });
    let mut expected: Vec<&str> = within.map(|event| text(event, "id")).collect();
    expected.reverse();
    assert_eq!(page["@odata.count"], expected.len());
    assert_eq!(each(&page, "id"), expected);
    // Page by page it is the same.
    let mut ids: Vec<String> = Vec::new();
    let mut next = target(EVENTS, &format!("{query}&$top=1&$select=id"));
    loop {
        let page = ada.get(&next).await.expect(200);
        assert_eq!(page["value"][0].as_object().unwrap().len(), 1);
        ids.extend(each(&page, "id").into_iter().map(str::to_owned));
        let Some(link) = page["@odata.nextLink"].as_str() else {
            break;
        };
        next = link.strip_prefix(&server.url()).unwrap().to_owned();
    }
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn one_event_has_the_members_that_were_selected() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let all = whole(&ada).await;
    let one = format!(
        "{EVENTS}/{}?$select=userId,requestType",
        text(&all[0], "id")
    );
    let shown = ada.get(&one).await.expect(200);
    let context = "privilegedOperationEvents(requestType,userId)/$entity";
    let context = format!("{}/beta/$metadata#{context}", server.url());
    assert_eq!(
        shown,
        json!({"@odata.context": context, "requestType": all[0]["requestType"], "userId": all[0]["userId"]})
    );
}
