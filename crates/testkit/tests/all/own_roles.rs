//! Roles of a tenant's own: made, renamed, removed, and used as the built-in ones are.

mod life;
mod names;
mod removal;

use pimento_testkit::{Answer, Person};
use serde_json::{Value, json};

use crate::paths::{ASSIGNMENTS, EVENTS, ROLES};

fn role(id: &str) -> String {
    format!("{ROLES}/{id}")
}

async fn create(person: &Person<'_>, name: &str) -> Answer {
    person.send("POST", ROLES, &json!({ "name": name })).await
}

/// Makes a role, and answers its id.
async fn made(ada: &Person<'_>, name: &str) -> String {
    let made = create(ada, name).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn rename(person: &Person<'_>, id: &str, name: &str) -> Answer {
    let update = json!({ "name": name });
    person.send("PATCH", &role(id), &update).await
}

/// Makes somebody eligible.
async fn give(ada: &Person<'_>, user: &str, role: &str) {
    let new = json!({"userId": user, "roleId": role, "isElevated": false});
    ada.send("POST", ASSIGNMENTS, &new).await.expect(201);
}

/// Every role with its name, page after page.
async fn all_roles(ada: &Person<'_>, top: usize) -> Vec<(String, String)> {
    let mut path = format!("{ROLES}?$top={top}");
    let mut all = Vec::new();
    loop {
        let page = ada.get(&path).await.expect(200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let rows = page["value"].as_array().unwrap().iter();
        all.extend(rows.map(|row| (text(&row["id"]), text(&row["name"]))));
        let Some(link) = page["@odata.nextLink"].as_str() else {
            return all;
        };
        path = link[link.find("/beta").unwrap()..].to_owned();
    }
}

/// The names of roles in the last events, oldest first.
async fn told(ada: &Person<'_>, role: &str) -> Vec<(String, String)> {
    let list = ada.get(&format!("{EVENTS}?$top=1000")).await.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = list["value"].as_array().unwrap().iter();
    rows.filter(|row| row["roleId"] == role)
        .map(|row| (text(&row["requestType"]), text(&row["roleName"])))
        .collect()
}
