//! Roles, the built-in ones and a tenant's own in one list: searched, filtered, ordered, and page by page.

use std::collections::BTreeMap;

use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::{each, target};
use crate::paths::ROLES;

/// Names before, between and after the built-in ones, in any letter case, and some that mean something elsewhere.
const OWN: [&str; 9] = [
    "aardvark keeper",
    "Global ADMINISTRATION desk",
    "security night watch",
    "SECURITY Day Watch",
    "Ärzte im Dienst",
    "ΟΔΌΣ ΟΔΌΣΑ",
    "100 %_'~. 'night'",
    "zzz reader",
    "日本語 Reader",
];

/// A server whose tenant has roles of its own, somebody who may read all, and the names of all roles by their ids.
async fn furnish(server: &TestServer) -> (Person<'_>, BTreeMap<String, String>) {
    let ada = server.person("ada").await;
    for name in OWN {
        let made = ada.send("POST", ROLES, &json!({ "name": name })).await;
        made.expect(201);
    }
    let gone = json!({"name": "security of yesterday"});
    let gone = ada.send("POST", ROLES, &gone).await.expect(201);
    let gone = format!("{ROLES}/{}", gone["id"].as_str().unwrap());
    ada.delete(&gone).await.expect(204);
    let page = ada.get(&format!("{ROLES}?$top=1000")).await.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let roles = page["value"].as_array().unwrap().iter();
    let all = roles.map(|role| (text(&role["id"]), text(&role["name"])));
    (ada, all.collect())
}

/// The names of roles, page by page.
async fn followed(server: &TestServer, ada: &Person<'_>, query: &str) -> Vec<String> {
    let mut path = target(ROLES, query);
    let mut names: Vec<String> = Vec::new();
    loop {
        let page = ada.get(&path).await.expect(200);
        names.extend(each(&page, "name").into_iter().map(str::to_owned));
        let Some(link) = page["@odata.nextLink"].as_str() else {
            return names;
        };
        link.strip_prefix(&server.url())
            .unwrap()
            .clone_into(&mut path);
    }
}

/// What one role, by its id and its name in small letters, has to be for a query to pick it.
type Picks = fn(&str, &str) -> bool;

/// Searches and filters, with what they pick.
#[rustfmt::skip]
const QUERIES: &[(&str, Picks)] = &[
    ("$search=security", |_, name| name.contains("security")),
    ("$search=SECURITY wAtCh", |_, name| name.contains("security") && name.contains("watch")),
    ("$search=watch OR zzz", |_, name| name.contains("watch") || name.contains("zzz")),
    ("$search=security AND NOT (reader OR watch)", |_, name| name.contains("security") && !name.contains("reader") && !name.contains("watch")),
    ("$search=\"global admin\"", |_, name| name.contains("global admin")),
    ("$search=\"admin global\"", |_, _| false),
    ("search=ÄRZTE", |_, name| name.contains("ärzte")),
    ("$search=ΟΔΌς", |_, name| name.starts_with("οδό")),
    ("$search=日本", |_, name| name.contains("日本")),
    ("$search=%_'~.", |_, name| name.contains("%_'~.")),
    ("$search=or", |_, name| name.contains("or")),
    ("$search=reader&$filter=startswith(name,'Z')", |_, name| name == "zzz reader"),
    ("$filter=name eq 'gLOBAL administrator'", |_, name| name == "global administrator"),
    ("$filter=name eq 'ärzte IM dienst'", |_, name| name == "ärzte im dienst"),
    ("$filter=name in ('ZZZ READER','Security Reader','none')", |_, name| name == "zzz reader" || name == "security reader"),
    ("$filter=name gt 'Z'", |_, name| name > "z"),
    ("$filter=not (name le 'Z') and id ne null", |_, name| name > "z"),
    ("$filter=contains(name,'''NIGHT''')", |_, name| name.contains("'night'")),
    ("$filter=endswith(name,'Reader') and not startswith(name,'d')", |_, name| name.ends_with("reader") && !name.starts_with('d')),
    ("$filter=id eq 62E90394-69F5-4237-9190-012177145E10", |id, _| id == "62e90394-69f5-4237-9190-012177145e10"),
    ("$filter=startswith(id,'62e9')", |id, _| id.starts_with("62e9")),
    ("$filter=name eq null or id lt '1'", |id, _| id < "1"),
    ("$filter=false", |_, _| false),
    ("$count=true", |_, _| true),
];

