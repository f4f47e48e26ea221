//! The check's own tests: each wrong answer is caught, and the right one is not.

mod batch;
mod codes;
mod selected;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Value, json};

use super::{Contract, Exchange, format, path};

const ID: &str = "7d0c6f6e-2b57-4b0a-8f0e-5f1f2f8f6c11";
const ASSIGNMENT: &str = "/beta/privilegedRoleAssignments/ben_fe930be7-5e62-47db-91af-98c3a49a38b1";

/// An answer that a test makes up.
#[derive(Clone)]
struct Made {
    method: Method,
    path: String,
    status: u16,
    headers: HeaderMap,
    body: String,
    query: &'static str,
}

impl Made {
    fn new(method: Method, path: &str, status: u16, body: &Value) -> Self {
        let mut made = Self {
            method,
            path: path.to_owned(),
            status,
            headers: HeaderMap::new(),
            body: body.to_string(),
            query: "",
        };
        for (name, value) in [
            ("request-id", ID),
            ("client-request-id", "mine"),
            ("odata-version", "4.0"),
            ("content-type", "application/json"),
        ] {
            made = made.with(name, value);
        }
        made
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        let name = HeaderName::from_static(name);
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    fn violations(&self) -> Vec<String> {
        let exchange = Exchange {
            query: self.query,
            method: &self.method,
            path: &self.path,
            sent: b"",
            status: self.status,
            headers: &self.headers,
            body: self.body.as_bytes(),
        };
        Contract::of_dev().judge(&exchange).violations
    }
}

fn assignment() -> Value {
    json!({
        "@odata.context": "http://127.0.0.1:8080/beta/$metadata#privilegedRoleAssignments/$entity",
        "id": "ben_fe930be7-5e62-47db-91af-98c3a49a38b1", "userId": "ben",
        "roleId": "fe930be7-5e62-47db-91af-98c3a49a38b1", "isElevated": true,
        "expirationDateTime": "2026-03-02T10:00:00.123456Z", "resultMessage": null,
    })
}

fn refusal(code: &str) -> Value {
    json!({"error": {"code": code, "message": "No.", "innerError":
        {"date": "2026-03-02T09:30:00", "request-id": ID, "client-request-id": "mine"}}})
}

fn read(body: &Value) -> Made {
    Made::new(Method::GET, ASSIGNMENT, 200, body)
}

#[test]
fn right_answers_are_let_pass() {
    let unknown = Made::new(Method::GET, "/nowhere", 404, &refusal("ResourceNotFound"));
    let gone = Made {
        body: String::new(),
        ..Made::new(Method::DELETE, ASSIGNMENT, 204, &Value::Null)
    };
    let wrong_method = Made::new(Method::PUT, ASSIGNMENT, 405, &refusal("Request_BadRequest"));
    for made in [
        read(&assignment()),
        Made::new(Method::GET, ASSIGNMENT, 404, &refusal("ResourceNotFound")),
        Made::new(Method::GET, ASSIGNMENT, 414, &refusal("invalidRequest")),
        unknown.without("odata-version"),
        gone.without("content-type"),
        wrong_method.with("allow", "GET,HEAD,DELETE"),
    ] {
        assert_eq!(made.violations(), [""; 0], "{}", made.status);
    }
}

#[test]
fn a_wrong_body_is_caught() {
    for (member, value, expected) in [
        ("extra", json!(1), "/extra is not declared"),
        (
            "isElevated",
            json!("true"),
            "/isElevated is \"true\", not of type boolean",
        ),
        (
            "isElevated",
            json!(null),
            "/isElevated is null, not of type boolean",
        ),
        (
            "expirationDateTime",
            json!("2026-03-02T10:00:00+00:00"),
            "which is no date-time",
        ),
        (
            "expirationDateTime",
            json!("2026-02-30T10:00:00Z"),
            "which is no date-time",
        ),
        (
            "@odata.context",
            json!("/beta/$metadata"),
            "which is no uri",
        ),
    ] {
        let mut body = assignment();
        body[member] = value;
        let found = read(&body).violations().join("\n");
        assert!(found.contains(expected), "{found}");
    }
    let mut body = assignment();
    body.as_object_mut().unwrap().remove("resultMessage");
    assert_eq!(
        read(&body).violations(),
        [" lacks the required member resultMessage, and was not left out by $select"]
    );
    let broken = Made {
        body: "{".to_owned(),
        ..read(&Value::Null)
    };
    assert!(broken.violations()[0].starts_with("its body is no application/json: "));
}

#[test]
fn a_wrong_element_of_a_list_is_caught() {
    let mut element = assignment();
    element["userId"] = json!(7);
    let list =
        json!({"@odata.context": "http://a/beta/$metadata#b", "value": [assignment(), element]});
    let made = Made::new(
        Method::GET,
        "/beta/privilegedRoleAssignments/my",
        200,
        &list,
    );
    assert_eq!(
        made.violations(),
        ["/value/1/userId is 7, not of type string"]
    );
}

#[test]
fn a_number_as_text_is_just_that() {
    let path = "/beta/privilegedRoleAssignments/$count";
    let count = |media_type, body: &str| {
        let made = Made {
            body: body.to_owned(),
            ..Made::new(Method::GET, path, 200, &Value::Null)
        };
        made.with("content-type", media_type).violations()
    };
    assert_eq!(count("text/plain", "12"), [""; 0]);
    for wrong in ["", "+12", "012", " 12", "12\n", "1e1", "\"12\"", "twelve"] {
        let found = count("text/plain", wrong);
        assert_eq!(found, [format!("its body is no text/plain: {wrong:?}")]);
    }
    let typed = count("application/json", "12");
    assert_eq!(typed, ["its Content-Type is application/json"]);
}

#[test]
fn a_wrong_head_is_caught() {
    let right = read(&assignment());
    let unauthorised = Made::new(
        Method::GET,
        ASSIGNMENT,
        401,
        &refusal("InvalidAuthenticationToken"),
    );
    let busy = Made::new(
        Method::GET,
        ASSIGNMENT,
        503,
        &refusal("serviceNotAvailable"),
    );
    for (made, expected) in [
        (
            right.clone().without("request-id"),
            "it has the header request-id 0 times",
        ),
        (
            right.clone().with("request-id", "seven"),
            "which is no uuid",
        ),
        (
            right.clone().without("odata-version"),
            "it has the header OData-Version 0 times",
        ),
        (
            right.clone().with("content-type", "text/plain"),
            "its Content-Type is text/plain",
        ),
        (
            right.with("access-control-allow-origin", "*"),
            "access-control-allow-origin",
        ),
        (unauthorised, "it has the header WWW-Authenticate 0 times"),
        (
            busy.with("retry-after", "soon"),
            "Retry-After is \"soon\", not of type integer",
        ),
    ] {
        let found = made.violations().join("\n");
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn a_status_that_the_operation_does_not_document_is_caught() {
    let made = Made::new(Method::GET, ASSIGNMENT, 418, &refusal("BadRequest"));
    assert_eq!(
        made.violations(),
        ["get_assignment does not document this status"]
    );
}

#[test]
fn a_refusal_with_other_ids_or_an_unknown_code_is_caught() {
    let mut body = refusal("ResourceNotFound");
    body["error"]["innerError"]["request-id"] = json!("7d0c6f6e-2b57-4b0a-8f0e-5f1f2f8f6c12");
    let made = Made::new(Method::GET, ASSIGNMENT, 404, &body);
    assert_eq!(
        made.violations(),
        ["innerError has another request-id than the headers"]
    );
    let made = Made::new(Method::GET, ASSIGNMENT, 404, &refusal("Invented"));
    assert_eq!(
        made.violations(),
        [
            "/error/code is \"Invented\", which is not among the known values",
            "get_assignment does not document the code \"Invented\" with this status",
        ]
    );
}

#[test]
fn a_body_where_there_is_none_is_caught() {
    let made = Made::new(Method::DELETE, ASSIGNMENT, 204, &json!({}));
    assert_eq!(made.violations(), ["it has a body"]);
}

#[test]
fn a_path_that_no_document_has_answers_only_refusals() {
    let found = Made::new(Method::GET, "/nowhere", 200, &json!({})).violations();
    assert!(
        found.contains(&"no document has this path".to_owned()),
        "{found:?}"
    );
    let text = Made::new(Method::GET, "/nowhere", 404, &refusal("ResourceNotFound"))
        .with("content-type", "text/plain");
    assert_eq!(text.violations(), ["its Content-Type is text/plain"]);
}

#[test]
fn a_wrong_list_of_methods_is_caught() {
    let made = Made::new(Method::PUT, ASSIGNMENT, 405, &refusal("Request_BadRequest"));
    let found = made.with("allow", "GET,DELETE").violations();
    assert_eq!(
        found,
        [r#"Allow has ["DELETE", "GET"], not ["DELETE", "GET", "HEAD"]"#]
    );
    let made = Made::new(Method::PUT, ASSIGNMENT, 404, &refusal("ResourceNotFound"));
    assert!(made.violations()[0].contains("no such method"));
}

#[test]
fn every_spelling_of_a_path_means_its_operation() {
    let contract = Contract::of_dev();
    for (spelled, expected) in [
        (
            "/beta/privilegedRoleAssignments/my",
            "/beta/privilegedRoleAssignments/my",
        ),
        (
            "/BETA/privilegedroleassignments/MY()/",
            "/beta/privilegedRoleAssignments/my",
        ),
        (
            "/beta/privilegedRoleAssignments/Microsoft.Graph.my()",
            "/beta/privilegedRoleAssignments/my",
        ),
        (
            "/beta/privilegedRoleAssignments('my')",
            "/beta/privilegedRoleAssignments/{id}",
        ),
        (
            "/beta/privilegedRoleAssignments/my()my()",
            "/beta/privilegedRoleAssignments/{id}",
        ),
        (
            "/beta/privilegedRoleAssignments(a_b)/makeEligible",
            "/beta/privilegedRoleAssignments/{id}/makeEligible",
        ),
        ("/BETA", "/beta/"),
        ("/beta/%24METADATA", "/beta/$metadata"),
        (
            "/beta/privilegedRoleAssignments/my()/$Count",
            "/beta/privilegedRoleAssignments/my/$count",
        ),
    ] {
        let meant = path::meant(spelled, &contract.operations, |operation| {
            &operation.template
        });
        assert!(!meant.is_empty(), "{spelled}");
        assert!(
            meant.iter().all(|operation| operation.path == expected),
            "{spelled}"
        );
    }
}

#[test]
fn what_is_no_spelling_of_a_path_means_no_operation() {
    let contract = Contract::of_dev();
    for unknown in [
        "/beta()",
        "/microsoft.graph.beta",
        "/beta/$metadata()",
        "/beta/microsoft.graph.$metadata",
        "//beta/privilegedRoles",
        "/beta/privilegedRoles/a/b",
        "/beta/privilegedRoles/..",
        "/beta/privilegedRoles()",
        "/beta/privilegedRoles('')",
        "/beta/privilegedRoles('a)",
        "/beta/privilegedRoles('a'b')",
        "/beta/microsoft.graph.privilegedRoles",
        "/",
    ] {
        let meant = path::meant(unknown, &contract.operations, |operation| {
            &operation.template
        });
        assert!(meant.is_empty(), "{unknown}");
    }
}

#[test]
fn formats_have_one_spelling() {
    for (name, text, is_one) in [
        ("date-time", "2026-03-02T10:00:00Z", true),
        ("date-time", "2026-03-02 10:00:00Z", false),
        ("date-time", "2026-03-02T10:00Z", false),
        ("duration", "PT1H30M", true),
        ("duration", "pt1h", false),
        ("duration", "1:00:00", false),
        ("duration", "-PT1H", false),
        ("uri", "http://a/b?c=d#e", true),
        ("uri", "http://a/{b}", false),
        ("uri", "http://a/%2", false),
        ("uri", "/a", false),
        ("uuid", ID, true),
        ("uuid", "7D0C6F6E-2B57-4B0A-8F0E-5F1F2F8F6C11", false),
        ("int32", "2147483648", false),
    ] {
        assert_eq!(format::is_of(name, text), is_one, "{name} {text}");
    }
}

#[test]
#[should_panic(expected = "the keyword oneOf of a schema is not understood")]
fn a_keyword_that_would_be_passed_over_stops_the_check() {
    let document = json!({"components": {"schemas": {"A": {"properties": {"b": {"oneOf": []}}}}}});
    super::schema::Schemas::new(document);
}
