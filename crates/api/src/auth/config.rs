//! The configuration of issuers, parsed once.

use std::collections::{BTreeMap, BTreeSet};

use jsonwebtoken::Algorithm;
use pimento_domain::{InvalidId, TenantId};
use serde::Deserialize;

use super::name::Name;
use super::step_up::StepUp;

/// The largest difference between two clocks that may be configured, in seconds.
const MAX_SKEW: u32 = 300;

/// An issuer that is trusted, and what its tokens mean.
///
/// In a configuration file it is one `[[issuers]]` table. Unknown members are refused.
///
/// | member | what it says | default |
/// |---|---|---|
/// | `issuer` | the claim `iss`, or a template with `{tenant}` as a path segment; https, or http on loopback | needed |
/// | `audiences` | values of `aud`, of which a token must have one | needed |
/// | `tenant` | the one tenant it speaks for; a token need not name it, and may not name another | |
/// | `tenants` | the tenants it may speak for; a token must name one of them | |
/// | `tenant_claim` | the claim that names the tenant | `tid` |
/// | `user_claim` | the claim that names the user | `oid`, else `sub` |
/// | `scope_claim` | the claim with the scopes, a string or an array | `scp`, else `scope` |
/// | `scopes` | what a scope of this issuer means: its name to the names it stands for; others keep their name | none |
/// | `mfa` | values that prove a second factor, in the lists `amr`, `acr` and `acrs` | `amr = ["mfa"]` |
/// | `trust_wids` | whether directory roles in the claim `wids` count | `false` |
/// | `skew_seconds` | by how much clocks may differ, up to 300 | 60 |
/// | `algorithms` | of RS, PS 256, 384, 512, ES256, ES384, EdDSA | RS256, ES256, EdDSA |
///
/// One of `tenant`, `tenants` and a template is needed; a template alone speaks for every tenant under whose name it
/// signs, and `tenants` narrows that. People of one tenant are told apart by their id alone, so two issuers that speak
/// for the same tenant must mean the same person by the same id.
///
/// ```toml
/// [[issuers]]
/// issuer = "https://keycloak.example/realms/main"
/// audiences = ["pimento"]
/// tenant = "contoso"
/// user_claim = "preferred_username"
/// scopes = { pimento = ["Directory.AccessAsUser.All"] }
/// mfa = { acr = ["2"] }
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Table")]
pub struct Issuer {
    pub(super) name: Name,
    pub(super) audiences: Vec<String>,
    pub(super) tenants: Tenants,
    pub(super) tenant_claim: String,
    pub(super) user_claims: Vec<String>,
    pub(super) scope_claims: Vec<String>,
    pub(super) scopes: BTreeMap<String, Vec<String>>,
    pub(super) mfa: SecondFactor,
    pub(super) step_up: StepUp,
    pub(super) trust_wids: bool,
    pub(super) skew_seconds: i64,
    pub(super) algorithms: Vec<Algorithm>,
}

/// Whom an issuer may speak for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tenants {
    /// This one, whether a token names it or not.
    Fixed(TenantId),
    /// Those of the list.
    Listed(BTreeSet<TenantId>),
    /// Each: dev mode's own issuer, and a template, for which the tenant must be the one in `iss`.
    Any,
}

/// Values that prove a second factor, by the claim they are in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SecondFactor {
    pub(super) amr: Vec<String>,
    pub(super) acr: Vec<String>,
    pub(super) acrs: Vec<String>,
}

impl Default for SecondFactor {
    fn default() -> Self {
        Self {
            amr: vec!["mfa".to_owned()],
            acr: Vec::new(),
            acrs: Vec::new(),
        }
    }
}

/// An `[[issuers]]` table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    issuer: String,
    audiences: Vec<String>,
    tenant: Option<String>,
    tenants: Option<Vec<String>>,
    tenant_claim: Option<String>,
    user_claim: Option<String>,
    scope_claim: Option<String>,
    #[serde(default)]
    scopes: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    mfa: SecondFactor,
    #[serde(default)]
    trust_wids: bool,
    skew_seconds: Option<u32>,
    algorithms: Option<Vec<String>>,
}

/// An issuer that is not configured rightly.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("issuer {issuer:?}: {fault}")]
pub struct InvalidIssuer {
    /// The member `issuer` as it is written.
    pub issuer: String,
    /// What is wrong.
    #[source]
    pub fault: IssuerFault,
}

/// What is wrong with the configuration of an issuer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerFault {
    /// `issuer` cannot be the name of one.
    #[error("`issuer` must {0}")]
    Name(&'static str),
    /// The tenants are not said in exactly one way.
    #[error(
        "say whom it may speak for in one way: `tenant`, `tenants`, or {{tenant}} in `issuer`, with or without `tenants`"
    )]
    Tenants,
    /// A tenant id cannot be one.
    #[error("as a tenant, {0}")]
    Tenant(#[from] InvalidId),
    /// A list that needs entries has none, or a text is empty or holds a blank.
    #[error("`{0}` must not be empty, nor hold empty texts or blanks")]
    Empty(&'static str),
    /// `skew_seconds` is too large.
    #[error("`skew_seconds` is {0}, but may be {MAX_SKEW} at the most")]
    Skew(u32),
    /// An algorithm is unknown, or one that anybody can sign with who can verify.
    #[error(
        "`algorithms` may have RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and EdDSA, but not {0:?}"
    )]
    Algorithm(String),
}