#[tokio::test]
async fn a_query_picks_what_a_look_at_all_roles_would_and_so_does_its_count() {
    let server = TestServer::dev().await;
    let (ada, all) = furnish(&server).await;
    assert_eq!(all.len(), 145 + OWN.len());
    for (query, picks) in QUERIES {
        let is_picked = |(id, name): &(&String, &String)| picks(id, &name.to_lowercase());
        let picked = all.iter().filter(is_picked);
        let expected: Vec<&str> = picked.map(|(_, name)| name.as_str()).collect();
        let path = target(ROLES, &format!("{query}&$top=1000"));
        let page = ada.get(&path).await.expect(200);
        assert_eq!(each(&page, "name"), expected, "{query}");
        if *query != "$count=true" {
            let counted = ada.get(&target(&format!("{ROLES}/$count"), query)).await;
            assert_eq!(counted.status, 200, "{query}");
            let count = str::from_utf8(&counted.body).unwrap();
            assert_eq!(count, expected.len().to_string(), "{query}");
        }
    }
}

#[tokio::test]
async fn both_kinds_are_in_one_order_and_on_the_same_pages() {
    let server = TestServer::dev().await;
    let (ada, all) = furnish(&server).await;
    let mut by_name: Vec<&str> = all.values().map(String::as_str).collect();
    by_name.sort_by_key(|name| name.to_lowercase());
    let backwards: Vec<&str> = by_name.iter().rev().copied().collect();
    let by_id: Vec<&str> = all.values().map(String::as_str).collect();
    let last_first: Vec<&str> = by_id.iter().rev().copied().collect();
    for (order, expected) in [
        ("name", &by_name),
        ("NAME desc", &backwards),
        ("name,id desc", &by_name),
        ("id", &by_id),
        ("id desc,name", &last_first),
    ] {
        for (skip, top) in [(0, 1000), (0, 7), (1, 50), (2, 1), (150, 2), (500, 5)] {
            // Pages of one are many: the last ones will do.
            let skip = if top == 1 { all.len() - 5 } else { skip };
            let query = format!("$orderby={order}&$skip={skip}&$top={top}");
            let found = followed(&server, &ada, &query).await;
            let rest = &expected[skip.min(expected.len())..];
            assert_eq!(found, rest, "{query}");
        }
    }
    let query = "$search=watch OR reader&$orderby=name desc&$top=2&$count=true&$skip=1";
    let page = ada.get(&target(ROLES, query)).await.expect(200);
    let picked = backwards.iter().filter(|name| {
        let name = name.to_lowercase();
        name.contains("watch") || name.contains("reader")
    });
    let picked: Vec<&str> = picked.copied().collect();
    assert_eq!(page["@odata.count"], picked.len());
    assert_eq!(followed(&server, &ada, query).await, picked[1..]);
}

#[tokio::test]
async fn who_pages_while_roles_come_and_go_sees_nothing_twice_and_all_that_stays() {
    let server = TestServer::dev().await;
    let (ada, all) = furnish(&server).await;
    let mut path = target(ROLES, "$orderby=name&$top=40&$select=name");
    let mut seen: Vec<String> = Vec::new();
    loop {
        let page = ada.get(&path).await.expect(200);
        seen.extend(each(&page, "name").into_iter().map(str::to_owned));
        let Some(link) = page["@odata.nextLink"].as_str() else {
            break;
        };
        link.strip_prefix(&server.url())
            .unwrap()
            .clone_into(&mut path);
        for name in ["a new one", "Global new one"] {
            let name = format!("{name} {}", seen.len());
            let made = ada.send("POST", ROLES, &json!({ "name": name })).await;
            made.expect(201);
        }
        let own = all.iter().find(|(_, name)| *name == "aardvark keeper");
        let own = format!("{ROLES}/{}", own.unwrap().0);
        ada.delete(&own).await;
    }
    for name in all.values() {
        let times = seen.iter().filter(|seen| *seen == name).count();
        assert_eq!(times, 1, "{name}");
    }
}
