//! A dev server, asked over HTTP.

mod requests;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use pimento_testkit::{Answer as Http, Call, TestServer};
use serde_json::{Value, json};

use super::Tenants;
use crate::answer::{Answer, Done, Rules, Shape, Shown};
use crate::steps::{Ask, Caller, Length, Micros, Role, Token, Update, Who, Why};

const ASSIGNMENTS: &str = "/beta/privilegedRoleAssignments";
const ROLES: &str = "/beta/privilegedRoles";
const SIGN_UP: &str = "/beta/privilegedSignupStatus";

/// The server, and the tokens that it has given out.
pub(crate) struct HttpFace {
    server: TestServer,
    tokens: Mutex<BTreeMap<(String, Caller), String>>,
}

impl HttpFace {
    pub(crate) fn new(server: TestServer) -> Self {
        Self {
            server,
            tokens: Mutex::default(),
        }
    }

    async fn token(&self, tenants: &Tenants, caller: Caller) -> String {
        let tenant = tenants.id(caller.of).to_string();
        let tokens = || self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let known = tokens().get(&(tenant.clone(), caller)).cloned();
        if let Some(token) = known {
            return token;
        }
        let mut claims = json!({"oid": caller.who.name(), "tid": tenant});
        if caller.token != Token::Plain {
            claims["amr"] = json!(["mfa"]);
        }
        if let Token::With(role) = caller.token {
            claims["wids"] = json!([role.id()]);
        }
        let token = self.server.token(&claims).await;
        tokens().insert((tenant, caller), token.clone());
        token
    }

    pub(super) async fn ask(
        &self,
        tenants: &Tenants,
        now: Micros,
        caller: Caller,
        ask: &Ask,
    ) -> Answer {
        let token = self.token(tenants, caller).await;
        let send = |method, target: &str| self.server.call(method, target).bearer(&token);
        let request = request(&send, now, ask);
        let numbers = tenants.numbers(caller.of);
        let request = request.unwrap_or_else(|| requests::request(&send, &numbers, now, ask));
        let (request, success) = request;
        let answer = request.send().await;
        if 400 <= answer.status {
            let error = answer.json();
            return Answer::refused(answer.status, text(&error["error"]["code"]));
        }
        let body = answer.expect(success);
        match ask {
            Ask::Delete(..) | Ask::Configure(..) | Ask::RemoveRole(_) => Answer::Empty,
            Ask::SignUp => Answer::Is(body["isRegistered"].as_bool().unwrap()),
            Ask::IsSignedUp | Ask::CanSignUp => Answer::Is(body["value"].as_bool().unwrap()),
            Ask::GetRoleOf(..) | Ask::GetRole(_) => Answer::Role(Role::of_id(text(&body["id"]))),
            Ask::ListRoles => Answer::Roles(body["value"].as_array().unwrap().len()),
            Ask::GetSettings(_) => Answer::Rules(rules(&body)),
            Ask::List(_) | Ask::ListOfRole(..) | Ask::ListMine(_) => {
                let follow = async |target: &str| send("GET", target).send().await;
                let (shown, total) = walk(body, follow, shown).await;
                Answer::Many(shown, total)
            }
            Ask::Create(..)
            | Ask::MakePermanent(..)
            | Ask::MakeEligible(..)
            | Ask::SelfActivate(..)
            | Ask::SelfDeactivate(_)
            | Ask::Get(..) => {
                let done = match body["resultMessage"] {
                    Value::Null => Done::Something,
                    Value::String(ref said) if said.contains("is approved") => Done::Asked,
                    _ => Done::Nothing,
                };
                let Shown { who, role, shape } = shown(&body);
                Answer::One(who, role, Some(shape), done)
            }
            other => {
                let follow = async |target: &str| send("GET", target).send().await;
                Box::pin(requests::answer(other, body, &numbers, follow)).await
            }
        }
    }
}

