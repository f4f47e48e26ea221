//! Tokens, and what issuers publish.

use pimento_api::auth::{Authenticator, Issuer};
use pimento_testkit::{DEMO_TENANT, ServeServer};
use serde_json::json;

use crate::engine::fuzz;
use crate::issuer::HostileIssuer;
use crate::requests::Judge;

const PATH: &str = "/beta/privilegedSignupStatus/isSignedUp";

/// A server that trusts a hostile issuer.
async fn start() -> (HostileIssuer, ServeServer, Judge) {
    let issuer = HostileIssuer::start().await;
    let configuration = format!(
        "tenants = [\"{DEMO_TENANT}\"]\n[[issuers]]\nissuer = \"{}\"\naudiences = [\"pimento\"]\ntenants = [\"{DEMO_TENANT}\"]\n",
        issuer.url
    );
    let serve = ServeServer::start(|_| configuration).await.unwrap();
    (issuer, serve, Judge::default())
}

/// A header and the claims, a line each, which are signed as they are.
#[test]
fn claims_that_are_signed() {
    fuzz("claims", start, async |(issuer, serve, judge), input| {
        let text = issuer.fill(&String::from_utf8_lossy(input));
        let (header, claims) = text.split_once('\n').unwrap_or((&text, "{}"));
        let token = issuer.sign(header.as_bytes(), claims.as_bytes());
        let answer = serve.server.call("GET", PATH).bearer(&token).send().await;
        judge.accept(&serve.server, &answer)
    });
}

/// A header line. In it `TOKEN` stands for a good token, `HEAD`, `CLAIMS` and `SIGNATURE` for its parts.
#[test]
fn headers_with_tokens() {
    fuzz(
        "authorization",
        start,
        async |(issuer, serve, judge), input| {
            let exp = 4_102_444_800_u64;
            let claims = json!({"iss": issuer.url, "aud": "pimento", "oid": "ada", "tid": DEMO_TENANT, "exp": exp, "scp": "Directory.AccessAsUser.All"});
            let token = issuer.sign(
                br#"{"alg":"EdDSA","kid":"a"}"#,
                claims.to_string().as_bytes(),
            );
            let parts: Vec<&str> = token.split('.').collect();
            let line = String::from_utf8_lossy(input).replace(['\r', '\n'], "");
            let line = line
                .replace("TOKEN", &token)
                .replace("HEAD", parts[0])
                .replace("CLAIMS", parts[1])
                .replace("SIGNATURE", parts[2]);
            let answer = serve
                .server
                .call("GET", PATH)
                .header("Authorization", &line)
                .send()
                .await;
            if answer.status == 200 && line.split_whitespace().last() != Some(&token) {
                return Err(format!("{line} was accepted"));
            }
            judge.accept(&serve.server, &answer)
        },
    );
}

/// A discovery document and a key set, a line each.
#[test]
fn documents_of_issuers() {
    fuzz("issuers", HostileIssuer::start, async |issuer, input| {
        let text = issuer.fill(&String::from_utf8_lossy(input));
        let (discovery, keys) = text.split_once('\n').unwrap_or((&text, ""));
        issuer.publish([discovery.as_bytes().to_vec(), keys.as_bytes().to_vec()]);
        let table = json!({"issuer": issuer.url, "audiences": ["pimento"], "tenant": "contoso"});
        let trusted: Issuer = serde_json::from_value(table).unwrap();
        let authenticator = Authenticator::new(vec![trusted]).unwrap();
        let claims = json!({"iss": issuer.url, "aud": "pimento", "sub": "ada", "exp": 4_102_444_800_u64, "scp": "Directory.AccessAsUser.All"});
        let token = issuer.sign(
            br#"{"alg":"EdDSA","kid":"a"}"#,
            claims.to_string().as_bytes(),
        );
        let header = format!("Bearer {token}").parse().unwrap();
        let verdict = authenticator.authenticate(Some(&header)).await;
        let has_key = text.contains(&issuer.fill("PUBLIC-KEY"));
        if verdict.is_ok() && !has_key {
            return Err("a key that was not published verified a token".to_owned());
        }
        Ok(())
    });
}
