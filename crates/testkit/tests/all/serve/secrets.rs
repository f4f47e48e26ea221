//! Nothing of a token is in the log, wherever the token was sent and however much is logged.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pimento_testkit::{Algorithm, Call, Contract, TestIssuer};
use serde_json::json;
use tempfile::TempDir;

use super::{FAY, MY, ROLES};
use crate::server_program::{Program, Signal, text};

/// The length of the pieces that are looked for. Shorter ones could be anything.
const PIECE: usize = 16;

/// A token that is good, and some that are bad in different ways.
fn tokens(issuer: &TestIssuer) -> Vec<String> {
    let good = issuer.token(&json!({"oid": "fay"}));
    let (signed, signature) = good.rsplit_once('.').expect("a signature");
    let (header, claims) = signed.split_once('.').expect("a header");
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let other_key =
        URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","kid":"somebody else's","typ":"JWT"}"#);
    vec![
        good.clone(),
        issuer.token_by(Algorithm::Rs256, &json!({"oid": "gus"})),
        issuer.token(&json!({"oid": "fay", "exp": 1_500_000_000})),
        issuer.token(&json!({"oid": "fay", "aud": "somebody else"})),
        issuer.token(&json!({"oid": "fay", "iss": "https://elsewhere.example"})),
        issuer.token(&json!({"oid": "not an id", "scp": "Directory.AccessAsUser.All"})),
        issuer.token(&json!({"oid": "robot", "idtyp": "app"})),
        issuer.token(&json!({"oid": "fay", "tid": "fabrikam"})),
        format!(
            "{header}.{claims}.{}",
            signature.chars().rev().collect::<String>()
        ),
        format!("{unsigned}.{claims}."),
        format!("{other_key}.{claims}.{signature}"),
        format!("{header}.{}.{signature}", &claims[..claims.len() - 3]),
        // Longer than any that is read, though not so long that the HTTP library refuses a URL with it.
        issuer.token(&json!({"oid": "fay", "groups": "x".repeat(12_500)})),
    ]
}

/// Sends a token wherever people put tokens.
async fn send_everywhere(address: SocketAddr, token: &str) {
    let get = |target: &str| Call::new(address, "GET", target);
    let post = |target: &str| Call::new(address, "POST", target).bearer(token);
    let contract = Arc::new(Contract::of_serve());
    let percent: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for call in [
        get(MY).bearer(token),
        get(MY).header("Authorization", token),
        get(MY).header("Authorization", format!("Basic {token}")),
        get(MY).bearer(token).bearer(token),
        get(MY)
            .header("X-Token", token)
            .header("Cookie", format!("token={token}")),
        get(MY)
            .header("client-request-id", token)
            .header("Referer", format!("https://x.example/?t={token}")),
        get(&format!("{MY}?access_token={token}")),
        get(&format!("{ROLES}?$skiptoken={token}")).bearer(token),
        get(&format!("{ROLES}?$filter={token}")).bearer(token),
        get(&format!("{ROLES}/{token}")).bearer(token),
        get(&format!("{ROLES}/{token}/settings")),
        get(&format!("{ROLES}('{token}')")),
        get(&format!("{ROLES}/{percent}")).bearer(token),
        get(&format!("{ROLES}?token={percent}")).bearer(token),
        get(&format!("/{token}")),
        get(&format!("/openapi/{token}")),
        post("/beta/privilegedRoleAssignments").json(&json!({"userId": token, "roleId": token})),
        post("/beta/privilegedRoleAssignments").text(token),
        post(&format!("{ROLES}/{token}/selfActivate"))
            .json(&json!({"reason": token, "duration": token})),
        Call::new(address, token, "/livez"),
    ] {
        call.judged_by(&contract).send().await;
    }
}

/// The pieces of a text.
fn pieces(text: &[u8]) -> BTreeSet<&[u8]> {
    text.windows(PIECE).collect()
}

fn configuration(folder: &Path, issuer: &TestIssuer) -> String {
    let path = folder.join("pimento.toml");
    let data = folder.join("data");
    let (data, issuer) = (text(&data), issuer.table("tenant = \"contoso\""));
    let whole = format!("listen = '127.0.0.1:0'\ndata = '{data}'\n{FAY}\n{issuer}");
    fs::write(&path, whole).expect("a file");
    text(&path).to_owned()
}

#[tokio::test]
async fn nothing_of_a_token_is_in_the_log_whatever_is_logged() {
    let folder = TempDir::new().expect("a folder");
    let issuer = TestIssuer::start().await;
    let configuration = configuration(folder.path(), &issuer);
    let mut program = Program::start_telling_all(&["serve", "--config", &configuration]);
    let address = program.listens().await.expect("it starts");
    let tokens = tokens(&issuer);
    for token in &tokens {
        send_everywhere(address, token).await;
    }
    let ended = program.stop(Signal::Terminate).await;
    for words in ["TRACE", "fetched the keys of an issuer", "answered"] {
        assert!(
            ended.log.contains(words),
            "it logs all it can, but not: {words}"
        );
    }
    let logged = pieces(ended.log.as_bytes());
    for token in &tokens {
        for segment in token.split('.') {
            let found = pieces(segment.as_bytes())
                .into_iter()
                .find(|piece| logged.contains(piece));
            if let Some(piece) = found {
                let piece = String::from_utf8_lossy(piece);
                let line = ended.log.lines().find(|line| line.contains(&*piece));
                panic!("{piece} of {token} is in the log: {line:?}");
            }
        }
    }
}
