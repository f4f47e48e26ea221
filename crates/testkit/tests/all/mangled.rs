//! Requests that were mangled at random, the same ones each time: whatever they are, the server refuses or obeys them by
//! its contract, and never fails.

use pimento_testkit::role::{
    APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
};
use pimento_testkit::{Answer, Contract, TestServer};
use serde_json::{Value, json};

use crate::paths::about_ben;

/// How many mangled requests each operation gets.
const ROUNDS: usize = 40;

/// What is put somewhere into a path or a query.
const URL_PIECES: [&str; 32] = [
    "'",
    "%27",
    "%00",
    "%ff",
    "%",
    "%2",
    "(",
    ")",
    "()",
    "/",
    "//",
    "/.",
    "/..",
    "%2F",
    "%5C",
    "?",
    "&",
    "=",
    "$",
    "%24",
    "+",
    "$top=1",
    "$skiptoken=",
    "microsoft.graph.",
    "my",
    "_",
    "%C3%A4",
    "%F0%9F%98%80",
    "{",
    "|",
    "-",
    ";",
];

/// What is put somewhere into a body.
const BODY_PIECES: [&[u8]; 24] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"-",
    b"1e999",
    b"0",
    b"99999999999999999999",
    b"\x00",
    b"\xff",
    b"\xc3",
    b"\\u0000",
    b"\\ud800",
    b"\"a\":1,",
    b" ",
    b"\n",
    b"PT",
    b"\xf0\x9f\x98\x80",
];

/// SplitMix64: numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    /// Puts pieces in, cuts bytes out, or doubles a part.
    fn mangle(&mut self, bytes: &mut Vec<u8>, pieces: &[&[u8]]) {
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len() + 1);
            let piece = pieces[self.below(pieces.len())];
            match self.below(4) {
                0 if at < bytes.len() => drop(bytes.remove(at)),
                1 => bytes.truncate(at.max(1)),
                _ => drop(bytes.splice(at..at, piece.iter().copied())),
            }
        }
    }
}

fn body(operation: &str) -> Value {
    match operation {
        "create_assignment" => {
            json!({"userId": "dana", "roleId": APPLICATION_ADMINISTRATOR, "isElevated": false})
        }
        "replace_role_settings" | "update_role_settings" => {
            json!({"id": USER_ADMINISTRATOR, "elevationDuration": "PT2H", "mfaOnElevation": true, "approverIds": ["ada"]})
        }
        "change_clock" => json!({"advance": "PT1S", "freeze": false}),
        "issue_token" => {
            json!({"oid": "ada", "wids": [GLOBAL_ADMINISTRATOR], "exp": 1_500_000_000})
        }
        _ => json!({"reason": "x", "duration": "PT1H", "ticketNumber": "INC-1"}),
    }
}

/// HTTP itself refuses what is no request; that never reaches the server's own code, nor its contract.
fn is_no_http(answer: &Answer) -> bool {
    answer.status == 400 && answer.body.is_empty() && answer.header("request-id").is_none()
}

#[tokio::test]
async fn mangled_requests_are_answered_by_the_contract() {
    let server = TestServer::dev().await;
    let claims = json!({"oid": "ada", "amr": ["mfa"], "wids": [PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR]});
    let ada = server.signed_in(&claims).await;
    let contract = Contract::of_dev();
    let url_pieces = URL_PIECES.map(str::as_bytes);
    let mut dice = Dice(1);
    let mut refused = 0;
    for operation in contract.documented().into_keys() {
        let (method, path) = contract.route(operation);
        for round in 0..ROUNDS {
            let mut target = format!("{}?$top=5&$count=true", about_ben(path)).into_bytes();
            let mut body = body(operation).to_string().into_bytes();
            if round % 2 == 0 {
                dice.mangle(&mut target, &url_pieces);
            } else {
                dice.mangle(&mut body, &BODY_PIECES);
            }
            let target = String::from_utf8(target).unwrap();
            let target = if target.starts_with('/') {
                target
            } else {
                format!("/{target}")
            };
            let answer = ada.call(method, &target).text(&body).send().await;
            assert!(
                answer.status < 500,
                "{method} {target} {:?}",
                String::from_utf8_lossy(&body)
            );
            refused += usize::from(400 <= answer.status && !is_no_http(&answer));
        }
    }
    // Most of them are wrong: else this would prove little.
    assert!(ROUNDS * 27 / 3 < refused, "{refused}");
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_the_server_goes_on() {
    let server = TestServer::dev().await;
    for (method, target) in [
        ("G E T", "/livez"),
        ("GET", "/liv ez"),
        ("GET", "/livez\u{7f}"),
        ("", "/"),
        ("GET", ""),
    ] {
        let answer = server.call(method, target).send().await;
        assert_eq!(answer.status, 400, "{method:?} {target:?}");
    }
    let many = (0..200).fold(server.call("GET", "/livez"), |call, number| {
        call.header(&format!("x-{number}"), "x")
    });
    let answer = many.send().await;
    assert!(matches!(answer.status, 400 | 431), "{}", answer.status);
    server.call("GET", "/livez").send().await.expect(200);
}
