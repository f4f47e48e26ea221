//! What the requests are about, how it looks, and how it is put back.

use std::collections::BTreeMap;
use std::path::Path;

use pimento_domain::role;
use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR, USER_ADMINISTRATOR,
};
use pimento_testkit::{Call, Contract, Person, TestServer};
use serde_json::{Value, json};

use super::callers::{
    APPROVER, Caller, DECIDED_BY_ADMINISTRATORS, DECIDED_BY_ONE, Hold, ben_holds,
};
use super::expected::operation_of;
use crate::paths::{ASSIGNMENTS, REQUESTS, ROLES, SIGN_UP_STATUS, assignment, settings};

const PERMANENT: &str = "permanent";
const ELIGIBLE: &str = "eligible";
const ACTIVE: &str = "active until some time";
const DURATION: &str = "default duration of User Administrator";
const REGISTERED: &str = "registered";
const WAITS: &str = "waits";
const THERE: &str = "there";
/// How a role of a tenant's own is called here: this and its name.
const OWN_ROLE: &str = "the role ";

/// The case of an administrator's request about somebody.
pub(super) const FOR_SOMEBODY: &str = "create_request, for somebody";
/// The case of an approval where the settings name nobody.
pub(super) const NOBODY_NAMED: &str = "update_approval, nobody is named";

/// What a success changes: of what, and into what. `{self}` is the caller. An operation that is not here changes nothing.
const EFFECTS: &[(&str, &str, Option<&str>)] = &[
    ("create_assignment", "dana_{User}", Some(ACTIVE)),
    ("delete_assignment", "ben_{User}", None),
    ("make_permanent", "ben_{User}", Some(PERMANENT)),
    ("make_eligible", "ben_{Application}", Some(ELIGIBLE)),
    ("create_request", "{self}_{User}", Some(ACTIVE)),
    (FOR_SOMEBODY, "dana_{User}", Some(ACTIVE)),
    ("create_approval", "{self} asks for {User}", Some(WAITS)),
    ("cancel_request", "ben asks for {One}", None),
    ("update_approval", "ben asks for {One}", None),
    (NOBODY_NAMED, "ben asks for {Administrators}", None),
    ("self_activate", "{self}_{User}", Some(ACTIVE)),
    ("self_deactivate", "{self}_{User}", Some(ELIGIBLE)),
    ("replace_role_settings", DURATION, Some("PT2H")),
    ("update_role_settings", DURATION, Some("PT2H")),
    ("create_role", "the role Day watch", Some(THERE)),
    ("update_role", "the role Night watch", None),
    ("update_role", "the role Day watch", Some(THERE)),
    ("delete_role", "the role Night watch", None),
    ("sign_up", REGISTERED, Some("true")),
];

