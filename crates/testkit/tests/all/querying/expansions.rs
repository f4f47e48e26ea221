//! What comes along with roles: read as it would be by itself, with options of its own, and never more than an answer can hold.

use jiff::SignedDuration;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, SECURITY_READER, USER_ADMINISTRATOR};
use pimento_testkit::{Person, TestServer};
use serde_json::{Value, json};

use super::{each, furnish, target};
use crate::due::give_role;
use crate::paths::{APPROVALS, REQUESTS, ROLES, approval, assignment, own, request};

/// An answer without its context.
async fn bare(person: &Person<'_>, path: &str) -> Value {
    let mut answer = person.get(path).await.expect(200);
    answer.as_object_mut().unwrap().remove("@odata.context");
    answer
}

#[tokio::test]
async fn each_role_of_a_list_brings_what_is_read_of_it_by_itself() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let query = "$search=administrator&$expand=*&$top=30&$orderby=name";
    let page = ada.get(&target(ROLES, query)).await.expect(200);
    let context = format!("{}/beta/$metadata#privilegedRoles", server.url());
    let expected = format!("{context}(assignments(),settings(),summary())");
    assert_eq!(page["@odata.context"], expected);
    let roles = page["value"].as_array().unwrap();
    assert_eq!(roles.len(), 30);
    for role in roles {
        let id = role["id"].as_str().unwrap();
        for what in ["settings", "summary"] {
            assert_eq!(role[what], bare(&ada, &own(id, what)).await, "{id}");
        }
        let list = bare(&ada, &own(id, "assignments")).await;
        assert_eq!(role["assignments"], list["value"], "{id}");
    }
    let query = format!(
        "$filter=id in ('{APPLICATION_ADMINISTRATOR}','{USER_ADMINISTRATOR}','{SECURITY_READER}')&$orderby=name&$select=name\
         &$expand=assignments($filter=userId ne 'ben';$orderby=userId desc;$skip=1;$top=2;$count=true;$select=userId),settings($select=mfaOnElevation)"
    );
    let page = ada.get(&target(ROLES, &query)).await.expect(200);
    let expected = format!("{context}(name,assignments(userId),settings(mfaOnElevation))");
    assert_eq!(page["@odata.context"], expected);
    let role = |name: &str, users: &[&str], count: usize, mfa: bool| {
        let users: Vec<Value> = users.iter().map(|user| json!({ "userId": user })).collect();
        json!({"name": name, "assignments": users, "assignments@odata.count": count, "settings": {"mfaOnElevation": mfa}})
    };
    let expected = [
        role("Application Administrator", &["until-1", "eve"], 4, false),
        role("Security Reader", &[], 1, false),
        role("User Administrator", &[], 1, true),
    ];
    assert_eq!(page["value"], json!(expected));
}

#[tokio::test]
async fn only_the_number_of_assignments_can_be_asked_for() {
    let server = TestServer::dev().await;
    let ada = furnish(&server).await;
    let query = "$select=id&$expand=assignments($top=0;$count=true)";
    let role = bare(&ada, &target(&own(APPLICATION_ADMINISTRATOR, ""), query)).await;
    let expected =
        json!({"id": APPLICATION_ADMINISTRATOR, "assignments": [], "assignments@odata.count": 4});
    assert_eq!(role, expected);
}

/// A server where 1,100 people have one role, and 600 each of two others.
async fn crowded() -> TestServer {
    let (server, store) = TestServer::dev_with_store().await;
    let end = store.clock().now().plus(SignedDuration::from_hours(1));
    for (role, people) in [
        (APPLICATION_ADMINISTRATOR, 1_100),
        (SECURITY_READER, 600),
        (USER_ADMINISTRATOR, 600),
    ] {
        give_role(&*store, role.parse().unwrap(), people, |_| end).await;
    }
    server
}

#[tokio::test]
async fn a_page_of_roles_ends_where_it_has_brought_a_thousand_assignments() {
    let server = crowded().await;
    let ada = server.person("ada").await;
    let query = "$expand=assignments($select=userId)&$orderby=name&$top=1000&$count=true";
    let mut path = target(ROLES, query);
    let (mut names, mut brought) = (Vec::new(), Vec::new());
    loop {
        let page = ada.get(&path).await.expect(200);
        assert_eq!(page["@odata.count"], 145);
        names.extend(each(&page, "name").into_iter().map(str::to_owned));
        let roles = page["value"].as_array().unwrap().iter();
        let lengths = roles.map(|role| role["assignments"].as_array().unwrap().len());
        brought.push(lengths.sum::<usize>());
        let Some(link) = page["@odata.nextLink"].as_str() else {
            break;
        };
        link.strip_prefix(&server.url())
            .unwrap()
            .clone_into(&mut path);
    }
    let whole = ada.get(&target(ROLES, "$orderby=name&$top=1000")).await;
    assert_eq!(names, each(&whole.expect(200), "name"));
    // Those of Application Administrator end a page; and those of User Administrator with what is before them.
    assert_eq!(brought.len(), 3, "{brought:?}");
    assert!(
        brought.iter().all(|brought| *brought < 2_000),
        "{brought:?}"
    );
    assert_eq!(brought[0], 1_000);
    // With a number that is asked for, the same roles are on one page.
    let query = "$expand=assignments($top=5)&$top=1000";
    let page = ada.get(&target(ROLES, query)).await.expect(200);
    assert_eq!(each(&page, "id").len(), 145);
}

