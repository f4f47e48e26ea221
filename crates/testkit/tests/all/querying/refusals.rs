//! What cannot be: refused by name, with a word of what can.

use pimento_testkit::{Person, TestServer};

use super::{EVENTS, target};
use crate::paths::{APPROVALS, ASSIGNMENTS, REQUESTS, ROLES};

const OPTION: &str = "Request_UnsupportedQuery";

/// What is asked of the list of assignments, the option that is refused, and words that help.
#[rustfmt::skip]
const OF_ASSIGNMENTS: &[(&str, &str, &str)] = &[
    ("$filter=isElevatd eq true", "$filter", "did you mean isElevated?"),
    ("$filter=datetime gt 2026-01-01", "$filter", "did you mean expirationDateTime?"),
    ("$orderby=rol", "$orderby", "did you mean roleId?"),
    ("$orderby=userId,USERID desc", "$orderby", "more than once"),
    ("index=1", "$index", "this operation takes"),
    ("$expand=roleInfo($select=id) x", "$expand", "the end of $expand is expected at position 22"),
    ("$expand=roleInfo($expand=settings($select=x))", "$expand", "In the parentheses of roleInfo, $expand: In the parentheses of settings, $select: 'x' is no"),
    ("$filter=isElevated eq 'true'", "$filter", "a truth value (Edm.Boolean)"),
    ("$filter=isElevated eq 1", "$filter", "not with a number"),
    ("$filter=userId eq 7", "$filter", "in single quotes"),
    ("$filter=userId", "$filter", "not with a truth value"),
    ("$filter=expirationDateTime gt '2026-03-02T10:00:00Z'", "$filter", "without quotes"),
    ("$filter=expirationDateTime in (null, duration'PT1H')", "$filter", "a length of time"),
    ("$filter=startswith(isElevated,'t')", "$filter", "isElevated is no text"),
    ("$filter=roleInfo/name eq 'x'", "$filter", "is no property of privilegedRoleAssignment"),
    ("$filter=userId eq 'ada' and", "$filter", "the end"),
    ("filter=userId like 'a'", "$filter", "position 8"),
    ("$orderby=resultMessage", "$orderby", "cannot be ordered by resultMessage"),
    ("$orderby=usrId", "$orderby", "did you mean userId?"),
    ("$orderby=userId up", "$orderby", "position 8"),
    ("$select=userld", "$select", "did you mean userId?"),
    ("$select=roleInfo/name", "$select", "is no property"),
    ("$expand=roleinf", "$expand", "did you mean roleInfo?"),
    ("$expand=userId", "$expand", "is no navigation property"),
    ("$expand=roleInfo($filter=id eq 'x')", "$expand", "is one entity"),
    ("$expand=roleInfo($filter=id ex 'x')", "$expand", "position 21"),
    ("$filter=(isElevated) eq (1)", "$filter", "not with a number"),
    ("$filter=cast(userId,Edm.String) eq 'x'", "$filter", "there are startswith"),
    ("$filter=userId add 1 eq 2", "$filter", "no arithmetic"),
    ("$orderby=length(userId)", "$orderby", "ordered by properties"),
    ("$expand=roleInfo($select=nme)", "$expand", "did you mean name?"),
    ("$expand=roleInfo($expand=assignments)", "$expand", "leads back"),
    ("$expand=roleInfo,*", "$expand", "more than once"),
    ("$skip=-1", "$skip", "from 0"),
    ("$filter=true&filter=true", "$filter", "more than once"),
    ("$search=ada", "$search", "Names are searched in /privilegedRoles"),
];

/// The same of the log.
#[rustfmt::skip]
const OF_EVENTS: &[(&str, &str, &str)] = &[
    ("$filter=requestTyp eq 'Assign'", "$filter", "did you mean requestType?"),
    ("$filter=roleName eq 'x'", "$filter", "ask by roleId"),
    ("$filter=tenantId eq 'x'", "$filter", "caller's own tenant"),
    ("$orderby=additionalInformation", "$orderby", "cannot be ordered by"),
    ("$expand=anything", "$expand", "this operation takes"),
    ("$skiptoken=x", "$skiptoken", "none that this list gave out"),
    ("$skiptoken=1~.2", "$skiptoken", "none that this list gave out"),
    ("$skiptoken=01", "$skiptoken", "none that this list gave out"),
    ("$orderby=creationDateTime&$skiptoken=1", "$skiptoken", "for this order"),
];