/// The call, and the status of its success; `None` where it is about requests.
fn request(
    send: &impl Fn(&'static str, &str) -> Call,
    now: Micros,
    ask: &Ask,
) -> Option<(Call, u16)> {
    let of = |who: Who, role: Role| format!("{ASSIGNMENTS}/{}_{}", who.name(), role.id());
    let own = |role: Role, action: &str| format!("{ROLES}/{}/{action}", role.id());
    let page = |list: &str, size: usize| send("GET", &format!("{list}?$top={size}&$count=true"));
    Some(match ask {
        Ask::Create(who, role, elevated, end) => {
            let end = end.map(|end| Timestamp::from_microsecond(now + end).unwrap().to_string());
            let new = json!({"userId": who.name(), "roleId": role.id(), "isElevated": elevated, "expirationDateTime": end});
            (send("POST", ASSIGNMENTS).json(&new), 201)
        }
        Ask::MakePermanent(who, role, why) => {
            let action = format!("{}/makePermanent", of(*who, *role));
            (send("POST", &action).json(&because(*why)), 200)
        }
        Ask::MakeEligible(who, role) => {
            let action = format!("{}/makeEligible", of(*who, *role));
            (send("POST", &action), 200)
        }
        Ask::Delete(who, role) => (send("DELETE", &of(*who, *role)), 204),
        Ask::SelfActivate(role, length, why) => {
            let mut body = because(*why);
            match length {
                Length::Unsaid => {}
                Length::Minimum => body["duration"] = json!("min"),
                Length::Minutes(sent) => body["duration"] = json!(format!("PT{sent}M")),
            }
            (send("POST", &own(*role, "selfActivate")).json(&body), 200)
        }
        Ask::SelfDeactivate(role) => (send("POST", &own(*role, "selfDeactivate")), 200),
        Ask::Configure(role, update) => {
            let call = send("PATCH", &own(*role, "settings"));
            (call.json(&settings_update(update)), 204)
        }
        Ask::RemoveRole(role) => (send("DELETE", &format!("{ROLES}/{}", role.id())), 204),
        Ask::SignUp => (send("POST", &format!("{SIGN_UP}/signUp")), 200),
        Ask::List(size) => (page(ASSIGNMENTS, *size), 200),
        Ask::ListOfRole(role, size) => (page(&own(*role, "assignments"), *size), 200),
        Ask::ListMine(size) => (page(&format!("{ASSIGNMENTS}/my"), *size), 200),
        Ask::Get(who, role) => (send("GET", &of(*who, *role)), 200),
        Ask::GetRoleOf(who, role) => (send("GET", &format!("{}/roleInfo", of(*who, *role))), 200),
        Ask::GetRole(role) => (send("GET", &format!("{ROLES}/{}", role.id())), 200),
        Ask::ListRoles => (send("GET", &format!("{ROLES}?$top=1000")), 200),
        Ask::GetSettings(role) => (send("GET", &own(*role, "settings")), 200),
        Ask::IsSignedUp => (send("GET", &format!("{SIGN_UP}/isSignedUp")), 200),
        Ask::CanSignUp => (send("GET", &format!("{SIGN_UP}/canSignUp")), 200),
        _ => return None,
    })
}

fn because(why: Why) -> Value {
    match why {
        Why::Unsaid => json!({}),
        Why::Reason => json!({"reason": "the mail server is down"}),
        Why::Ticket => json!({"reason": "the mail server is down", "ticketNumber": "INC-4711"}),
    }
}

/// Null is as good as absent there.
fn settings_update(update: &Update) -> Value {
    let minutes = |length: Option<i64>| length.map(|length| format!("PT{length}M"));
    let names = |who: &Vec<Who>| who.iter().map(|who| who.name()).collect::<Vec<_>>();
    json!({
        "minElevationDuration": minutes(update.minimum),
        "maxElavationDuration": minutes(update.maximum),
        "elevationDuration": minutes(update.default),
        "ticketingInfoOnElevation": update.ticket,
        "mfaOnElevation": update.mfa,
        "approvalOnElevation": update.approval,
        "approverIds": update.approvers.as_ref().map(names),
    })
}

fn rules(body: &Value) -> Rules {
    let minutes = |member: &str| -> i64 {
        let length: SignedDuration = text(&body[member]).parse().unwrap();
        length.as_mins()
    };
    let flag = |member: &str| body[member].as_bool().unwrap();
    let approvers = body["approverIds"].as_array().unwrap();
    Rules {
        minimum: minutes("minElevationDuration"),
        maximum: minutes("maxElavationDuration"),
        default: minutes("elevationDuration"),
        ticket: flag("ticketingInfoOnElevation"),
        mfa: flag("mfaOnElevation"),
        approval: flag("approvalOnElevation"),
        approvers: approvers.iter().map(|id| Who::named(text(id))).collect(),
    }
}

/// All pages of a list, by their own links.
async fn walk<T: std::fmt::Debug>(
    first: Value,
    follow: impl AsyncFn(&str) -> Http,
    shown: impl Fn(&Value) -> T,
) -> (Vec<T>, usize) {
    let (mut page, mut all) = (first, Vec::new());
    loop {
        all.extend(page["value"].as_array().unwrap().iter().map(&shown));
        assert!(all.len() < 1000, "the pages have no end: {all:?}");
        let Some(next) = page["@odata.nextLink"].as_str() else {
            break;
        };
        let target = next.find("/beta").map(|start| &next[start..]).unwrap();
        let total = page["@odata.count"].clone();
        page = follow(target).await.expect(200);
        if page["@odata.count"].is_null() {
            // Only the page that asks for the count has it.
            page["@odata.count"] = total;
        }
    }
    let total = page["@odata.count"].as_u64().unwrap();
    (all, usize::try_from(total).unwrap())
}

fn shown(body: &Value) -> Shown {
    let (who, role) = (text(&body["userId"]), text(&body["roleId"]));
    assert_eq!(text(&body["id"]), format!("{who}_{role}"));
    let shape = match (&body["isElevated"], &body["expirationDateTime"]) {
        (Value::Bool(true), Value::Null) => Shape::Permanent,
        (Value::Bool(false), Value::Null) => Shape::Eligible,
        (Value::Bool(true), Value::String(end)) => {
            let end: Timestamp = end.parse().unwrap();
            Shape::Active(end.as_microsecond())
        }
        _ => panic!("no state looks like this: {body}"),
    };
    Shown {
        who: Who::named(who),
        role: Role::of_id(role),
        shape,
    }
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}
