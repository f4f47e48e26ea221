//! What the requests are about, how it looks, and how it is put back.

use std::collections::BTreeMap;
use std::path::Path;

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR, USER_ADMINISTRATOR,
};
use pimento_testkit::{Call, Contract, Person, TestServer};
use serde_json::{Value, json};

use super::callers::{Caller, Hold};
use crate::paths::{ASSIGNMENTS, SIGN_UP_STATUS, assignment, settings};

const PERMANENT: &str = "permanent";
const ELIGIBLE: &str = "eligible";
const ACTIVE: &str = "active until some time";
const DURATION: &str = "default duration of User Administrator";
const REGISTERED: &str = "registered";

/// What a success changes: of what, and into what. `{self}` is the caller. An operation that is not here changes nothing.
const EFFECTS: &[(&str, &str, Option<&str>)] = &[
    ("create_assignment", "dana_{User}", Some(ACTIVE)),
    ("delete_assignment", "ben_{User}", None),
    ("make_permanent", "ben_{User}", Some(PERMANENT)),
    ("make_eligible", "ben_{Application}", Some(ELIGIBLE)),
    ("self_activate", "{self}_{User}", Some(ACTIVE)),
    ("self_deactivate", "{self}_{User}", Some(ELIGIBLE)),
    ("replace_role_settings", DURATION, Some("PT2H")),
    ("update_role_settings", DURATION, Some("PT2H")),
    ("sign_up", REGISTERED, Some("true")),
];

/// A request that succeeds where the caller is admitted.
pub(super) fn request(server: &TestServer, contract: &Contract, operation: &str) -> Call {
    let (method, path) = contract.route(operation);
    let id = if !path.contains("privilegedRoleAssignments") {
        USER_ADMINISTRATOR.to_owned()
    } else if operation == "make_eligible" {
        format!("ben_{APPLICATION_ADMINISTRATOR}")
    } else {
        format!("ben_{USER_ADMINISTRATOR}")
    };
    let call = server.call(method, &path.replace("{id}", &id));
    match operation {
        "create_assignment" => call.json(&json!({"userId": "dana", "roleId": USER_ADMINISTRATOR})),
        "replace_role_settings" | "update_role_settings" => {
            call.json(&json!({"elevationDuration": "PT2H"}))
        }
        "issue_token" | "change_clock" => call.json(&json!({})),
        _ => call,
    }
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
                .replace("{Application}", APPLICATION_ADMINISTRATOR);
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
    pub(super) async fn restore(&self, overseer: &Person<'_>) {
        let Self(now) = Self::seen_by(overseer).await;
        let differs = |what: &String| self.0.get(what) != now.get(what);
        for what in self.0.keys().chain(now.keys()).filter(|what| differs(what)) {
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
