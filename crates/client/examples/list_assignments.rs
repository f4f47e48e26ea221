//! An auditor goes through all assignments of the tenant, page by page.
//!
//! Start `pimento-server dev`, then `cargo run -p pimento-client --example list_assignments`. `PIMENTO_URL` names a
//! server elsewhere.

use std::error::Error;

use pimento_client::{Pimento, paging};
use serde_json::Map;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("PIMENTO_URL").unwrap_or("http://127.0.0.1:8080".to_owned());
    let issuer = Pimento::new(&url)?;

    // A long run outlives its token, so the client asks for one whenever it sends. A real provider keeps it for a
    // while.
    let cleo = issuer.clone().with_token_provider(move || {
        let issuer = issuer.clone();
        async move {
            let claims = Map::from_iter([("oid".to_owned(), "cleo".into())]);
            let token = issuer.dev().issue_token().body(claims).send().await?;
            Ok::<_, pimento_client::Error>(token.into_inner().access_token)
        }
    });

    // Two to a page, so that even the demo tenant has more than one page.
    let graph = cleo.graph();
    let mut assignments = paging::items(graph, graph.list_assignments().top(2).send());
    let mut count = 0;
    while let Some(assignment) = assignments.try_next().await? {
        count += 1;
        let state = match (assignment.is_elevated, assignment.expiration_date_time) {
            (false, _) => "eligible".to_owned(),
            (true, None) => "permanent".to_owned(),
            (true, Some(end)) => format!("active until {end}"),
        };
        println!("{} in {}: {state}", assignment.user_id, assignment.role_id);
    }
    println!("{count} assignments");
    Ok(())
}