/// The same of roles.
#[rustfmt::skip]
const OF_ROLES: &[(&str, &str, &str)] = &[
    ("$filter=nme eq 'x'", "$filter", "did you mean name?"),
    ("$filter=name eq 7", "$filter", "in single quotes"),
    ("$orderby=title", "$orderby", "is no property of privilegedRole"),
    ("$search=", "$search", "position 1"),
    ("$search=AND x", "$search", "a word or a phrase"),
    ("$search=\"x", "$search", "closing double quote"),
    ("$search=(x", "$search", "a closing parenthesis"),
    ("$search=x&search=y", "$search", "more than once"),
    ("$expand=assignments($top=1001)", "$expand", "In the parentheses of assignments, $top: it is from 0 to 1000"),
    ("$expand=assignments($filter=x eq 1)", "$expand", "In the parentheses of assignments, $filter: 'x' is no"),
    ("$expand=setings", "$expand", "did you mean settings?"),
    ("$skiptoken=x", "$skiptoken", "none that this list gave out"),
    ("$orderby=name&$skiptoken=62e90394-69f5-4237-9190-012177145e10", "$skiptoken", "for this order"),
];

/// The same of requests.
#[rustfmt::skip]
const OF_REQUESTS: &[(&str, &str, &str)] = &[
    ("$filter=state eq 'Completed'", "$filter", "did you mean status?"),
    ("$filter=startDateTime eq null", "$filter", "did you mean schedule/startDateTime?"),
    ("$filter=schedule/end eq null", "$filter", "did you mean schedule/endDateTime?"),
    ("$filter=requested eq null", "$filter", "did you mean requestedDateTime?"),
    ("$filter=schedule eq null", "$filter", "ask by one of its members"),
    ("$filter=schedule/start eq null", "$filter", "is no property of privilegedRoleAssignmentRequest"),
    ("$filter=schedule/duration gt 'PT1H'", "$filter", "duration'PT2H'"),
    ("$filter=duration gt '1'", "$filter", "eq, ne and in alone"),
    ("$filter=startswith(duration,'1')", "$filter", "ask by schedule/startDateTime"),
    ("$filter=requestedDateTime gt 'x'", "$filter", "a moment (Edm.DateTimeOffset)"),
    ("$filter=startswith(schedule/startDateTime,'2')", "$filter", "is no text"),
    ("$filter=roleInfo/name eq 'x'", "$filter", "is no property"),
    ("$orderby=reason", "$orderby", "but by id, userId, roleId"),
    ("$orderby=schedule/type", "$orderby", "but by id, userId, roleId, type"),
    ("$orderby=requestedDatetme", "$orderby", "did you mean requestedDateTime?"),
    ("$select=schedule/start", "$select", "is no property"),
    ("$expand=request", "$expand", "is no navigation property"),
    ("$expand=roleInfo($expand=assignments)", "$expand", "is a list, which comes only with a privilegedRole"),
    ("$skiptoken=x~.y", "$skiptoken", "none that this list gave out"),
    ("$orderby=type&$skiptoken=UserAdd~.x", "$skiptoken", "for this order"),
    ("$search=ada", "$search", "this operation takes $top"),
];

/// The same of approvals.
#[rustfmt::skip]
const OF_APPROVALS: &[(&str, &str, &str)] = &[
    ("$filter=status eq 'Completed'", "$filter", "is no property of privilegedApproval"),
    ("$filter=approvalStat eq 'pending'", "$filter", "did you mean approvalState?"),
    ("$filter=approvalDuration eq 'PT1H'", "$filter", "a length of time (Edm.Duration)"),
    ("$orderby=approverReason", "$orderby", "but by id, userId, roleId, approvalState"),
    ("$expand=requests", "$expand", "did you mean request?"),
    ("$expand=request($expand=role)", "$expand", "is no navigation property of privilegedRoleAssignmentRequest"),
    ("$expand=request($filter=true)", "$expand", "is one entity"),
    ("$expand=request($expand=roleInfo($expand=assignments))", "$expand", "is a list"),
];

