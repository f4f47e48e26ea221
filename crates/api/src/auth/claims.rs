//! From verified claims to an [`Identity`]: the checks and mappings that an issuer's configuration asks for.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pimento_domain::{PrincipalId, RoleId, TenantId};
use serde_json::Value;

use super::config::{Issuer, Tenants};
use super::token::Members;
use super::{Fault, Identity, Refused};

/// The tenant in which Entra keeps all personal accounts.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

const ID: &str = "an id: 1 to 128 printable ASCII characters without blanks, quotes, '/' and '\\'";

/// Who the claims speak of. Their signature is verified, and `iss` names this issuer; `named` is the tenant in it.
pub(super) fn identify(
    claims: &Members,
    issuer: &Issuer,
    named: Option<TenantId>,
    now: Timestamp,
) -> Result<Identity, Refused> {
    check_audience(claims, issuer)?;
    check_times(claims, issuer, now)?;
    let tenant = tenant(claims, issuer, named)?;
    let kind = claims.get("idtyp").and_then(Value::as_str);
    if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("app")) {
        return Err(Refused::Application);
    }
    let scopes = scopes(claims, issuer)?;
    // A token without any scope was not given on behalf of somebody.
    if scopes.is_empty() {
        return Err(Refused::Application);
    }
    Ok(Identity {
        tenant,
        principal: principal(claims, issuer)?,
        scopes,
        wids: wids(claims, issuer)?,
        mfa: has_second_factor(claims, issuer),
        step_up: issuer.step_up.clone(),
    })
}

/// Whether the issuer may speak for the tenant.
pub(super) fn admit(issuer: &Issuer, tenant: &TenantId) -> Result<(), Refused> {
    if tenant.as_str() == CONSUMERS {
        return Err(Refused::PersonalAccount);
    }
    let admitted = match &issuer.tenants {
        Tenants::Any => true,
        Tenants::Fixed(fixed) => fixed == tenant,
        Tenants::Listed(listed) => listed.contains(tenant),
    };
    if admitted {
        Ok(())
    } else {
        Err(Fault::ForeignTenant.into())
    }
}

fn check_audience(claims: &Members, issuer: &Issuer) -> Result<(), Fault> {
    let aud = claims.get("aud").ok_or_else(|| Fault::missing("aud"))?;
    if texts(aud).any(|sent| issuer.audiences.iter().any(|accepted| accepted == sent)) {
        return Ok(());
    }
    Err(Fault::WrongAudience {
        accepted: issuer.audiences.join(" or "),
    })
}

fn check_times(claims: &Members, issuer: &Issuer, now: Timestamp) -> Result<(), Fault> {
    let seconds = now.as_second();
    let whole = instant(seconds);
    let exp = claims.get("exp").ok_or_else(|| Fault::missing("exp"))?;
    let exp = numeric_date("exp", exp)?;
    if exp.saturating_add(issuer.skew_seconds) <= seconds {
        return Err(Fault::Expired {
            at: instant(exp),
            now: whole,
        });
    }
    // A token that says it was made in the future was made by a clock that its other times cannot be believed of either.
    for claim in ["nbf", "iat"] {
        let Some(value) = claims.get(claim) else {
            continue;
        };
        let from = numeric_date(claim, value)?;
        if seconds.saturating_add(issuer.skew_seconds) < from {
            return Err(Fault::NotYetValid {
                from: instant(from),
                now: whole,
            });
        }
    }
    Ok(())
}

/// Seconds since 1970; a JSON number that may have a fraction (RFC 7519 §2), which is dropped.
fn numeric_date(claim: &str, value: &Value) -> Result<i64, Fault> {
    let truncated = || value.as_f64().map(|seconds| seconds as i64);
    let seconds = value.as_i64().or_else(truncated);
    seconds.ok_or_else(|| Fault::invalid(claim, "a number of seconds since 1970"))
}

/// The instant for people to read; numbers outside the calendar become its ends.
fn instant(seconds: i64) -> Timestamp {
    let end = if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_second(seconds).unwrap_or(end)
}

/// The tenant: where several sources name one (`iss`, the claim, the configuration), all must agree.
fn tenant(claims: &Members, issuer: &Issuer, named: Option<TenantId>) -> Result<TenantId, Refused> {
    let claimed = match claims.get(&issuer.tenant_claim) {
        Some(_) => Some(id::<TenantId>(claims, &issuer.tenant_claim)?),
        None => None,
    };
    let known = named.or_else(|| match &issuer.tenants {
        Tenants::Fixed(fixed) => Some(fixed.clone()),
        Tenants::Listed(_) | Tenants::Any => None,
    });
    for tenant in [&claimed, &known].into_iter().flatten() {
        admit(issuer, tenant)?;
    }
    match (known, claimed) {
        (Some(known), Some(claimed)) if known != claimed => Err(Fault::ForeignTenant.into()),
        (Some(tenant), _) | (None, Some(tenant)) => Ok(tenant),
        (None, None) => Err(Fault::missing(&issuer.tenant_claim).into()),
    }
}

fn principal(claims: &Members, issuer: &Issuer) -> Result<PrincipalId, Fault> {
    let mut names = issuer.user_claims.iter();
    let present = names.find(|name| claims.get(name).is_some());
    let name = present.ok_or_else(|| Fault::missing(issuer.user_claims.join("' or '")))?;
    id(claims, name)
}

fn id<T: std::str::FromStr>(claims: &Members, name: &str) -> Result<T, Fault> {
    claims
        .required_text(name)?
        .parse()
        .map_err(|_| Fault::invalid(name, ID))
}

