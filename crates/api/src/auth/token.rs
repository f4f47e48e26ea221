//! From the `Authorization` header to the parts of a token. Bounded and strict; nothing is believed yet.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderValue;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::Fault;

/// The longest token that is read, in bytes. Entra's with all group claims have about 8 KiB.
const MAX_TOKEN_LENGTH: usize = 16 * 1024;

/// A JSON object whose own members are all different. Two members of one name mean two things to two readers, so such an
/// object is refused. Within a member the last one counts, as nothing is read from there.
#[derive(Debug)]
pub(super) struct Members(BTreeMap<String, Value>);

impl Members {
    /// The member of this name; null counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// The text of a claim that must be there.
    pub(super) fn required_text(&self, name: &str) -> Result<&str, Fault> {
        let value = self.get(name).ok_or_else(|| Fault::missing(name))?;
        value
            .as_str()
            .ok_or_else(|| Fault::invalid(name, "a string"))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Distinct;

        impl<'de> Visitor<'de> for Distinct {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("two members of one name"));
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Distinct)
    }
}

/// A token taken apart, not verified.
#[derive(Debug)]
pub(super) struct Token<'a> {
    /// The header `alg` as it was sent.
    pub(super) alg: String,
    /// The header `kid`. It is compared with the ids of keys and used for nothing else.
    pub(super) kid: Option<String>,
    /// The claims.
    pub(super) claims: Members,
    /// What is signed: header and claims as they were sent.
    pub(super) signed: &'a str,
    /// The signature, in base64url.
    pub(super) signature: &'a str,
}

impl<'a> Token<'a> {
    /// Takes the compact form of a signed JWT (RFC 7519, RFC 7515).
    pub(super) fn parse(text: &'a str) -> Result<Self, Fault> {
        if MAX_TOKEN_LENGTH < text.len() {
            return Err(Fault::TooLong {
                limit: MAX_TOKEN_LENGTH,
            });
        }
        let malformed = || Fault::Malformed("it must have three parts with a dot between them");
        let (signed, signature) = text.rsplit_once('.').ok_or_else(malformed)?;
        let (header, claims) = signed.split_once('.').ok_or_else(malformed)?;
        if claims.contains('.') {
            return Err(malformed());
        }
        let header = object(header, "its header is not a JSON object in base64url")?;
        // A critical header changes what the rest means, and we know of none (RFC 7515 §4.1.11).
        if header.0.contains_key("crit") {
            return Err(Fault::Malformed(
                "its header has 'crit', of which nothing is understood here",
            ));
        }
        let text_of = |name: &str, fault| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Fault::Malformed(fault)),
        };
        let alg = text_of("alg", "its header 'alg' is not a string")?;
        Ok(Self {
            alg: alg.ok_or(Fault::Malformed("its header has no 'alg'"))?,
            kid: text_of("kid", "its header 'kid' is not a string")?,
            claims: object(claims, "its claims are not a JSON object in base64url")?,
            signed,
            signature,
        })
    }
}

fn object(part: &str, fault: &'static str) -> Result<Members, Fault> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Fault::Malformed(fault))?;
    serde_json::from_slice(&bytes).map_err(|_| Fault::Malformed(fault))
}

/// The token of an `Authorization` header (RFC 6750 §2.1); the word `Bearer` in any case.
pub(super) fn bearer(authorization: Option<&HeaderValue>) -> Result<&str, Fault> {
    let text = authorization
        .ok_or(Fault::Missing)?
        .to_str()
        .map_err(|_| Fault::Scheme)?;
    let (scheme, token) = text.trim().split_once(' ').ok_or(Fault::Scheme)?;
    let token = token.trim_start();
    if !scheme.eq_ignore_ascii_case("bearer") || token.contains([' ', '\t', ',']) {
        return Err(Fault::Scheme);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(json: &str) -> String {
        URL_SAFE_NO_PAD.encode(json)
    }

    fn fault(header: &str, claims: &str) -> Fault {
        let text = format!("{}.{}.c2ln", encode(header), encode(claims));
        Token::parse(&text).expect_err("the token should be refused")
    }

    #[test]
    fn the_word_bearer_is_taken_in_any_case() {
        for text in [
            "Bearer a.b.c",
            "bearer a.b.c",
            "BEARER   a.b.c",
            " bEaReR a.b.c ",
        ] {
            let header = HeaderValue::from_str(text).expect("a header");
            assert_eq!(bearer(Some(&header)), Ok("a.b.c"), "{text:?}");
        }
    }

    #[test]
    fn a_header_without_one_bearer_token_is_refused() {
        assert_eq!(bearer(None), Err(Fault::Missing));
        let texts: [&[u8]; 8] = [
            b"",
            b" ",
            b"Bearer",
            b"Bearer ",
            b"Basic YTpi",
            b"Bearer a.b.c d.e.f",
            b"Bearer a.b.c, Bearer d.e.f",
            b"Bearer \xff",
        ];
        for text in texts {
            let header = HeaderValue::from_bytes(text).expect("a header");
            assert_eq!(bearer(Some(&header)), Err(Fault::Scheme), "{header:?}");
        }
    }

    #[test]
    fn a_token_has_three_parts() {
        for text in ["", ".", "a", "a.b", "a.b.c.d", "a.b.c.d.e"] {
            assert!(
                matches!(Token::parse(text), Err(Fault::Malformed(_))),
                "{text:?}"
            );
        }
        let text = format!("{}.{}.c2ln", encode(r#"{"alg":"RS256"}"#), encode("{}"));
        let token = Token::parse(&text).expect("a token");
        assert_eq!(
            (token.alg.as_str(), token.kid, token.signature),
            ("RS256", None, "c2ln")
        );
    }

    #[test]
    fn parts_that_are_not_json_objects_in_base64url_are_refused() {
        for part in [
            "",
            "!",
            "e30=",
            "e 30",
            "bm90IGpzb24",
            "W10",
            "bnVsbA",
            "eyJhIjox",
        ] {
            let good = encode(r#"{"alg":"RS256"}"#);
            for text in [format!("{part}.e30.c2ln"), format!("{good}.{part}.c2ln")] {
                assert!(
                    matches!(Token::parse(&text), Err(Fault::Malformed(_))),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn headers_that_could_be_read_in_two_ways_are_refused() {
        for header in [
            r#"{"alg":"RS256","alg":"none"}"#,
            r#"{"alg":"RS256","kid":"a","kid":"b"}"#,
            r#"{"alg":"RS256","crit":["exp"],"exp":1}"#,
            r#"{"alg":"RS256","crit":[]}"#,
            r#"{"alg":"RS256","crit":null}"#,
            r#"{"alg":"RS256","kid":7}"#,
            r#"{"alg":["RS256"]}"#,
            r#"{"alg":null}"#,
            "{}",
        ] {
            assert!(
                matches!(fault(header, "{}"), Fault::Malformed(_)),
                "{header}"
            );
        }
        let claims = r#"{"tid":"a","tid":"b"}"#;
        assert!(matches!(
            fault(r#"{"alg":"RS256"}"#, claims),
            Fault::Malformed(_)
        ));
    }

    #[test]
    fn very_long_and_very_deep_tokens_are_refused() {
        let long = "x".repeat(MAX_TOKEN_LENGTH + 1);
        let limit = MAX_TOKEN_LENGTH;
        assert_eq!(Token::parse(&long).err(), Some(Fault::TooLong { limit }));
        let deep = format!("{{\"a\":{}", "[".repeat(4_000));
        assert!(matches!(
            fault(r#"{"alg":"RS256"}"#, &deep),
            Fault::Malformed(_)
        ));
    }
}
