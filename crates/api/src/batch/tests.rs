//! What no honest request to a whole server brings about: answers of any size and kind, and a caller who goes away.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use pimento_odata::path::Vocabulary;
use serde_json::{Value, json};

use super::{FULL, Plan, Reentry};
use crate::http::{Edge, Hosts, Origin};

/// A family that is made up.
fn reentry(family: Router) -> Reentry {
    let listen = "127.0.0.1:8080".parse().unwrap();
    Reentry {
        family,
        edge: Edge {
            vocabulary: Arc::new(Vocabulary::new(["/beta/$batch"])),
            origin: Arc::new(Origin::new(None, listen).unwrap()),
            hosts: Hosts::Any,
        },
    }
}

fn plan(reentry: &Reentry, requests: Value) -> Plan {
    let batch = serde_json::from_value(json!({ "requests": requests })).unwrap();
    Plan::of(batch, reentry, &HeaderMap::new()).unwrap()
}

fn reads(urls: &[&str]) -> Value {
    let part =
        |(id, url): (usize, &&str)| json!({"id": id.to_string(), "method": "GET", "url": url});
    urls.iter().enumerate().map(part).collect()
}

async fn answers(family: Router, urls: &[&str]) -> Vec<Value> {
    let reentry = reentry(family);
    let plan = plan(&reentry, reads(urls));
    let responses = reentry.carry_out(plan).await;
    let shown = responses.iter().map(serde_json::to_value);
    shown.collect::<Result<_, _>>().unwrap()
}

/// A route that answers this.
fn answering(content_type: &'static str, body: impl Into<Vec<u8>>) -> axum::routing::MethodRouter {
    let body: Vec<u8> = body.into();
    get(move || async move { ([(header::CONTENT_TYPE, content_type)], body) })
}

#[tokio::test]
async fn bodies_are_json_as_it_is_or_a_text_or_base64() {
    let family = Router::new()
        .route(
            "/beta/json",
            answering("application/json", r#"{"a": 1e400, "a": null}"#),
        )
        .route(
            "/beta/charset",
            answering("application/json;charset=utf-8", "[1]"),
        )
        .route("/beta/text", answering("text/plain", "145"))
        .route("/beta/xml", answering("application/xml", "<a>?</a>"))
        .route(
            "/beta/bytes",
            answering("application/octet-stream", [0xfb, 0xff]),
        )
        .route("/beta/none", get(|| async { StatusCode::NO_CONTENT }));
    let reentry = reentry(family);
    let urls = ["json", "charset", "text", "xml", "bytes", "none"];
    let plan = plan(&reentry, reads(&urls));
    let answers = reentry.carry_out(plan).await;
    let bodies = answers.iter();
    let bodies: Vec<_> = bodies
        .map(|part| part.body.as_ref().map(|body| body.get()))
        .collect();
    assert_eq!(
        bodies,
        [
            Some(r#"{"a": 1e400, "a": null}"#),
            Some("[1]"),
            Some(r#""145""#),
            Some(r#""PGE-PzwvYT4""#),
            Some(r#""-_8""#),
            None,
        ]
    );
}

#[tokio::test]
async fn once_the_answers_fill_the_batch_no_other_part_is_begun() {
    let begun = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&begun);
    let third = format!("\"{}\"", "x".repeat(FULL / 3));
    let large = get(move || async move {
        count.fetch_add(1, Ordering::Relaxed);
        ([(header::CONTENT_TYPE, "application/json")], third)
    });
    let family = Router::new().route("/beta/large", large);
    let answers = answers(family, &["large"; 5]).await;
    let statuses: Vec<&Value> = answers.iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, [200, 200, 200, 503, 503]);
    let refusal = &answers[3];
    assert_eq!(refusal["headers"]["Retry-After"], "1");
    assert_eq!(refusal["body"]["error"]["code"], "serviceNotAvailable");
    assert_eq!(begun.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn what_was_not_begun_when_the_caller_went_away_never_is() {
    let begun = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&begun);
    let quick = get(move || async move {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let never = get(|| async {
        Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>())
    });
    let family = Router::new()
        .route("/beta/quick", quick)
        .route("/beta/never", never);
    let reentry = reentry(family);
    let plan = plan(&reentry, reads(&["quick", "never", "quick"]));
    {
        let mut batch = pin!(reentry.carry_out(plan));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(batch.as_mut().poll(&mut context), Poll::Pending));
        assert!(matches!(batch.as_mut().poll(&mut context), Poll::Pending));
    }
    assert_eq!(begun.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_part_has_its_own_headers_and_of_the_batch_the_token_and_the_callers_id() {
    let echo = |headers: HeaderMap| async move {
        let shown = |(name, value): (&header::HeaderName, &HeaderValue)| {
            format!("{name}: {}", value.to_str().unwrap())
        };
        let mut shown: Vec<String> = headers.iter().map(shown).collect();
        shown.sort();
        axum::Json(shown)
    };
    let reentry = reentry(Router::new().route("/beta/echo", get(echo)));
    let outer = HeaderMap::from_iter([
        (
            header::AUTHORIZATION,
            HeaderValue::from_static("Bearer outer"),
        ),
        (header::HOST, HeaderValue::from_static("outer.example")),
        (header::CONTENT_LENGTH, HeaderValue::from_static("7")),
        (
            header::HeaderName::from_static("prefer"),
            HeaderValue::from_static("x"),
        ),
        (
            header::HeaderName::from_static("client-request-id"),
            HeaderValue::from_static("c"),
        ),
    ]);
    let part = |id: &str, headers: Value| json!({"id": id, "method": "GET", "url": "echo", "headers": headers});
    let own = json!({"AUTHORIZATION": "Bearer own", "Client-Request-Id": "d", "Host": "own.example", "Prefer": "y"});
    let requests = json!([part("1", json!(null)), part("2", own)]);
    let batch = serde_json::from_value(json!({ "requests": requests })).unwrap();
    let plan = Plan::of(batch, &reentry, &outer).unwrap();
    let answers = reentry.carry_out(plan).await;
    let bodies: Vec<Value> = answers
        .iter()
        .map(|part| serde_json::from_str(part.body.as_ref().unwrap().get()).unwrap())
        .collect();
    let inherited = [
        "authorization: Bearer outer",
        "client-request-id: c",
        "host: outer.example",
    ];
    assert_eq!(bodies[0], json!(inherited));
    let own = [
        "authorization: Bearer own",
        "client-request-id: d",
        "host: outer.example",
        "prefer: y",
    ];
    assert_eq!(bodies[1], json!(own));
}
