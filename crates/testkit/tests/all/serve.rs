//! `pimento-server serve`: a server for real work, with issuers of the outside world, and none of dev mode's doors.

mod absent;
mod claims;
mod configuration;
mod mappings;
mod program;
mod publisher;
mod registration;
mod rotation;
mod secrets;
mod self_grants;
mod tokens;
mod urls;

use pimento_testkit::{Answer, Person, ServeServer, TestIssuer};
use serde_json::{Value, json};

/// The tenant of these tests, of which fay is the founder.
const CONTOSO: &str = "contoso";
/// Fay may register her tenant.
const FAY: &str = "[[founders]]\ntenant = \"contoso\"\nuser = \"fay\"";

const ROLES: &str = "/beta/privilegedRoles";
const ASSIGNMENTS: &str = "/beta/privilegedRoleAssignments";
const MY: &str = "/beta/privilegedRoleAssignments/my";
const SIGN_UP: &str = "/beta/privilegedSignupStatus/signUp";

/// A server that admits contoso. `top` stands at the top of its configuration, `members` in the table of its issuer.
async fn start(top: &str, members: &str) -> ServeServer {
    let configure = |issuer: &TestIssuer| {
        format!(
            "tenants = [\"contoso\"]\n{top}\n{FAY}\n{}",
            issuer.table(members)
        )
    };
    ServeServer::start(configure)
        .await
        .expect("the server starts")
}

/// The same, where fay has registered contoso and is its administrator, whatever her tokens have to look like.
async fn registered(top: &str, members: &str, fay: &Value) -> ServeServer {
    let house = start(top, members).await;
    with(&house, fay).post(SIGN_UP).await.expect(200);
    house
}

/// A server for contoso, registered, whose issuer speaks for that one tenant.
async fn plain() -> ServeServer {
    registered("", "tenant = \"contoso\"", &json!({"oid": "fay"})).await
}

/// Somebody whose token has these claims.
fn with<'a>(house: &'a ServeServer, claims: &Value) -> Person<'a> {
    house.server.bearer_of(&house.issuer.token(claims))
}

/// What the server says to a token: the roles, to fay.
async fn shown(house: &ServeServer, token: &str) -> Answer {
    house.server.bearer_of(token).get(ROLES).await
}
