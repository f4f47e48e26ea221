//! Whether one answer keeps to the documents.

use std::collections::{BTreeMap, BTreeSet};

use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::{Value, json};

use super::schema::{self, Schemas};
use super::{Contract, Operation, batch, path};

/// The first characters of paths that no document has and that answer all the same: the documents, and the page.
const PAGES: [&str; 2] = ["/openapi/", "/swagger-ui"];
/// Statuses by which the edge refuses whatever the operation: the URL is too long, or the Host is another's.
const EDGE: [u16; 2] = [414, 421];
/// What a path that no document has may be refused with.
const UNKNOWN: [u16; 4] = [404, 405, 414, 421];
/// Headers that are declared for a status, but sent with one of its codes alone: there at least once, with any other never.
const WITH_CODE: [(u16, &str, &str); 1] = [(403, "WWW-Authenticate", "MfaRequired")];
/// The codes of refusals that belong to no operation, by their status.
const GENERAL: [(u16, &str); 4] = [
    (404, "ResourceNotFound"),
    (405, "Request_BadRequest"),
    (414, "invalidRequest"),
    (421, "invalidRequest"),
];

/// A request and its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a Method,
    /// As it was sent.
    pub(crate) path: &'a str,
    /// The body that was sent, where the operation is one whose answer cannot be judged without.
    pub(crate) sent: &'a [u8],
    /// As it was sent, without its `?`.
    pub(crate) query: &'a str,
    pub(crate) status: u16,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl Exchange<'_> {
    /// Whether it asks for some members only, at the top or within an expansion, in whatever spelling.
    fn selects(&self) -> bool {
        let query = self.query.to_ascii_lowercase();
        query.contains("select")
    }

    /// The code of a refusal, where it has a body that says one.
    fn code(&self) -> Option<String> {
        let refusal: Value = serde_json::from_slice(self.body).ok()?;
        let code = refusal
            .pointer("/error/code")
            .filter(|_| 400 <= self.status)?;
        code.as_str().map(str::to_owned)
    }
}

/// What is to be said of an answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Whose answer it is, where it is an operation's.
    pub(crate) operation: Option<String>,
    /// The code of a refusal; empty where there is none.
    pub(crate) code: String,
    /// In what it differs from the documents.
    pub(crate) violations: Vec<String>,
}

impl Contract {
    /// Judges an answer. Where the path may mean several operations, it has to be right for one of them.
    pub(crate) fn judge(&self, exchange: &Exchange<'_>) -> Verdict {
        let on_path = path::meant(exchange.path, &self.operations, |operation| {
            &operation.template
        });
        let mut verdict = self.judge_as(&on_path, exchange);
        if !verdict.violations.is_empty() && !path::is_text(exchange.path) {
            // What is no text belongs to no route, unless the rest is written just as the router has it.
            let stranger = self.judge_stranger(&[], exchange);
            verdict = std::cmp::min_by_key(verdict, stranger, |verdict| verdict.violations.len());
        }
        verdict.violations.extend(always(exchange));
        if exchange.status == 200 && verdict.operation.as_deref() == Some(batch::BATCH) {
            verdict.violations.extend(self.wrong_parts(exchange));
        }
        verdict.code = exchange.code().unwrap_or_default();
        verdict
    }

    /// Judges it as the answer of one of these operations.
    fn judge_as(&self, on_path: &[&Operation], exchange: &Exchange<'_>) -> Verdict {
        let method = match *exchange.method {
            Method::HEAD => "GET",
            ref method => method.as_str(),
        };
        let verdicts = on_path
            .iter()
            .filter(|operation| operation.method == method)
            .map(|operation| operation.judge(exchange));
        let own = verdicts.min_by_key(|verdict| verdict.violations.len());
        own.filter(|_| !EDGE.contains(&exchange.status))
            .filter(|_| exchange.status != 405 || !is_ambiguous(on_path))
            .unwrap_or_else(|| self.judge_stranger(on_path, exchange))
    }

