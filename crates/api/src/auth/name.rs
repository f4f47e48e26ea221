//! The names of issuers, and which addresses they may be asked at.

use std::fmt;
use std::net::IpAddr;

use pimento_domain::TenantId;
use reqwest::Url;

/// What stands for the tenant in a template.
const PLACEHOLDER: &str = "{tenant}";

/// What the claim `iss` must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// Exactly this, byte for byte.
    Exact(String),
    /// This, with the id of a tenant as the path segment between the two.
    Template { before: String, after: String },
}

impl Name {
    /// Takes an absolute URL, in which one whole path segment may be `{tenant}`.
    ///
    /// The error is a phrase that says what the URL must be.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let name = match text.split_once(PLACEHOLDER) {
            None => Self::Exact(text.to_owned()),
            Some((before, after)) => {
                // A placeholder in the host would let the sender of a token choose whom we ask for keys.
                let follows_host = before.ends_with('/') && Url::parse(before).is_ok();
                if !follows_host || !(after.is_empty() || after.starts_with('/')) {
                    return Err("have {tenant} as a whole segment of its path, or not at all");
                }
                Self::Template {
                    before: before.to_owned(),
                    after: after.to_owned(),
                }
            }
        };
        if text.replacen(PLACEHOLDER, "", 1).contains(['{', '}']) {
            return Err("have no other placeholder than one {tenant}");
        }
        let url = parse_url(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("have neither a query nor a fragment");
        }
        Ok(name)
    }

    /// Whether `iss` is this name; for a template with the tenant in it.
    ///
    /// The tenant is taken in its one stored spelling and of unreserved characters only, so that nothing in it can
    /// change the URL around it, and no two spellings lead to two sets of keys.
    pub(super) fn matches(&self, iss: &str) -> Option<Option<TenantId>> {
        match self {
            Self::Exact(name) => (name == iss).then_some(None),
            Self::Template { before, after } => {
                let middle = iss.strip_prefix(before)?.strip_suffix(after.as_str())?;
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
                if middle == "." || middle == ".." || !middle.bytes().all(plain) {
                    return None;
                }
                let tenant: TenantId = middle.parse().ok()?;
                (tenant.as_str() == middle).then_some(Some(tenant))
            }
        }
    }

    /// Whether a discovery document that was asked of `iss` may call its issuer `named`: the same, or the template, for
    /// which Entra writes `{tenantid}`.
    pub(super) fn may_be_called(&self, named: &str, iss: &str) -> bool {
        let is_template = || match self {
            Self::Exact(_) => false,
            Self::Template { before, after } => ["{tenant}", "{tenantid}"]
                .iter()
                .any(|placeholder| named == format!("{before}{placeholder}{after}")),
        };
        named == iss || is_template()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(name) => f.write_str(name),
            Self::Template { before, after } => write!(f, "{before}{PLACEHOLDER}{after}"),
        }
    }
}

/// A URL that keys may come from: HTTPS, or HTTP on this machine, where nobody is in between.
///
/// The error is a phrase that says what the URL must be.
pub(super) fn parse_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "be an absolute URL")?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err("have a host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("hold no user name and no password");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err("be https; http is for loopback addresses only"),
    }
}

/// Whether the host of the URL is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

/// How far a URL leads, as far as its host tells: the fewer can answer there, the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// This machine.
    Machine,
    /// An address that only a network of one's own has.
    Network,
    /// Anywhere. A name is taken for this, whatever it resolves to: behind it TLS has to show a certificate of that name.
    World,
}

impl Reach {
    pub(super) fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        let name = host.trim_end_matches('.');
        if name == "localhost" || name.ends_with(".localhost") {
            return Self::Machine;
        }
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let Ok(address) = address.parse::<IpAddr>() else {
            return Self::World;
        };
        let address = address.to_canonical();
        if address.is_loopback() || address.is_unspecified() {
            return Self::Machine;
        }
        let is_private = match address {
            IpAddr::V4(address) => {
                // 100.64.0.0/10 is the network between a provider and its customers (RFC 6598).
                let [first, second, ..] = address.octets();
                let is_shared = first == 100 && (64..128).contains(&second);
                address.is_private() || address.is_link_local() || is_shared
            }
            IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
        };
        if is_private {
            Self::Network
        } else {
            Self::World
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRA: &str = "https://login.example/{tenant}/v2.0";

    #[test]
    fn a_name_is_an_https_url_or_an_http_url_of_this_machine() {
        for good in [
            "https://id.example",
            "https://id.example/",
            "https://id.example/realms/main",
            "http://127.0.0.1:8080/dev",
            "http://127.8.0.1/dev",
            "http://localhost:5556/dex",
            "http://[::1]:9/x",
            ENTRA,
            "http://localhost:1/{tenant}",
        ] {
            assert!(Name::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "id.example",
            "http://id.example",
            "http://127.0.0.1.example",
            "http://localhost.example/",
            "ftp://localhost/",
            "https://",
            "https://me@id.example",
            "https://:secret@id.example",
            "https://id.example?x=1",
            "https://id.example#x",
            "https://{tenant}.example/",
            "https://{tenant}/",
            "https://id.example/x-{tenant}",
            "https://id.example/{tenant}x",
            "https://id.example/{tenant}/{tenant}",
            "https://id.example/{tenantid}/v2.0",
            "https://id.example?{tenant}",
        ] {
            assert!(Name::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_template_matches_one_plain_segment_in_its_one_spelling() {
        let name = Name::parse(ENTRA).expect("a name");
        let tenant = name.matches("https://login.example/contoso/v2.0");
        assert_eq!(tenant, Some(Some("contoso".parse().expect("an id"))));
        for other in [
            "https://login.example//v2.0",
            "https://login.example/v2.0",
            "https://login.example/../v2.0",
            "https://login.example/a/b/v2.0",
            "https://login.example/a?b/v2.0",
            "https://login.example/a%2Fb/v2.0",
            "https://login.example/a#/v2.0",
            "https://login.example/@evil.example/v2.0",
            "https://login.example/contoso/v2.0/",
            "https://login.example/0F693614-C255-4CF5-92FA-74E770C656D8/v2.0",
        ] {
            assert_eq!(name.matches(other), None, "{other}");
        }
    }

    #[test]
    fn an_exact_name_matches_byte_for_byte() {
        let name = Name::parse("https://id.example/").expect("a name");
        assert_eq!(name.matches("https://id.example/"), Some(None));
        assert_eq!(name.matches("https://id.example"), None);
        assert_eq!(name.matches("https://ID.example/"), None);
    }

    #[test]
    fn a_discovery_document_names_the_issuer_or_its_template() {
        let name = Name::parse(ENTRA).expect("a name");
        let iss = "https://login.example/contoso/v2.0";
        assert!(name.may_be_called(iss, iss));
        assert!(name.may_be_called(ENTRA, iss));
        assert!(name.may_be_called("https://login.example/{tenantid}/v2.0", iss));
        assert!(!name.may_be_called("https://login.example/other/v2.0", iss));
    }
}
