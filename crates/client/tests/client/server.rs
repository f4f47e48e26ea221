//! A server on loopback that gives prepared answers, one after the other, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, StatusCode, Uri};
use pimento_client::Pimento;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the server says in `request-id`, unless an answer says otherwise.
pub(crate) const REQUEST_ID: &str = "7d0c6f6e-2b57-4b0a-8f0e-5f1f2f8f6c11";

pub(crate) struct Server {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    answers: VecDeque<Answer>,
    requests: Vec<Request>,
}

type Answer = Response<String>;

/// What the server was asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("headers of this client are ASCII"))
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let script = Arc::default();
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, script }
    }

    pub(crate) fn will_answer(&self, answer: Answer) {
        self.script
            .lock()
            .expect("no test panics with the script")
            .answers
            .push_back(answer);
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.script
            .lock()
            .expect("no test panics with the script")
            .requests
            .clone()
    }

    /// The client of this server, without a token.
    pub(crate) fn client(&self) -> Pimento {
        Pimento::new(&self.url).expect("the URL is good")
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, parts: Parts) -> Answer {
    let mut script = script.lock().expect("no test panics with the script");
    script.requests.push(Request {
        uri: parts.uri,
        headers: parts.headers,
    });
    script
        .answers
        .pop_front()
        .unwrap_or_else(|| text(599, "the test has no more answers"))
}

pub(crate) fn text(status: u16, body: &str) -> Answer {
    let mut answer = Response::new(body.to_owned());
    *answer.status_mut() = StatusCode::from_u16(status).expect("the test gives a status");
    with_header(answer, "request-id", REQUEST_ID)
}

pub(crate) fn json(status: u16, body: &Value) -> Answer {
    with_header(
        text(status, &body.to_string()),
        "content-type",
        "application/json",
    )
}

pub(crate) fn with_header(mut answer: Answer, name: &'static str, value: &str) -> Answer {
    answer
        .headers_mut()
        .insert(name, value.parse().expect("the test gives a header"));
    answer
}

/// A refusal as the contract has it. `error` adds members to it.
pub(crate) fn refusal(status: u16, code: &str, error: Value) -> Answer {
    let mut body = json!({
        "code": code,
        "message": "It cannot be.",
        "innerError": {
            "date": "2026-03-02T09:30:00",
            "request-id": REQUEST_ID,
            "client-request-id": "from the test",
        },
    });
    let (Value::Object(all), Value::Object(more)) = (&mut body, error) else {
        panic!("both are objects")
    };
    all.extend(more);
    json(status, &json!({ "error": body }))
}

pub(crate) fn role(id: &str) -> Value {
    json!({ "id": id, "name": "User Administrator" })
}

pub(crate) fn page(ids: &[&str], next_link: Option<&str>) -> Answer {
    let roles: Vec<_> = ids.iter().map(|id| role(id)).collect();
    let mut body =
        json!({ "@odata.context": "http://a.example/$metadata#privilegedRoles", "value": roles });
    if let Some(link) = next_link {
        body["@odata.nextLink"] = link.into();
    }
    json(200, &body)
}