    /// Judges an answer that belongs to no operation: of a path that no document has, of a method that it has not, or of
    /// the edge.
    fn judge_stranger(&self, on_path: &[&Operation], exchange: &Exchange<'_>) -> Verdict {
        let is_page = PAGES.iter().any(|page| exchange.path.starts_with(page));
        let mut violations = Vec::new();
        if on_path.is_empty() && is_page && exchange.status < 400 {
            return Verdict::default();
        }
        if on_path.is_empty() && !UNKNOWN.contains(&exchange.status) {
            violations.push("no document has this path".to_owned());
        }
        if !on_path.is_empty() && !EDGE.contains(&exchange.status) {
            violations.extend(wrong_method(on_path, exchange));
        }
        violations.extend(refusal(&self.general, exchange));
        let known = exchange
            .code()
            .is_none_or(|code| GENERAL.contains(&(exchange.status, &code)));
        if !known {
            violations.push("its code is none that such a refusal has".to_owned());
        }
        Verdict {
            violations,
            ..Verdict::default()
        }
    }
}

impl Operation {
    fn judge(&self, exchange: &Exchange<'_>) -> Verdict {
        let mut violations = match self.responses.get(&exchange.status) {
            Some(response) => self.compare(response, exchange),
            None => vec![format!("{} does not document this status", self.id)],
        };
        violations.extend(self.undocumented_code(exchange));
        Verdict {
            operation: Some(self.id.clone()),
            violations,
            ..Verdict::default()
        }
    }

    /// The code of a refusal is one that the document has for this operation and this status.
    fn undocumented_code(&self, exchange: &Exchange<'_>) -> Option<String> {
        let (code, codes) = (exchange.code()?, self.codes.get(&exchange.status)?);
        let message = || {
            format!(
                "{} does not document the code {code:?} with this status",
                self.id
            )
        };
        (!codes.contains(&code)).then(message)
    }

    fn compare(&self, response: &Value, exchange: &Exchange<'_>) -> Vec<String> {
        let mut found = Vec::new();
        for (name, declared) in response["headers"].as_object().into_iter().flatten() {
            let schema = &self.schemas.resolve(declared)["schema"];
            found.extend(self.header(name, schema, exchange));
        }
        match response["content"].as_object() {
            Some(content) => {
                let declared = content
                    .iter()
                    .map(|(name, body)| (name.as_str(), &body["schema"]));
                found.extend(body(&self.schemas, declared, exchange));
            }
            None if !exchange.body.is_empty() => found.push("it has a body".to_owned()),
            None if exchange.headers.contains_key(header::CONTENT_TYPE) => {
                found.push("it has a Content-Type, but no body".to_owned());
            }
            None => {}
        }
        found
    }

    /// A header that is declared is there, once, and of its form.
    fn header(&self, name: &str, schema: &Value, exchange: &Exchange<'_>) -> Vec<String> {
        let sent: Vec<_> = exchange.headers.get_all(name).iter().collect();
        let mut of_code = WITH_CODE.iter();
        let code = of_code.find(|(status, of, _)| (*status, *of) == (exchange.status, name));
        let right = match code {
            Some((_, _, code)) => sent.is_empty() != (exchange.code().as_deref() == Some(code)),
            // What was preferred is not known here.
            None if name == "Preference-Applied" => sent.len() <= 1,
            None => sent.len() == 1,
        };
        if !right {
            return vec![format!("it has the header {name} {} times", sent.len())];
        }
        let of_form = |sent: &&HeaderValue| self.header_value(name, schema, sent);
        sent.iter().flat_map(of_form).collect()
    }

    fn header_value(&self, name: &str, schema: &Value, sent: &HeaderValue) -> Vec<String> {
        let text = String::from_utf8_lossy(sent.as_bytes()).into_owned();
        let value = match schema["type"].as_str() {
            Some("integer") => text
                .parse::<i64>()
                .map_or(json!(text), |number| json!(number)),
            _ => json!(text),
        };
        self.schemas
            .violations(schema, &value, &format!("the header {name}"))
    }
}

