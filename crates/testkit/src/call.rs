//! Plain HTTP/1.1, byte by byte: a request goes out exactly as a test writes it, and an answer is read to its last byte.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Contract;
use crate::contract::Exchange;

/// A request that is being written.
#[derive(Clone, Debug)]
pub struct Call {
    address: SocketAddr,
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
    contract: Option<Arc<Contract>>,
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty where there is none.
    pub body: Vec<u8>,
}

impl Call {
    /// A request with this method and target, which are sent as they are. `Host` and `Content-Length` are filled in.
    pub fn new(address: SocketAddr, method: &str, target: &str) -> Self {
        Self {
            address,
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: None,
            contract: None,
        }
    }

    /// Judges the answer, where no layer stands in front of the server: one that runs as a process of its own.
    #[must_use]
    pub fn judged_by(mut self, contract: &Arc<Contract>) -> Self {
        self.contract = Some(Arc::clone(contract));
        self
    }

    /// Adds a header; one of the same name that is there already stays.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers
            .push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Adds the token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// A body of these bytes, without saying what they are.
    #[must_use]
    pub fn bytes(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = Some(body.as_ref().to_owned());
        self
    }

    /// A body that is sent as JSON, whatever it is.
    #[must_use]
    pub fn text(self, body: impl AsRef<[u8]>) -> Self {
        self.header("Content-Type", "application/json").bytes(body)
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.text(body.to_string())
    }

    /// Sends it, and reads the answer.
    ///
    /// # Panics
    /// Where the server cannot be reached, what it sends is not one answer of HTTP/1.1 with the length it says, or the answer
    /// breaks the contract that is to judge it.
    pub async fn send(self) -> Answer {
        let received = self.exchange().await.expect("the server listens");
        self.judged(&received)
    }

    /// The same to a server that may be gone: `None` where it was before it had answered.
    ///
    /// # Panics
    /// As [`Call::send`], but for that.
    pub async fn send_to_the_dying(self) -> Option<Answer> {
        let received = self.exchange().await.ok()?;
        is_whole(&received).then(|| self.judged(&received))
    }

    /// All that comes back.
    async fn exchange(&self) -> io::Result<Vec<u8>> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut reader, mut writer) = stream.into_split();
        let request = self.encode();
        let mut received = Vec::new();
        // A server may answer and close before it has read all: then what it said still counts.
        let (_, _) = tokio::join!(
            writer.write_all(&request),
            reader.read_to_end(&mut received)
        );
        Ok(received)
    }

    fn judged(&self, received: &[u8]) -> Answer {
        let answer = decode(received, self.method == "HEAD");
        if let Some(contract) = &self.contract {
            let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
            let verdict = contract.judge(&Exchange {
                method: &self.method.parse().expect("a method"),
                path,
                sent: self.body.as_deref().unwrap_or_default(),
                query,
                status: answer.status,
                headers: &answer.headers,
                body: &answer.body,
            });
            let (method, status) = (&self.method, answer.status);
            let violations = verdict.violations;
            assert!(
                violations.is_empty(),
                "{method} {path} answered {status}: {violations:?}"
            );
        }
        answer
    }

    fn encode(&self) -> Vec<u8> {
        let mut request = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        let mut write = |name: &str, value: &[u8]| {
            request.extend_from_slice(name.as_bytes());
            request.extend_from_slice(b": ");
            request.extend_from_slice(value);
            request.extend_from_slice(b"\r\n");
        };
        let says = |name: &str| {
            self.headers
                .iter()
                .any(|(said, _)| said.eq_ignore_ascii_case(name))
        };
        if !says("Host") {
            write("Host", self.address.to_string().as_bytes());
        }
        write("Connection", b"close");
        for (name, value) in &self.headers {
            write(name, value);
        }
        if let Some(body) = &self.body
            && !says("Content-Length")
            && !says("Transfer-Encoding")
        {
            write("Content-Length", body.len().to_string().as_bytes());
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(self.body.as_deref().unwrap_or_default());
        request
    }
}

/// Whether an answer is there to its end, as far as its head says where that is.
fn is_whole(received: &[u8]) -> bool {
    let text = String::from_utf8_lossy(received);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    if head
        .to_ascii_lowercase()
        .contains("\r\ntransfer-encoding: chunked")
    {
        return body.ends_with("0\r\n\r\n");
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("Content-Length")
            .then(|| value.parse().ok())?
    });
    length.unwrap_or(0) <= body.len()
}

fn decode(received: &[u8], head_only: bool) -> Answer {
    let said = || String::from_utf8_lossy(received).into_owned();
    let end = received
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("the answer has no head: {:?}", said()));
    let head = std::str::from_utf8(&received[..end]).expect("the head of an answer is ASCII");
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.1 "))
        .and_then(|line| line.get(..3))
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("the answer has no status: {:?}", said()));
    let headers: HeaderMap = lines.map(field).collect();
    let body = &received[end + 4..];
    let body = match headers.get(header::TRANSFER_ENCODING) {
        _ if head_only => (body.is_empty()).then(Vec::new),
        Some(coding) if coding == "chunked" => unchunked(body),
        Some(_) => None,
        None => {
            let length = headers.get(header::CONTENT_LENGTH);
            let length = length.map_or("0", |length| length.to_str().expect("ASCII"));
            (length == body.len().to_string()).then(|| body.to_owned())
        }
    };
    let body =
        body.unwrap_or_else(|| panic!("the body has not the length that it says: {}", said()));
    Answer {
        status,
        headers,
        body,
    }
}

/// A body that came in chunks, each behind its length, if the last of them is there and nothing is behind it.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|window| window == b"\r\n")?;
        let (length, rest) = (&body[..end], &body[end + 2..]);
        let length = usize::from_str_radix(std::str::from_utf8(length).ok()?, 16).ok()?;
        let (chunk, rest) = rest.split_at_checked(length)?;
        body = rest.strip_prefix(b"\r\n")?;
        if length == 0 {
            return body.is_empty().then_some(whole);
        }
        whole.extend_from_slice(chunk);
    }
}

fn field(line: &str) -> (HeaderName, HeaderValue) {
    let (name, value) = line.split_once(": ").expect("a header has a colon");
    (
        name.parse().expect("a header's name"),
        value.parse().expect("a header's value"),
    )
}

impl Answer {
    /// A header, where there is one.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error}: {:?}", String::from_utf8_lossy(&self.body));
        })
    }

    /// The body of an answer that must have this status; null where it has none.
    ///
    /// # Panics
    /// Where the status is another.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        if self.body.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// The member `error` of a refusal that must have this status and code.
    ///
    /// # Panics
    /// Where it is another answer.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let error = self.expect(status)["error"].take();
        assert_eq!(error["code"], code, "{error}");
        error
    }
}
