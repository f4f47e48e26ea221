//! What may stand in `[[issuers]]`, and what is said about what may not.

use pimento_api::auth::{Authenticator, ConfigurationError, Issuer};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct File {
    issuers: Vec<Issuer>,
}

/// Reads one issuer, whose table goes on with these lines.
fn read(lines: &str) -> Result<Issuer, String> {
    let text = format!("[[issuers]]\n{lines}\n");
    let file: Result<File, toml::de::Error> = toml::from_str(&text);
    file.map(|mut file| file.issuers.remove(0))
        .map_err(|error| error.to_string())
}

/// Reads one issuer that is good but for these lines.
fn read_with(lines: &str) -> Result<Issuer, String> {
    read(&format!(
        "issuer = \"https://id.example\"\naudiences = [\"pimento\"]\ntenant = \"contoso\"\n{lines}"
    ))
}

#[test]
fn a_full_table_is_read() {
    read(
        r#"
        issuer = "https://login.example/{tenant}/v2.0"
        audiences = ["api://pimento", "pimento"]
        tenants = ["6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25"]
        tenant_claim = "tid"
        user_claim = "oid"
        scope_claim = "scp"
        scopes = { "api://pimento/use" = ["Directory.AccessAsUser.All"] }
        mfa = { amr = ["mfa", "ngcmfa"], acr = ["possessionorinherence"], acrs = ["c1"] }
        trust_wids = true
        skew_seconds = 300
        algorithms = ["RS256", "PS256", "ES384", "EdDSA"]
        "#,
    )
    .unwrap();
    read_with("").unwrap();
}

#[test]
fn what_is_missing_or_unknown_is_named() {
    for (lines, named) in [
        ("audiences = [\"a\"]\ntenant = \"t\"", "issuer"),
        (
            "issuer = \"https://id.example\"\ntenant = \"t\"",
            "audiences",
        ),
    ] {
        assert!(
            read(lines)
                .unwrap_err()
                .contains(&format!("missing field `{named}`")),
            "{lines}"
        );
    }
    for lines in [
        "audience = \"x\"",
        "mfa = { amrs = [\"mfa\"] }",
        "trust_wid = true",
    ] {
        assert!(
            read_with(lines).unwrap_err().contains("unknown field"),
            "{lines}"
        );
    }
}

#[test]
fn values_that_cannot_work_are_refused_with_a_reason() {
    for (lines, reason) in [
        ("skew_seconds = 301", "300 at the most"),
        ("skew_seconds = -1", "invalid value"),
        ("algorithms = [\"HS256\"]", "not \"HS256\""),
        ("algorithms = [\"none\"]", "not \"none\""),
        ("algorithms = []", "`algorithms` must not be empty"),
        ("scopes = { pimento = [] }", "`scopes` must not be empty"),
        (
            "scopes = { pimento = [\"a b\"] }",
            "`scopes` must not be empty",
        ),
        ("scopes = { \"\" = [\"a\"] }", "`scopes` must not be empty"),
        ("mfa = { acr = [\"\"] }", "`mfa` must not be empty"),
        ("user_claim = \"\"", "`*_claim` must not be empty"),
        ("tenants = [\"fabrikam\"]", "in one way"),
        ("trust_wids = \"yes\"", "invalid type"),
    ] {
        let error = read_with(lines).unwrap_err();
        assert!(error.contains(reason), "{lines}: {error}");
    }
}

#[test]
fn names_audiences_and_tenants_that_cannot_work_are_refused_with_a_reason() {
    for (issuer, audiences, tenants, reason) in [
        (
            "http://id.example",
            "[\"a\"]",
            "tenant = \"t\"",
            "must be https",
        ),
        ("id.example", "[\"a\"]", "tenant = \"t\"", "absolute URL"),
        (
            "https://{tenant}.id.example",
            "[\"a\"]",
            "",
            "whole segment",
        ),
        (
            "https://id.example",
            "[]",
            "tenant = \"t\"",
            "`audiences` must not be empty",
        ),
        (
            "https://id.example",
            "[\"\"]",
            "tenant = \"t\"",
            "`audiences` must not be empty",
        ),
        ("https://id.example", "[\"a\"]", "", "in one way"),
        (
            "https://id.example/{tenant}",
            "[\"a\"]",
            "tenant = \"t\"",
            "in one way",
        ),
        (
            "https://id.example",
            "[\"a\"]",
            "tenants = []",
            "`tenants` must not be empty",
        ),
        (
            "https://id.example",
            "[\"a\"]",
            "tenant = \"a b\"",
            "\"a b\" is not an id",
        ),
        (
            "https://id.example",
            "[\"a\"]",
            "tenants = [\"a\", \"\"]",
            "is not an id",
        ),
    ] {
        let lines = format!("issuer = \"{issuer}\"\naudiences = {audiences}\n{tenants}");
        let error = read(&lines).unwrap_err();
        assert!(
            error.contains(reason) && error.contains(issuer),
            "{lines}: {error}"
        );
    }
}

#[test]
fn no_issuer_is_configured_twice_and_one_is_needed() {
    let one = read_with("").unwrap();
    let twice = Authenticator::new(vec![one.clone(), one]);
    assert!(
        matches!(twice.err(), Some(ConfigurationError::Duplicate(name)) if name == "https://id.example")
    );
    assert!(matches!(
        Authenticator::new(Vec::new()).err(),
        Some(ConfigurationError::NoIssuer)
    ));
}
