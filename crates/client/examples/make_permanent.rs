//! An administrator makes an assignment permanent, with a reason and a ticket.
//!
//! Start `pimento-server dev`, then `cargo run -p pimento-client --example make_permanent`. `PIMENTO_URL` names a
//! server elsewhere.

use std::error::Error;

use pimento_client::graph_beta::types::{MakePermanentParameters, NewPrivilegedRoleAssignment};
use pimento_client::{Pimento, request_id};
use serde_json::Map;

const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("PIMENTO_URL").unwrap_or("http://127.0.0.1:8080".to_owned());
    let pimento = Pimento::new(&url)?;

    // Outside dev mode the token comes from your issuer.
    let claims = Map::from_iter([("oid".to_owned(), "ada".into())]);
    let token = pimento
        .dev()
        .issue_token()
        .body(claims)
        .send()
        .await?
        .into_inner();
    let ada = pimento.with_token(&token.access_token);

    make_ben_eligible(&ada).await?;
    let answer = ada
        .graph()
        .make_permanent()
        .id(format!("ben_{USER_ADMINISTRATOR}"))
        .body(MakePermanentParameters {
            reason: Some("Ben leads the service desk from March on".to_owned()),
            ticket_number: Some("CHG-1182".to_owned()),
            ticket_system: Some("Service desk".to_owned()),
        })
        .send()
        .await
        .map_err(pimento_client::Error::from)?;

    println!(
        "{} is permanent: active {}, end {:?}",
        answer.id, answer.is_elevated, answer.expiration_date_time
    );
    println!(
        "the audit trail has it as request {:?}",
        request_id(&answer)
    );
    Ok(())
}

/// The demo tenant has this assignment from the start. Somebody may have removed it.
async fn make_ben_eligible(ada: &Pimento) -> Result<(), Box<dyn Error>> {
    let eligible = NewPrivilegedRoleAssignment {
        user_id: "ben".to_owned(),
        role_id: USER_ADMINISTRATOR.to_owned(),
        is_elevated: Some(false),
        expiration_date_time: None,
    };
    let created = ada.graph().create_assignment().body(eligible).send().await;
    match created.map_err(pimento_client::Error::from) {
        Err(error) if error.code() != Some("RoleAssignmentExists") => Err(error.into()),
        _ => Ok(()),
    }
}