#[tokio::test]
async fn assignments_that_are_too_many_go_on_behind_a_link_of_their_own() {
    let server = crowded().await;
    let ada = server.person("ada").await;
    let role = own(APPLICATION_ADMINISTRATOR, "");
    for (options, total) in [
        ("", 1_100),
        (
            "($filter=startswith(userId,'p');$select=userId;$count=true)",
            1_100,
        ),
        ("($orderby=userId desc;$skip=70)", 1_030),
        ("($filter=userId ge 'p0000100')", 1_000),
        ("($top=1000)", 1_000),
        ("($top=7;$skip=1090)", 7),
        ("($skip=1095)", 5),
    ] {
        let query = format!("$expand=assignments{options}");
        let shown = ada.get(&target(&role, &query)).await.expect(200);
        let first = shown["assignments"].as_array().unwrap();
        let mut users = first.clone();
        let is_cut = 1_000 < total;
        let link = shown["assignments@odata.nextLink"].as_str();
        assert_eq!(link.is_some(), is_cut, "{options}");
        if let Some(link) = link {
            let rest = ada.get(link.strip_prefix(&server.url()).unwrap()).await;
            let rest = rest.expect(200);
            assert_eq!(rest.get("@odata.nextLink"), None, "{options}");
            users.extend(rest["value"].as_array().unwrap().clone());
        }
        assert_eq!(users.len(), total, "{options}");
        // All of them have the members that were asked for, and none comes twice.
        let members = |user: &Value| user.as_object().unwrap().len();
        assert!(users.iter().all(|user| members(user) == members(&users[0])));
        let mut ids: Vec<&str> = users
            .iter()
            .map(|user| user["userId"].as_str().unwrap())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), total, "{options}");
    }
}

/// The id of a request of ben's about User Administrator.
async fn asked(server: &TestServer) -> String {
    let ben = json!({"oid": "ben", "amr": ["mfa"]});
    let ben = server.signed_in(&ben).await;
    let new = json!({"roleId": USER_ADMINISTRATOR, "requestorReason": "Help"});
    let made = ben.send("POST", APPROVALS, &new).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn members_are_selected_of_whatever_is_reached_through_role_info() {
    let server = TestServer::dev().await;
    let ada = server.person("ada").await;
    let id = asked(&server).await;
    for origin in [
        assignment("ben", USER_ADMINISTRATOR),
        request(&id),
        approval(&id),
        format!("{}/request", approval(&id)),
    ] {
        let query = "$select=name&$expand=summary($select=usersCount),assignments($select=userId)";
        let role = bare(&ada, &target(&format!("{origin}/roleInfo"), query)).await;
        assert_eq!(role["name"], "User Administrator");
        assert_eq!(role["summary"], json!({"usersCount": 1}));
        assert_eq!(role["assignments"], json!([{"userId": "ben"}]));
        assert_eq!(role.get("id"), None);
    }
    for origin in [
        own(USER_ADMINISTRATOR, ""),
        format!("{}/roleInfo/", assignment("ben", USER_ADMINISTRATOR)),
        format!("{}/roleInfo/", request(&id)),
        format!("{}/roleInfo/", approval(&id)),
    ] {
        for (what, member) in [("settings", "mfaOnElevation"), ("summary", "mfaEnabled")] {
            let path = target(&format!("{origin}{what}"), &format!("$select={member}"));
            let shown = ada.get(&path).await.expect(200);
            let context = shown["@odata.context"].as_str().unwrap();
            assert!(
                context.ends_with(&format!("/{what}({member})/$entity")),
                "{context}"
            );
            assert_eq!(shown.as_object().unwrap().len(), 2);
            assert_eq!(shown[member], true);
            let wrong = target(&format!("{origin}{what}"), "$select=mfa");
            ada.get(&wrong)
                .await
                .refused(400, "Request_UnsupportedQuery");
        }
    }
}

#[tokio::test]
async fn a_scope_that_does_not_reach_what_is_expanded_does_not_reach_it_so_either() {
    let server = TestServer::dev().await;
    let id = asked(&server).await;
    let role = format!("{}/roleInfo", request(&id));
    let reader = json!({"oid": "ada", "scp": "Directory.Read.All"});
    let reader = server.signed_in(&reader).await;
    reader.get(&role).await.expect(200);
    reader.get(REQUESTS).await.expect(200);
    for what in ["settings", "summary", "assignments", "*"] {
        let refused = reader.get(&format!("{role}?$expand={what}")).await;
        refused.refused(403, "PermissionScopeNotGranted");
    }
    let ben = server.person("ben").await;
    ben.get(&role).await.expect(200);
    for what in ["settings", "summary", "assignments"] {
        let refused = ben.get(&format!("{role}?$expand={what}")).await;
        refused.refused(403, "Authorization_RequestDenied");
    }
}
