//! The demo tenant of dev mode: three people, and what each may do.

use std::fmt::Write as _;

use pimento_api::auth::issuer::DevIssuer;
use pimento_domain::rules::CreateAssignment;
use pimento_domain::{Caller, Cause, PrincipalId, RoleId, TenantId, Uuid, role};
use pimento_engine::{Engine, Error, NewAssignment, SignUpStatus};
use serde_json::{Map, Value, json};

/// User Administrator: activating it needs MFA, whatever its settings say.
const USER_ADMINISTRATOR: RoleId = RoleId::from_u128(0xfe930be7_5e62_47db_91af_98c3a49a38b1);

/// The demo tenant.
pub(crate) fn tenant() -> TenantId {
    "3f1c9a52-7d84-4e0b-9c36-5a2e8b71d040"
        .parse()
        .expect("a GUID is an id")
}

/// Registers the demo tenant and gives its people their roles, unless the database has it already.
pub(crate) async fn furnish(engine: &Engine) -> Result<(), Error> {
    let ada = caller("sign_up");
    if engine.sign_up_status(&ada).await? != SignUpStatus::NotRegistered {
        return Ok(());
    }
    engine.sign_up(&ada).await?;
    for (name, role, elevated) in [
        ("ben", USER_ADMINISTRATOR, false),
        ("cleo", role::SECURITY_READER, true),
    ] {
        let command = CreateAssignment {
            elevated: Some(elevated),
            until: None,
        };
        let new = NewAssignment {
            principal: person(name),
            role,
            command,
        };
        engine
            .create_assignment(&caller("create_assignment"), &new)
            .await?;
    }
    Ok(())
}

/// Ada, who signs up and gives the others their roles.
#[expect(
    clippy::disallowed_methods,
    reason = "what a dev server does for itself has request ids as well"
)]
fn caller(operation: &'static str) -> Caller {
    Caller {
        tenant: tenant(),
        principal: person("ada"),
        roles: [role::GLOBAL_ADMINISTRATOR].into(),
        mfa: true,
        cause: Cause {
            operation: operation.into(),
            request: Uuid::new_v4(),
            client_request: None,
        },
    }
}

fn person(name: &str) -> PrincipalId {
    name.parse().expect("the demo people's names are ids")
}

/// What to tell the person who started the server.
#[expect(clippy::disallowed_methods, reason = "tokens keep to wall time")]
pub(crate) fn banner(url: &str, issuer: &DevIssuer) -> String {
    let claims: Map<String, Value> = [("oid".to_owned(), json!("ada"))].into_iter().collect();
    let token = issuer.issue(claims, jiff::Timestamp::now()).access_token;
    let assignment = format!("ben_{USER_ADMINISTRATOR}");
    let mut banner = String::new();
    let _ = write!(
        banner,
        r#"Pimento dev server. Not for real use: anyone who reaches it gets any token they ask for.

  API         {url}/beta
  Swagger UI  {url}/swagger-ui/     (already signed in as ada)
  Tokens      POST {url}/dev/token  {{"oid": "ben", "amr": ["mfa"]}}
  Clock       POST {url}/dev/clock  {{"advance": "PT8H"}}

People of the demo tenant
  ada    permanent Privileged Role Administrator and Security Administrator: may do everything
  ben    eligible User Administrator: may activate it with MFA, for an hour or as he asks
  cleo   permanent Security Reader: may see everything and change nothing

Make ben's assignment permanent, as ada:

curl -X POST {url}/beta/privilegedRoleAssignments/{assignment}/makePermanent -H 'Content-Type: application/json' -d '{{"reason":"Ben leads the service desk","ticketNumber":"CHG-1182","ticketSystem":"Service desk"}}' -H 'Authorization: Bearer {token}'

Ctrl-C ends it.
"#
    );
    banner
}
