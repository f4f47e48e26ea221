//! Which sign-in would prove the second factor that a token lacks, as its issuer's configuration has it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::HeaderValue;
use serde_json::json;

use super::config::SecondFactor;

/// The challenges of a refusal for want of a second factor, each a value of `WWW-Authenticate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUp {
    standard: HeaderValue,
    /// None where no sign-in passes.
    claims: Option<HeaderValue>,
}

impl StepUp {
    pub(super) fn new(proofs: &SecondFactor) -> Self {
        Self {
            standard: standard(&proofs.acr),
            claims: claims(proofs),
        }
    }

    /// That of RFC 9470, then that of Microsoft's libraries.
    pub(crate) fn challenges(&self) -> impl Iterator<Item = &HeaderValue> {
        [Some(&self.standard), self.claims.as_ref()]
            .into_iter()
            .flatten()
    }
}

/// RFC 9470 §3. It has a word for `acr` alone. A value that cannot stand between blanks and quotes is left out.
fn standard(acr: &[String]) -> HeaderValue {
    const PLAIN: &str = r#"Bearer realm="pimento", error="insufficient_user_authentication", error_description="A second factor is needed""#;
    let can_stand = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    let values: Vec<&str> = acr
        .iter()
        .map(String::as_str)
        .filter(|value| value.bytes().all(can_stand))
        .collect();
    let full = format!(r#"{PLAIN}, acr_values="{}""#, values.join(" "));
    HeaderValue::try_from(full)
        .ok()
        .filter(|_| !values.is_empty())
        .unwrap_or(HeaderValue::from_static(PLAIN))
}

/// A claims request (OpenID Connect Core §5.5) for one claim, as any one of them is enough: an authentication context before
/// a class before a method, since issuers take requests for them in this order.
fn claims(proofs: &SecondFactor) -> Option<HeaderValue> {
    let (claim, values) = [
        ("acrs", &proofs.acrs),
        ("acr", &proofs.acr),
        ("amr", &proofs.amr),
    ]
    .into_iter()
    .find(|(_, values)| !values.is_empty())?;
    let wanted = match values.as_slice() {
        [value] => json!({"essential": true, "value": value}),
        values => json!({"essential": true, "values": values}),
    };
    let request = json!({"access_token": {claim: wanted}}).to_string();
    let encoded = BASE64_STANDARD.encode(request);
    let challenge =
        format!(r#"Bearer realm="pimento", error="insufficient_claims", claims="{encoded}""#);
    HeaderValue::try_from(challenge).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both challenges, the second with its claims decoded.
    fn said(acrs: &[&str], acr: &[&str], amr: &[&str]) -> (String, Option<String>) {
        let owned = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        let step_up = StepUp::new(&SecondFactor {
            amr: owned(amr),
            acr: owned(acr),
            acrs: owned(acrs),
        });
        let mut challenges = step_up.challenges().map(|value| value.to_str().unwrap());
        let standard = challenges.next().unwrap().to_owned();
        let claims = challenges.next().map(|challenge| {
            let (_, claims) = challenge.split_once("claims=\"").unwrap();
            let decoded = BASE64_STANDARD.decode(claims.trim_end_matches('"'));
            String::from_utf8(decoded.unwrap()).unwrap()
        });
        (standard, claims)
    }

    #[test]
    fn the_standard_challenge_names_the_classes_that_would_pass() {
        const PLAIN: &str = r#"Bearer realm="pimento", error="insufficient_user_authentication", error_description="A second factor is needed""#;
        for (acr, expected) in [
            (&[][..], PLAIN.to_owned()),
            (&["2"], format!(r#"{PLAIN}, acr_values="2""#)),
            (
                &["urn:gold", "x y", "q\"", "ä", "3"],
                format!(r#"{PLAIN}, acr_values="urn:gold 3""#),
            ),
            (&["x y"], PLAIN.to_owned()),
        ] {
            assert_eq!(said(&[], acr, &["mfa"]).0, expected);
        }
    }

    #[test]
    #[rustfmt::skip]
    fn the_claims_ask_for_one_claim_that_would_pass() {
        for (acrs, acr, amr, expected) in [
            (&["c1"][..], &["2"][..], &["mfa"][..], r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#),
            (&[], &["2"], &["mfa"], r#"{"access_token":{"acr":{"essential":true,"value":"2"}}}"#),
            (&[], &[], &["mfa", "otp"], r#"{"access_token":{"amr":{"essential":true,"values":["mfa","otp"]}}}"#),
        ] {
            assert_eq!(said(acrs, acr, amr).1.as_deref(), Some(expected));
        }
        assert_eq!(said(&[], &[], &[]).1, None, "no sign-in would pass");
    }
}
