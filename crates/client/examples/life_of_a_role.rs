//! The life of an assignment: somebody is made eligible, asks for the role, is approved, has it, and it ends by itself.
//!
//! Start `pimento-server dev`, then `cargo run -p pimento-client --example life_of_a_role`. `PIMENTO_URL` names a server
//! elsewhere.

use std::error::Error;

use pimento_client::Pimento;
use pimento_client::dev::types::ClockChange;
use pimento_client::graph_beta::types::{
    NewPrivilegedRoleAssignmentRequest, PrivilegedApprovalUpdate, PrivilegedRoleSettingsUpdate,
};
use serde_json::{Map, Value};

const DIRECTORY_READERS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("PIMENTO_URL").unwrap_or("http://127.0.0.1:8080".to_owned());
    let pimento = Pimento::new(&url)?;
    let ada = sign_in(&pimento, "ada").await?;
    let cleo = sign_in(&pimento, "cleo").await?;
    let dana = sign_in(&pimento, "dana").await?;
    start_anew(&ada).await?;

    // Whoever activates the role needs cleo's approval.
    let demand = PrivilegedRoleSettingsUpdate {
        approval_on_elevation: Some(true),
        approver_ids: Some(vec!["cleo".to_owned()]),
        ..PrivilegedRoleSettingsUpdate::default()
    };
    let settings = ada.graph().update_role_settings().id(DIRECTORY_READERS);
    settings.body(demand).send().await?;

    let mut eligible = request("AdminAdd", "Eligible", "Dana joins the service desk");
    eligible.user_id = Some("dana".to_owned());
    ada.graph().create_request().body(eligible).send().await?;
    println!("dana is eligible: {}", state(&dana).await?);

    let mut two_hours = request("UserAdd", "Active", "Look up who owns a group");
    two_hours.duration = Some("2".to_owned());
    let asked = dana.graph().create_request().body(two_hours).send().await;
    let asked = asked.map_err(pimento_client::Error::from)?;
    println!("she asks for two hours: {}", asked.status);

    let waiting = cleo.graph().get_approval().id(&asked.id).send().await?;
    println!("cleo reads why: {:?}", waiting.requestor_reason);
    let yes = PrivilegedApprovalUpdate {
        approval_state: Some("approved".to_owned()),
        approver_reason: Some("As agreed on the phone".to_owned()),
        ..PrivilegedApprovalUpdate::default()
    };
    let decision = cleo.graph().update_approval().id(&asked.id).body(yes);
    decision.send().await?;
    println!("she is approved: {}", state(&dana).await?);

    // Only the clock of the rules moves. The tokens live by wall time and stay good.
    let later = ClockChange {
        advance: Some("PT2H".to_owned()),
        freeze: None,
    };
    pimento.dev().change_clock().body(later).send().await?;
    println!("two hours later: {}", state(&dana).await?);
    Ok(())
}

/// The server as somebody sees it. Outside dev mode the token comes from your issuer.
async fn sign_in(pimento: &Pimento, user: &str) -> Result<Pimento, pimento_client::Error> {
    let claims: Map<String, Value> = Map::from_iter([("oid".to_owned(), user.into())]);
    let token = pimento.dev().issue_token().body(claims).send().await?;
    Ok(pimento.clone().with_token(&token.access_token))
}

/// What is asked for, from now on; an assignment without end, an activation for the role's default length.
fn request(kind: &str, state: &str, reason: &str) -> NewPrivilegedRoleAssignmentRequest {
    NewPrivilegedRoleAssignmentRequest {
        role_id: DIRECTORY_READERS.to_owned(),
        type_: kind.to_owned(),
        assignment_state: state.to_owned(),
        reason: Some(reason.to_owned()),
        duration: None,
        evaluate_only: None,
        schedule: None,
        ticket_number: None,
        ticket_system: None,
        user_id: None,
    }
}

/// Somebody may have tried this before. Whatever dana had then goes away, with what she asked for.
async fn start_anew(ada: &Pimento) -> Result<(), pimento_client::Error> {
    let gone = ada
        .graph()
        .delete_assignment()
        .id(format!("dana_{DIRECTORY_READERS}"))
        .send()
        .await;
    match gone.map_err(pimento_client::Error::from) {
        Err(error) if error.code() != Some("ResourceNotFound") => Err(error),
        _ => Ok(()),
    }
}

/// Whether the role is active for dana, and until when.
async fn state(dana: &Pimento) -> Result<String, pimento_client::Error> {
    let mine = dana.graph().list_my_assignments().send().await?;
    let held = mine
        .value
        .iter()
        .find(|held| held.role_id == DIRECTORY_READERS);
    Ok(match held.map(|held| held.expiration_date_time) {
        Some(Some(end)) => format!("the role is active until {end}"),
        Some(None) => "the role is not active".to_owned(),
        None => "there is no assignment".to_owned(),
    })
}