/// A request that succeeds where the caller is admitted.
pub(super) fn request(
    server: &TestServer,
    contract: &Contract,
    waiting: &Waiting,
    operation: &str,
) -> Call {
    let (method, path) = contract.route(operation_of(operation));
    let id = if ["update_role", "delete_role"].contains(&operation) {
        waiting.0[NIGHT_WATCH].clone()
    } else if operation == NOBODY_NAMED {
        waiting.0[DECIDED_BY_ADMINISTRATORS].clone()
    } else if path.contains("Requests/") || path.contains("privilegedApproval/") {
        waiting.0[DECIDED_BY_ONE].clone()
    } else if path.contains("OperationEvents/") {
        waiting.0[FIRST_EVENT].clone()
    } else if !path.contains("privilegedRoleAssignments") {
        USER_ADMINISTRATOR.to_owned()
    } else if operation == "make_eligible" {
        format!("ben_{APPLICATION_ADMINISTRATOR}")
    } else {
        format!("ben_{USER_ADMINISTRATOR}")
    };
    let call = server.call(method, &path.replace("{id}", &id));
    match operation {
        "create_assignment" => call.json(&json!({"userId": "dana", "roleId": USER_ADMINISTRATOR})),
        "create_request" => call.json(&activation(USER_ADMINISTRATOR)),
        FOR_SOMEBODY => call.json(&json!({
            "userId": "dana", "roleId": USER_ADMINISTRATOR, "type": "AdminAdd", "assignmentState": "Active",
            "reason": "Help", "duration": "8",
        })),
        "create_approval" => {
            call.json(&json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help"}))
        }
        "update_approval" | NOBODY_NAMED => call.json(&json!({"approvalState": "denied"})),
        "replace_role_settings" | "update_role_settings" => {
            call.json(&json!({"elevationDuration": "PT2H"}))
        }
        "create_role" | "update_role" => call.json(&json!({"name": "Day watch"})),
        "complete_setup" => call.json(&nothing_to_set_up()),
        "issue_token" | "change_clock" => call.json(&json!({})),
        "batch" => call.json(&json!({"requests": [{"id": "1", "method": "GET", "url": "/privilegedRoles"}]})),
        _ => call,
    }
}

fn nothing_to_set_up() -> Value {
    json!({"tenantSetupInfo": {"skipSetup": true}})
}

/// Completes the set-up of the overseer's tenant, which happens once: from then on whoever is let in is told so.
pub(super) async fn set_up(overseer: &Person<'_>) {
    let path = format!("{SIGN_UP_STATUS}/completeSetup");
    let answer = overseer.send("POST", &path, &nothing_to_set_up()).await;
    answer.expect(200);
}

fn activation(role: &str) -> Value {
    json!({"roleId": role, "type": "UserAdd", "assignmentState": "Active", "reason": "Help"})
}

/// The first event of the log, under this name. Another tenant has one of the same id.
const FIRST_EVENT: &str = "the first event";

/// The role of the demo tenant's own, under its name.
const NIGHT_WATCH: &str = "Night watch";

/// The requests of ben's that wait, by their roles; and what else has an id that the server drew.
pub(super) struct Waiting(BTreeMap<String, String>);

impl Waiting {
    pub(super) async fn seen_by(overseer: &Person<'_>) -> Self {
        let rows = open_requests(overseer).await.into_iter();
        let of_ben = rows.filter(|row| row["userId"] == "ben");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let events = overseer.get("/beta/privilegedOperationEvents?$top=1").await;
        let first = text(&events.expect(200)["value"][0]["id"]);
        let requests = of_ben.map(|row| (text(&row["roleId"]), text(&row["id"])));
        let roles = own_roles(overseer).await.into_iter();
        let first = [(FIRST_EVENT.to_owned(), first)];
        Self(requests.chain(first).chain(roles).collect())
    }
}

/// The ids of the roles of the tenant's own, by their names.
async fn own_roles(overseer: &Person<'_>) -> BTreeMap<String, String> {
    let list = overseer.get(&format!("{ROLES}?$top=1000")).await;
    let list = list.expect(200);
    let rows = list["value"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let is_own = |row: &&Value| role::find(text(&row["id"]).parse().unwrap()).is_none();
    rows.filter(is_own)
        .map(|row| (text(&row["name"]), text(&row["id"])))
        .collect()
}

async fn make_role(overseer: &Person<'_>, name: &str) {
    let new = json!({ "name": name });
    overseer.send("POST", ROLES, &new).await.expect(201);
}

async fn open_requests(overseer: &Person<'_>) -> Vec<Value> {
    let list = overseer.get(&format!("{REQUESTS}?$top=1000")).await;
    let list = list.expect(200);
    let rows = list["value"].as_array().unwrap().iter();
    let open = rows.filter(|row| row["status"] == "RequestedApproval");
    open.cloned().collect()
}

/// Gives ben what he holds in every run, and has him ask for what needs an approval.
pub(super) async fn furnish(server: &TestServer, demo: &Person<'_>) {
    let path = assignment("ben", USER_ADMINISTRATOR);
    demo.delete(&path).await.expect(204);
    make_role(demo, NIGHT_WATCH).await;
    for (role, how) in ben_holds() {
        give(demo, "ben", &role, how).await;
    }
    for (role, approvers) in [
        (DECIDED_BY_ONE, json!([APPROVER])),
        (DECIDED_BY_ADMINISTRATORS, json!([])),
    ] {
        let demand = json!({"approvalOnElevation": true, "approverIds": approvers});
        demo.send("PATCH", &settings(role), &demand)
            .await
            .expect(204);
        ask_as_ben(server, role).await;
    }
}

async fn ask_as_ben(server: &TestServer, role: &str) {
    let ben = server.person("ben").await;
    ben.send("POST", REQUESTS, &activation(role))
        .await
        .expect(201);
}

/// All that can be seen of a tenant by who may see everything: by its name, each thing's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scene(BTreeMap<String, String>);

impl Scene {
    pub(super) async fn seen_by(overseer: &Person<'_>) -> Self {
        let registered = overseer.get(&format!("{SIGN_UP_STATUS}/isSignedUp")).await;
        let registered = registered.expect(200)["value"].to_string();
        let mut seen = BTreeMap::from([(REGISTERED.to_owned(), registered.clone())]);
        if registered == "true" {
            let list = overseer
                .get(&format!("{ASSIGNMENTS}?$top=1000"))
                .await
                .expect(200);
            for row in list["value"].as_array().unwrap() {
                seen.insert(
                    row["id"].as_str().unwrap().to_owned(),
                    state(row).to_owned(),
                );
            }
            for row in open_requests(overseer).await {
                let (user, role) = (row["userId"].as_str(), row["roleId"].as_str());
                let what = format!("{} asks for {}", user.unwrap(), role.unwrap());
                seen.insert(what, WAITS.to_owned());
            }
            for name in own_roles(overseer).await.into_keys() {
                seen.insert(format!("{OWN_ROLE}{name}"), THERE.to_owned());
            }
            let shown = overseer
                .get(&settings(USER_ADMINISTRATOR))
                .await
                .expect(200);
            let duration = shown["elevationDuration"].as_str().unwrap().to_owned();
            seen.insert(DURATION.to_owned(), duration);
        }
        Self(seen)
    }

    /// What it should look like after a success.
    pub(super) fn after(&self, operation: &str, caller: &Caller) -> Self {
        let mut seen = self.0.clone();
        for (_, what, becomes) in EFFECTS.iter().filter(|(of, _, _)| *of == operation) {
            let what = what
                .replace("{self}", caller.user)
                .replace("{User}", USER_ADMINISTRATOR)
                .replace("{Application}", APPLICATION_ADMINISTRATOR)
                .replace("{One}", DECIDED_BY_ONE)
                .replace("{Administrators}", DECIDED_BY_ADMINISTRATORS);
            match becomes {
                Some(state) => seen.insert(what, (*state).to_owned()),
                None => seen.remove(&what),
            };
        }
        if operation == "sign_up" && !caller.registered {
            for role in [PRIVILEGED_ROLE_ADMINISTRATOR, SECURITY_ADMINISTRATOR] {
                seen.insert(format!("{}_{role}", caller.user), PERMANENT.to_owned());
            }
            seen.insert(DURATION.to_owned(), "PT1H".to_owned());
        }
        Self(seen)
    }

    /// Puts back what differs from this.
    pub(super) async fn restore(&self, server: &TestServer, overseer: &Person<'_>) {
        let Self(now) = Self::seen_by(overseer).await;
        let differs = |what: &String| self.0.get(what) != now.get(what);
        for what in self.0.keys().chain(now.keys()).filter(|what| differs(what)) {
            if let Some((user, role)) = what.split_once(" asks for ") {
                if self.0.contains_key(what) {
                    ask_as_ben(server, role).await;
                } else {
                    // Without the assignment that it rests on, nothing waits.
                    let path = assignment(user, role);
                    overseer.delete(&path).await.expect(204);
                    give(overseer, user, role, Hold::Eligible).await;
                }
                continue;
            }
            if let Some(name) = what.strip_prefix(OWN_ROLE) {
                match own_roles(overseer).await.get(name) {
                    Some(id) => {
                        overseer.delete(&format!("{ROLES}/{id}")).await.expect(204);
                    }
                    None => make_role(overseer, name).await,
                }
                continue;
            }
            let Some((user, role)) = what.rsplit_once('_') else {
                let change = json!({"elevationDuration": self.0[DURATION]});
                let path = settings(USER_ADMINISTRATOR);
                overseer.send("PATCH", &path, &change).await.expect(204);
                continue;
            };
            if now.contains_key(what) {
                overseer.delete(&assignment(user, role)).await.expect(204);
            }
            match self.0.get(what).map(String::as_str) {
                Some(PERMANENT) => give(overseer, user, role, Hold::Permanent).await,
                Some(ELIGIBLE) => give(overseer, user, role, Hold::Eligible).await,
                Some(ACTIVE) => give(overseer, user, role, Hold::Active).await,
                _ => {}
            }
        }
    }
}

/// Whether an operation changes something where it succeeds.
pub(super) fn changes(operation: &str) -> bool {
    EFFECTS.iter().any(|(of, _, _)| *of == operation)
}

fn state(row: &Value) -> &'static str {
    match (&row["isElevated"], &row["expirationDateTime"]) {
        (Value::Bool(true), Value::Null) => PERMANENT,
        (Value::Bool(true), _) => ACTIVE,
        _ => ELIGIBLE,
    }
}

/// Gives somebody a role.
pub(super) async fn give(overseer: &Person<'_>, user: &str, role: &str, how: Hold) {
    let mut new = json!({"userId": user, "roleId": role});
    match how {
        Hold::Permanent => new["isElevated"] = json!(true),
        Hold::Eligible => new["isElevated"] = json!(false),
        Hold::Active => new["expirationDateTime"] = json!("9000-01-01T00:00:00Z"),
    }
    overseer.send("POST", ASSIGNMENTS, &new).await.expect(201);
}

/// Who sees and changes everything in a tenant.
pub(super) async fn overseer<'a>(server: &'a TestServer, tenant: &str) -> Person<'a> {
    let wids = [PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
    let claims = json!({"oid": "overseer", "tid": tenant, "wids": wids, "amr": ["mfa"]});
    server.signed_in(&claims).await
}

/// The files of the database, whole.
pub(super) fn database(folder: &Path) -> Vec<Vec<u8>> {
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
    ["pimento.db", "pimento.db-wal"].map(read).to_vec()
}