impl TryFrom<Table> for Issuer {
    type Error = InvalidIssuer;

    fn try_from(table: Table) -> Result<Self, InvalidIssuer> {
        let issuer = table.issuer.clone();
        Self::from_table(table).map_err(|fault| InvalidIssuer { issuer, fault })
    }
}

impl Issuer {
    /// The issuer of dev mode: it speaks for every tenant, which no configuration file can say, and is trusted with
    /// directory roles.
    pub(super) fn of_dev_mode(url: &str, audience: &str) -> Result<Self, InvalidIssuer> {
        let invalid = |fault| InvalidIssuer {
            issuer: url.to_owned(),
            fault,
        };
        Ok(Self {
            name: Name::parse(url).map_err(|must| invalid(IssuerFault::Name(must)))?,
            audiences: vec![audience.to_owned()],
            tenants: Tenants::Any,
            tenant_claim: "tid".to_owned(),
            user_claims: user_claims(None),
            scope_claims: scope_claims(None),
            scopes: BTreeMap::new(),
            step_up: StepUp::new(&SecondFactor::default()),
            mfa: SecondFactor::default(),
            trust_wids: true,
            skew_seconds: 60,
            algorithms: vec![Algorithm::EdDSA],
        })
    }

    fn from_table(table: Table) -> Result<Self, IssuerFault> {
        check_texts(&table)?;
        let name = Name::parse(&table.issuer).map_err(IssuerFault::Name)?;
        let skew_seconds = table.skew_seconds.unwrap_or(60);
        if MAX_SKEW < skew_seconds {
            return Err(IssuerFault::Skew(skew_seconds));
        }
        Ok(Self {
            tenants: tenants(&name, table.tenant, table.tenants)?,
            name,
            audiences: table.audiences,
            tenant_claim: table.tenant_claim.unwrap_or_else(|| "tid".to_owned()),
            user_claims: user_claims(table.user_claim),
            scope_claims: scope_claims(table.scope_claim),
            scopes: table.scopes,
            step_up: StepUp::new(&table.mfa),
            mfa: table.mfa,
            trust_wids: table.trust_wids,
            skew_seconds: skew_seconds.into(),
            algorithms: algorithms(table.algorithms)?,
        })
    }
}

fn user_claims(configured: Option<String>) -> Vec<String> {
    configured.map_or_else(
        || vec!["oid".to_owned(), "sub".to_owned()],
        |claim| vec![claim],
    )
}

fn scope_claims(configured: Option<String>) -> Vec<String> {
    configured.map_or_else(
        || vec!["scp".to_owned(), "scope".to_owned()],
        |claim| vec![claim],
    )
}

fn tenants(
    name: &Name,
    tenant: Option<String>,
    tenants: Option<Vec<String>>,
) -> Result<Tenants, IssuerFault> {
    let template = matches!(name, Name::Template { .. });
    match (tenant, tenants) {
        (Some(tenant), None) if !template => Ok(Tenants::Fixed(tenant.parse()?)),
        (None, Some(list)) if list.is_empty() => Err(IssuerFault::Empty("tenants")),
        (None, Some(list)) => {
            let listed = list.iter().map(|tenant| tenant.parse());
            Ok(Tenants::Listed(listed.collect::<Result<_, _>>()?))
        }
        (None, None) if template => Ok(Tenants::Any),
        _ => Err(IssuerFault::Tenants),
    }
}

fn algorithms(configured: Option<Vec<String>>) -> Result<Vec<Algorithm>, IssuerFault> {
    let Some(names) = configured else {
        return Ok(vec![Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA]);
    };
    if names.is_empty() {
        return Err(IssuerFault::Empty("algorithms"));
    }
    let symmetric = [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512];
    let parse = |name: &String| {
        name.parse()
            .ok()
            .filter(|parsed| !symmetric.contains(parsed))
    };
    let parsed = names
        .iter()
        .map(|name| parse(name).ok_or_else(|| IssuerFault::Algorithm(name.clone())));
    parsed.collect()
}

/// Refuses texts that no claim can ever equal, as they are slips of the pen that would only show much later.
fn check_texts(table: &Table) -> Result<(), IssuerFault> {
    let are_words = |texts: &[String]| !texts.is_empty() && texts.iter().all(|text| is_word(text));
    let mut scopes = table.scopes.iter();
    let claims = [&table.tenant_claim, &table.user_claim, &table.scope_claim];
    let mfa = &table.mfa;
    let mut proofs = mfa.amr.iter().chain(&mfa.acr).chain(&mfa.acrs);
    let checks = [
        ("audiences", are_words(&table.audiences)),
        (
            "scopes",
            scopes.all(|(name, meant)| is_word(name) && are_words(meant)),
        ),
        (
            "*_claim",
            claims.into_iter().flatten().all(|claim| !claim.is_empty()),
        ),
        ("mfa", proofs.all(|proof| !proof.is_empty())),
    ];
    let failed = checks.into_iter().find(|(_, good)| !good);
    failed.map_or(Ok(()), |(member, _)| Err(IssuerFault::Empty(member)))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}
