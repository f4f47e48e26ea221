//! The codes of refusals.

use http::Method;

use super::{ASSIGNMENT, Made, refusal};
use crate::Contract;

/// What is said of a refusal with this status and code; of a wrong method, it says which are right.
fn said(method: Method, path: &str, status: u16, code: &str) -> Vec<String> {
    let made = Made::new(method, path, status, &refusal(code));
    let made = if status == 405 {
        made.with("allow", "GET,HEAD,DELETE")
    } else {
        made
    };
    made.violations()
}

#[test]
#[rustfmt::skip]
fn the_codes_that_the_document_has_for_an_operation_and_a_status_are_let_pass() {
    for (method, path, status, code) in [
        (Method::GET, ASSIGNMENT, 403, "Authorization_RequestDenied"),
        (Method::GET, ASSIGNMENT, 403, "PermissionScopeNotGranted"),
        (Method::DELETE, ASSIGNMENT, 400, "LastAdministrator"),
        (Method::GET, "/nowhere", 404, "ResourceNotFound"),
        (Method::PUT, ASSIGNMENT, 405, "Request_BadRequest"),
    ] {
        assert_eq!(said(method, path, status, code), [""; 0], "{path} {status} {code}");
    }
}

#[test]
#[rustfmt::skip]
fn a_code_that_the_document_has_for_another_operation_or_status_is_caught() {
    for (method, path, status, code) in [
        (Method::GET, ASSIGNMENT, 403, "MfaRequired"),
        (Method::GET, ASSIGNMENT, 400, "LastAdministrator"),
        (Method::GET, ASSIGNMENT, 404, "RoleNotFound"),
        (Method::GET, ASSIGNMENT, 500, "serviceNotAvailable"),
    ] {
        let expected = format!("get_assignment does not document the code {code:?} with this status");
        assert_eq!(said(method, path, status, code), [expected], "{path} {status} {code}");
    }
    for (method, path, status, code) in [
        (Method::GET, "/nowhere", 404, "RoleNotFound"),
        (Method::PUT, ASSIGNMENT, 405, "invalidRequest"),
    ] {
        let expected = "its code is none that such a refusal has";
        assert_eq!(said(method, path, status, code), [expected], "{path} {status} {code}");
    }
}

#[test]
fn the_refusals_of_the_documents_are_known_with_their_codes() {
    let refusals = Contract::of_dev().refusals();
    let has =
        |id: &str, status, code: &str| refusals.contains(&(id.to_owned(), status, code.to_owned()));
    assert!(has("self_activate", 403, "MfaRequired"));
    assert!(has("self_activate", 403, "PermissionScopeNotGranted"));
    assert!(has("get_livez", 500, "generalException"));
    assert!(!has("get_livez", 503, "serviceNotAvailable"));
}
