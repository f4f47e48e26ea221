//! Somebody activates a role of their own for two hours, and it goes away by itself.
//!
//! Start `pimento-server dev`, then `cargo run -p pimento-client --example activate_for_two_hours`. `PIMENTO_URL`
//! names a server elsewhere.

use std::error::Error;

use pimento_client::Pimento;
use pimento_client::dev::types::ClockChange;
use pimento_client::graph_beta::types::{NewPrivilegedRoleAssignment, SelfActivateParameters};
use serde_json::{Map, Value, json};

const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("PIMENTO_URL").unwrap_or("http://127.0.0.1:8080".to_owned());
    let pimento = Pimento::new(&url)?;
    let ada = sign_in(&pimento, "ada").await?;
    let ben = sign_in(&pimento, "ben").await?;
    make_ben_only_eligible(&ada, &ben).await?;

    let two_hours = SelfActivateParameters {
        duration: Some("PT2H".to_owned()),
        reason: Some("Resetting the passwords of the new hires".to_owned()),
        ..SelfActivateParameters::default()
    };
    let activated = ben
        .graph()
        .self_activate()
        .id(USER_ADMINISTRATOR)
        .body(two_hours)
        .send()
        .await;
    let activated = activated.map_err(pimento_client::Error::from)?;
    println!(
        "now: active {}, until {:?}",
        activated.is_elevated, activated.expiration_date_time
    );

    // Only the clock of the rules moves. The tokens live by wall time and stay good.
    let later = ClockChange {
        advance: Some("PT2H".to_owned()),
        freeze: None,
    };
    let clock = pimento.dev().change_clock().body(later).send().await?;
    println!("the clock shows {}", clock.now);

    let ended = ben
        .graph()
        .get_assignment()
        .id(&activated.id)
        .send()
        .await?;
    println!(
        "two hours later: active {}, until {:?}",
        ended.is_elevated, ended.expiration_date_time
    );
    Ok(())
}

/// The server as somebody sees it who signed in with a second factor. The role's settings may ask for one.
async fn sign_in(pimento: &Pimento, user: &str) -> Result<Pimento, pimento_client::Error> {
    let claims = [
        ("oid".to_owned(), user.into()),
        ("amr".to_owned(), json!(["pwd", "mfa"])),
    ];
    let claims: Map<String, Value> = Map::from_iter(claims);
    let token = pimento
        .dev()
        .issue_token()
        .body(claims)
        .send()
        .await?
        .into_inner();
    Ok(pimento.clone().with_token(&token.access_token))
}

/// As the demo tenant has it from the start, whatever was tried since: the assignment may be gone, permanent or active.
async fn make_ben_only_eligible(ada: &Pimento, ben: &Pimento) -> Result<(), Box<dyn Error>> {
    let eligible = NewPrivilegedRoleAssignment {
        user_id: "ben".to_owned(),
        role_id: USER_ADMINISTRATOR.to_owned(),
        is_elevated: Some(false),
        expiration_date_time: None,
    };
    let created = ada.graph().create_assignment().body(eligible).send().await;
    if let Err(error) = created.map_err(pimento_client::Error::from)
        && error.code() != Some("RoleAssignmentExists")
    {
        return Err(error.into());
    }
    ada.graph()
        .make_eligible()
        .id(format!("ben_{USER_ADMINISTRATOR}"))
        .send()
        .await?;
    ben.graph()
        .self_deactivate()
        .id(USER_ADMINISTRATOR)
        .send()
        .await?;
    Ok(())
}