/// The scopes under Graph's names. The first of the scope claims that is there counts, even if it is empty.
fn scopes(claims: &Members, issuer: &Issuer) -> Result<BTreeSet<String>, Fault> {
    let present = issuer
        .scope_claims
        .iter()
        .find_map(|name| Some((name, claims.get(name)?)));
    let Some((name, value)) = present else {
        return Ok(BTreeSet::new());
    };
    let is_list = |list: &Vec<Value>| list.iter().all(Value::is_string);
    if !(value.is_string() || value.as_array().is_some_and(is_list)) {
        return Err(Fault::invalid(name, "a string or an array of strings"));
    }
    let mut scopes = BTreeSet::new();
    for scope in texts(value).flat_map(str::split_ascii_whitespace) {
        match issuer.scopes.get(scope) {
            Some(meant) => scopes.extend(meant.iter().cloned()),
            None => {
                scopes.insert(scope.to_owned());
            }
        }
    }
    Ok(scopes)
}

/// Directory roles, where the issuer is trusted with them; elsewhere the claim is not even looked at.
fn wids(claims: &Members, issuer: &Issuer) -> Result<BTreeSet<RoleId>, Fault> {
    let Some(value) = claims.get("wids").filter(|_| issuer.trust_wids) else {
        return Ok(BTreeSet::new());
    };
    let fault = || Fault::invalid("wids", "an array of the GUIDs of directory roles");
    let role = |value: &Value| value.as_str()?.parse().ok();
    let list = value.as_array().ok_or_else(fault)?;
    list.iter()
        .map(|value| role(value).ok_or_else(fault))
        .collect()
}

/// Whether one of the claims has a value that proves a second factor. A claim of another form proves nothing.
fn has_second_factor(claims: &Members, issuer: &Issuer) -> bool {
    let mfa = &issuer.mfa;
    [("amr", &mfa.amr), ("acr", &mfa.acr), ("acrs", &mfa.acrs)]
        .iter()
        .filter_map(|(name, proofs)| Some((claims.get(name)?, proofs)))
        .any(|(value, proofs)| texts(value).any(|sent| proofs.iter().any(|proof| proof == sent)))
}

/// The strings of a claim that is one string or an array of them.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    value
        .as_str()
        .into_iter()
        .chain(list.iter().filter_map(Value::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Wall time of these tests, in seconds since 1970.
    const NOW: i64 = 1_800_000_000;

    /// What is said about claims that are good but for these.
    fn verdict(changes: Value) -> Result<Identity, Refused> {
        let mut claims = json!({"aud": "pimento", "exp": NOW + 9, "sub": "ada", "scp": "read"});
        for (name, value) in changes.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        let claims = serde_json::from_value(claims).expect("claims");
        let issuer =
            json!({"issuer": "https://id.example", "audiences": ["pimento"], "tenant": "contoso"});
        let issuer: Issuer = serde_json::from_value(issuer).expect("an issuer");
        identify(&claims, &issuer, None, instant(NOW))
    }

    #[test]
    fn a_token_expires_when_its_time_and_the_skew_are_over() {
        for good in [
            json!(NOW),
            json!(NOW - 59),
            json!(NOW as f64 - 58.5),
            json!(1e300),
        ] {
            assert!(verdict(json!({ "exp": good })).is_ok(), "{good}");
        }
        for (past, at) in [
            (json!(NOW - 60), instant(NOW - 60)),
            (json!(0), instant(0)),
            (json!(-1e300), Timestamp::MIN),
            (json!(i64::MIN), Timestamp::MIN),
        ] {
            let now = instant(NOW);
            let expired = Fault::Expired { at, now };
            assert_eq!(
                verdict(json!({ "exp": past })),
                Err(expired.into()),
                "{past}"
            );
        }
    }

    #[test]
    fn a_token_is_not_valid_before_its_time_or_its_issue_less_the_skew() {
        for claim in ["nbf", "iat"] {
            for good in [json!(null), json!(NOW + 60), json!(0), json!(-1)] {
                assert!(verdict(json!({ claim: good })).is_ok(), "{claim} {good}");
            }
            for (future, from) in [
                (json!(NOW + 61), instant(NOW + 61)),
                (json!(u64::MAX), Timestamp::MAX),
            ] {
                let now = instant(NOW);
                let early = Fault::NotYetValid { from, now };
                let verdict = verdict(json!({ claim: future }));
                assert_eq!(verdict, Err(early.into()), "{claim} {future}");
            }
        }
    }

    #[test]
    fn times_must_be_numbers_and_an_expiry_there() {
        assert_eq!(
            verdict(json!({"exp": null})),
            Err(Fault::missing("exp").into())
        );
        for value in [json!("1900000000"), json!([]), json!(true)] {
            for claim in ["exp", "nbf", "iat"] {
                let fault = Fault::invalid(claim, "a number of seconds since 1970");
                assert_eq!(
                    verdict(json!({ claim: value })),
                    Err(fault.into()),
                    "{claim} {value}"
                );
            }
        }
    }

    #[test]
    fn a_claim_that_is_null_is_absent() {
        assert_eq!(
            verdict(json!({"oid": null, "tid": null}))
                .expect("an identity")
                .principal
                .as_str(),
            "ada"
        );
        assert_eq!(verdict(json!({"scp": null})), Err(Refused::Application));
        assert_eq!(
            verdict(json!({"aud": null})),
            Err(Fault::missing("aud").into())
        );
    }
}
