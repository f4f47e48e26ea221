//! Query options: which elements, in which order, with which members; and that what cannot be is refused with a word of what
//! can.

mod asked;
mod asked_filters;
mod asked_members;
mod events;
mod expansions;
mod filters;
mod generated;
mod members;
mod orders;
mod refusals;
mod registration;
mod roles;

use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, EVENTS};

/// A server whose clock stands still, where there are assignments in each state, and somebody who may read all.
async fn furnish(server: &TestServer) -> Person<'_> {
    let now = server.freeze().await;
    let ada = server.person("ada").await;
    for (user, role, elevated, hours) in [
        ("eve", APPLICATION_ADMINISTRATOR, Some(true), None),
        ("eligible", APPLICATION_ADMINISTRATOR, Some(false), None),
        ("until-2", APPLICATION_ADMINISTRATOR, Some(true), Some(2)),
        ("until-1", APPLICATION_ADMINISTRATOR, Some(true), Some(1)),
        ("O~Neil", USER_ADMINISTRATOR, Some(true), Some(3)),
    ] {
        let end = hours.map(|hours| (now + jiff::SignedDuration::from_hours(hours)).to_string());
        let new = json!({"userId": user, "roleId": role, "isElevated": elevated, "expirationDateTime": end});
        ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
    }
    ada
}

/// A target in which everything is escaped that may not stand in one, and the `+`, as a client would.
pub(crate) fn target(path: &str, query: &str) -> String {
    let mut target = format!("{path}?");
    for byte in query.bytes() {
        match byte {
            b' ' | b'"' | b'%' | b'\'' | b'+' | 0x80.. => target.push_str(&format!("%{byte:02X}")),
            _ => target.push(char::from(byte)),
        }
    }
    target
}

/// The members of this name of all elements, in their order.
fn each<'a>(page: &'a Value, member: &str) -> Vec<&'a str> {
    let elements = page["value"].as_array().unwrap().iter();
    elements.map(|one| one[member].as_str().unwrap()).collect()
}