/// What is asked of a role in the parentheses of `$expand`, and words that help.
#[rustfmt::skip]
const WITHIN_EXPAND: &[(&str, &str)] = &[
    ("$expand=assignments($filter=isElevatd)", "did you mean isElevated?"),
    ("$expand=assignments($orderby=nothing)", "is no property"),
    ("$expand=assignments($expand=roleInfo)", "leads back"),
    ("$expand=assignments($skip=x)", "$skip"),
];

/// Refused, with this target and these words.
async fn refused(ada: &Person<'_>, path: &str, query: &str, option: &str, words: &str) {
    let refused = ada.get(&target(path, query)).await.refused(400, OPTION);
    assert_eq!(refused["target"], option, "{query}");
    let message = refused["message"].as_str().unwrap();
    assert!(message.contains(words), "{query}: {message}");
}

#[tokio::test]
async fn what_is_not_understood_is_refused_with_the_option_and_what_would_be() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (query, option, words) in OF_ASSIGNMENTS {
        refused(&ada, ASSIGNMENTS, query, option, words).await;
    }
    for (query, option, words) in OF_EVENTS {
        refused(&ada, EVENTS, query, option, words).await;
    }
    for (query, option, words) in OF_ROLES {
        refused(&ada, ROLES, query, option, words).await;
    }
    for (query, option, words) in OF_REQUESTS {
        refused(&ada, REQUESTS, query, option, words).await;
        let mine = format!("{REQUESTS}/my");
        refused(&ada, &mine, query, option, words).await;
    }
    for (query, option, words) in OF_APPROVALS {
        refused(&ada, APPROVALS, query, option, words).await;
    }
    let role = format!("{ROLES}/62e90394-69f5-4237-9190-012177145e10");
    for (query, words) in WITHIN_EXPAND {
        refused(&ada, &role, query, "$expand", words).await;
    }
}

#[tokio::test]
async fn a_broken_escape_is_refused_with_the_option_that_has_it() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    for (query, option) in [
        ("$filter=%00", "$filter"),
        ("filter=%C0%80", "$filter"),
        ("%24TOP=%", "$top"),
        ("$filter%00=true", "$filter%00"),
        ("own=%zz", "own"),
    ] {
        let refused = ada.get(&format!("{ASSIGNMENTS}?{query}")).await;
        let refused = refused.refused(400, OPTION);
        assert_eq!(refused["target"], option, "{query}");
        let message = refused["message"].as_str().unwrap();
        assert!(message.contains("not well-formed"), "{query}: {message}");
    }
}

#[tokio::test]
async fn too_much_of_anything_is_refused() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let many = |one: &str, between: &str, count: usize| vec![one; count].join(between);
    for (taken, one_more, option) in [
        (
            format!("$filter={}", many("true", " or ", 100)),
            format!("$filter={}", many("true", " or ", 101)),
            "$filter",
        ),
        (
            format!("$filter={}true{}", "(".repeat(32), ")".repeat(32)),
            format!("$filter={}true{}", "(".repeat(33), ")".repeat(33)),
            "$filter",
        ),
        (
            format!("$filter=userId in ({})", many("'a'", ",", 100)),
            format!("$filter=userId in ({})", many("'a'", ",", 101)),
            "$filter",
        ),
        (
            format!("$select={}", many("id", ",", 50)),
            format!("$select={}", many("id", ",", 51)),
            "$select",
        ),
        (
            format!(
                "$filter={}",
                many("userId in ('a','b','c','d')", " or ", 100)
            ),
            "$expand=roleInfo($expand=settings($expand=a($expand=b)))".to_owned(),
            "$expand",
        ),
    ] {
        ada.get(&target(ASSIGNMENTS, &taken)).await.expect(200);
        let refused = ada.get(&target(ASSIGNMENTS, &one_more)).await;
        assert_eq!(refused.refused(400, OPTION)["target"], option);
    }
}
