//! Requests and approvals over HTTP.

use jiff::{SignedDuration, Timestamp};
use pimento_testkit::{Answer as Http, Call};
use serde_json::{Value, json};

use super::{because, text, walk};
use crate::answer::{Answer, Approval, Asked, Opinion, Status};
use crate::face::Numbers;
use crate::model::NEVER;
use crate::steps::{Ask, Ending, Length, Manner, Micros, Role, Verdict, Who, Why, Wish};

const REQUESTS: &str = "/beta/privilegedRoleAssignmentRequests";
const APPROVALS: &str = "/beta/privilegedApproval";

/// The call, and the status of its success.
pub(super) fn request(
    send: &impl Fn(&'static str, &str) -> Call,
    numbers: &Numbers<'_>,
    now: Micros,
    ask: &Ask,
) -> (Call, u16) {
    let of = |set: &str, number: usize| format!("{set}/{}", numbers.id(number));
    let get = |path: String| (send("GET", &path), 200);
    let page = |list: &str, size: usize| get(format!("{list}?$top={size}&$count=true"));
    match ask {
        Ask::CreateRequest(wish) => (send("POST", REQUESTS).json(&new_request(wish, now)), 201),
        Ask::Evaluate(wish) => {
            let mut body = new_request(wish, now);
            body["evaluateOnly"] = json!(true);
            (send("POST", REQUESTS).json(&body), 200)
        }
        Ask::CreateApproval(wish) => (send("POST", APPROVALS).json(&new_approval(wish, now)), 201),
        Ask::Cancel(number) => {
            let path = format!("{}/cancel", of(REQUESTS, *number));
            (send("POST", &path), 200)
        }
        Ask::Decide(number, verdict, why) => {
            let state = match verdict {
                Verdict::Approve => "approved",
                Verdict::Deny => "denied",
            };
            let reason = because(*why)["reason"].clone();
            let body = json!({"approvalState": state, "approverReason": reason});
            (send("PATCH", &of(APPROVALS, *number)).json(&body), 204)
        }
        Ask::ListRequests(size) => page(REQUESTS, *size),
        Ask::ListMyRequests(size) => page(&format!("{REQUESTS}/my"), *size),
        Ask::ListApprovals(size) => page(APPROVALS, *size),
        Ask::ListMyApprovals(size) => page(&format!("{APPROVALS}/myRequests"), *size),
        Ask::GetRequest(number) => get(of(REQUESTS, *number)),
        Ask::GetRequestRole(number) => get(format!("{}/roleInfo", of(REQUESTS, *number))),
        Ask::GetApproval(number) => get(of(APPROVALS, *number)),
        Ask::GetApprovalRequest(number) => get(format!("{}/request", of(APPROVALS, *number))),
        Ask::GetApprovalRole(number) => get(format!("{}/roleInfo", of(APPROVALS, *number))),
        other => panic!("{other:?} has nothing to do with requests"),
    }
}

fn at(now: Micros, offset: Micros) -> String {
    Timestamp::from_microsecond(now + offset)
        .unwrap()
        .to_string()
}

fn length(length: Length) -> String {
    match length {
        Length::Unsaid => "default".to_owned(),
        Length::Minimum => "min".to_owned(),
        Length::Minutes(sent) => format!("PT{sent}M"),
    }
}

fn new_request(wish: &Wish, now: Micros) -> Value {
    let mut body = because(wish.why);
    body["userId"] = json!(wish.who.name());
    body["roleId"] = json!(wish.role.id());
    body["type"] = json!(format!("{:?}", wish.manner));
    body["assignmentState"] = json!(if wish.active { "Active" } else { "Eligible" });
    if let Ending::After(sent) = wish.ending {
        body["duration"] = json!(length(sent));
    }
    let end = match wish.ending {
        Ending::At(end) => Some(at(now, end)),
        Ending::Unsaid | Ending::After(_) => None,
    };
    // A schedule needs a start.
    if wish.start.is_some() || end.is_some() {
        let start = at(now, wish.start.unwrap_or(0));
        body["schedule"] = json!({"type": "Once", "startDateTime": start, "endDateTime": end});
    }
    body
}

fn new_approval(wish: &Wish, now: Micros) -> Value {
    let mut body = json!({
        "userId": wish.who.name(),
        "roleId": wish.role.id(),
        "requestorReason": because(wish.why)["reason"],
        "startDateTime": wish.start.map(|start| at(now, start)),
    });
    match wish.ending {
        Ending::Unsaid => {}
        Ending::After(sent) => body["approvalDuration"] = json!(length(sent)),
        Ending::At(end) => body["endDateTime"] = json!(at(now, end)),
    }
    body
}

/// What an answer with this body says.
pub(super) async fn answer(
    ask: &Ask,
    body: Value,
    numbers: &Numbers<'_>,
    follow: impl AsyncFn(&str) -> Http,
) -> Answer {
    match ask {
        Ask::Decide(..) => Answer::Empty,
        Ask::GetRequestRole(_) | Ask::GetApprovalRole(_) => {
            Answer::Role(Role::of_id(text(&body["id"])))
        }
        Ask::ListRequests(_) | Ask::ListMyRequests(_) => {
            let (shown, total) = walk(body, follow, |one| asked(one, numbers)).await;
            Answer::Requests(shown, total)
        }
        Ask::ListApprovals(_) | Ask::ListMyApprovals(_) => {
            let (shown, total) = walk(body, follow, |one| approval(one, numbers)).await;
            Answer::Approvals(shown, total)
        }
        Ask::CreateApproval(_) | Ask::GetApproval(_) => Answer::Approval(approval(&body, numbers)),
        _ => Answer::Request(asked(&body, numbers)),
    }
}

fn micros(value: &Value) -> Micros {
    let at: Timestamp = text(value).parse().unwrap();
    at.as_microsecond()
}

fn end(value: &Value) -> Micros {
    if value.is_null() {
        NEVER
    } else {
        micros(value)
    }
}

fn asked(body: &Value, numbers: &Numbers<'_>) -> Asked {
    let judged = body["evaluateOnly"].as_bool() == Some(true);
    let id = text(&body["id"]).parse().unwrap();
    let length = &body["schedule"]["duration"];
    Asked {
        number: (!judged).then(|| numbers.number(id)),
        manner: match text(&body["type"]) {
            "AdminAdd" => Manner::AdminAdd,
            "UserAdd" => Manner::UserAdd,
            other => panic!("{other} is no type"),
        },
        who: Who::named(text(&body["userId"])),
        role: Role::of_id(text(&body["roleId"])),
        active: text(&body["assignmentState"]) == "Active",
        status: status(text(&body["status"])),
        at: micros(&body["requestedDateTime"]),
        from: micros(&body["schedule"]["startDateTime"]),
        to: end(&body["schedule"]["endDateTime"]),
        length: length.as_str().map(|length| {
            let length: SignedDuration = length.parse().unwrap();
            length.as_mins()
        }),
        why: match (&body["reason"], &body["ticketNumber"]) {
            (Value::Null, Value::Null) => Why::Unsaid,
            (_, Value::Null) => Why::Reason,
            _ => Why::Ticket,
        },
    }
}

fn status(word: &str) -> Status {
    let all = [
        Status::RequestedApproval,
        Status::Scheduled,
        Status::Completed,
        Status::ApprovalDenied,
        Status::ApprovalAborted,
        Status::Cancelling,
        Status::Cancelled,
        Status::Revoked,
        Status::RequestExpired,
    ];
    let found = all.into_iter().find(|status| format!("{status:?}") == word);
    found.unwrap_or_else(|| panic!("{word} is no status"))
}

fn approval(body: &Value, numbers: &Numbers<'_>) -> Approval {
    Approval {
        number: numbers.number(text(&body["id"]).parse().unwrap()),
        who: Who::named(text(&body["userId"])),
        role: Role::of_id(text(&body["roleId"])),
        state: match text(&body["approvalState"]) {
            "pending" => Opinion::Pending,
            "approved" => Opinion::Approved,
            "denied" => Opinion::Denied,
            "aborted" => Opinion::Aborted,
            "canceled" => Opinion::Canceled,
            other => panic!("{other} is no state"),
        },
        from: micros(&body["startDateTime"]),
        to: end(&body["endDateTime"]),
        reasons: ["requestorReason", "approverReason"].map(|member| !body[member].is_null()),
    }
}