/// The body, against the schema of its media type. HEAD may have none.
fn body<'a>(
    schemas: &Schemas,
    mut declared: impl Iterator<Item = (&'a str, &'a Value)>,
    exchange: &Exchange<'_>,
) -> Vec<String> {
    let sent = exchange
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|sent| sent.to_str().ok())
        .unwrap_or("none");
    let Some((_, schema)) = declared.find(|(name, _)| *name == sent) else {
        return vec![format!("its Content-Type is {sent}")];
    };
    if exchange.method == Method::HEAD && exchange.body.is_empty() {
        return Vec::new();
    }
    match value(sent, schema, exchange.body) {
        Ok(value) => {
            let mut found = schemas.violations(schema, &value, "");
            if exchange.selects() {
                found.retain(|violation| !schema::is_selected(violation));
            }
            if 400 <= exchange.status {
                found.extend(ids_differ(&value, exchange));
            }
            found
        }
        Err(reason) => vec![format!("its body is no {sent}: {reason}")],
    }
}

/// The value that a body stands for: JSON says it, a text is one or is the decimal form of a number.
fn value(media_type: &str, schema: &Value, body: &[u8]) -> Result<Value, String> {
    if media_type == "application/json" {
        return serde_json::from_slice(body).map_err(|error| error.to_string());
    }
    let text = str::from_utf8(body).map_err(|error| error.to_string())?;
    if schema["type"] != "integer" {
        return Ok(json!(text));
    }
    let number: i64 = text.parse().map_err(|_| format!("{text:?}"))?;
    match number.to_string() == text {
        true => Ok(json!(number)),
        false => Err(format!("{text:?}")),
    }
}

/// A refusal that is no operation's own has the body of all refusals.
pub(super) fn refusal(schemas: &Schemas, exchange: &Exchange<'_>) -> Vec<String> {
    let schema = json!({"$ref": "#/components/schemas/ODataError"});
    body(
        schemas,
        std::iter::once(("application/json", &schema)),
        exchange,
    )
}

/// The ids of a refusal are those of its headers.
fn ids_differ(refusal: &Value, exchange: &Exchange<'_>) -> Vec<String> {
    ["request-id", "client-request-id"]
        .into_iter()
        .filter(|name| {
            let header = exchange.headers.get(*name).map(|header| header.as_bytes());
            refusal["error"]["innerError"][name]
                .as_str()
                .map(str::as_bytes)
                != header
        })
        .map(|name| format!("innerError has another {name} than the headers"))
        .collect()
}

/// A path that a document has takes the methods that it has there, and HEAD beside GET.
fn is_ambiguous(on_path: &[&Operation]) -> bool {
    on_path
        .iter()
        .any(|operation| operation.path != on_path[0].path)
}

fn wrong_method(on_path: &[&Operation], exchange: &Exchange<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if exchange.status != 405 {
        found.push("the document has no such method there".to_owned());
    }
    // Where several paths may be meant, it is one of them.
    let mut expected: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in on_path {
        let methods = expected.entry(&operation.path).or_default();
        methods.insert(&operation.method);
        if operation.method == "GET" {
            methods.insert("HEAD");
        }
    }
    let allow = exchange.headers.get(header::ALLOW);
    let allowed: BTreeSet<&str> = allow
        .and_then(|allow| allow.to_str().ok())
        .map(|allow| allow.split(',').map(str::trim).collect())
        .unwrap_or_default();
    if !expected.values().any(|methods| *methods == allowed) {
        let list = |methods: &BTreeSet<&str>| format!("{:?}", Vec::from_iter(methods));
        let expected: Vec<String> = expected.values().map(list).collect();
        let (allowed, expected) = (list(&allowed), expected.join(" or "));
        found.push(format!("Allow has {allowed}, not {expected}"));
    }
    found
}

/// What holds for every answer at all: it has its ids, and no page from elsewhere may read it.
pub(super) fn always(exchange: &Exchange<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for name in ["request-id", "client-request-id"] {
        if exchange.headers.get_all(name).iter().count() != 1 {
            found.push(format!("it has not one {name}"));
        }
    }
    found.extend(
        exchange
            .headers
            .keys()
            .filter(|name| name.as_str().starts_with("access-control-"))
            .map(|name| format!("it has the header {name}")),
    );
    found
}
