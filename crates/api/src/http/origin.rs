//! Where this server is, for the absolute URLs in its answers, and which names it answers to.

use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, Uri, header};

use crate::problem::Problem;

/// A public URL that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "public_url {url:?} must be an absolute http or https URL without path, query and fragment, such as https://pim.example.org"
)]
pub struct OriginError {
    /// What was configured.
    pub url: String,
}

/// Where this server is: the start of every absolute URL that it writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    public: Option<String>,
    listen: SocketAddr,
}

/// Which `Host`s the server answers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// Whatever a proxy in front lets through.
    Any,
    /// Only those it listens on, so that no page from elsewhere can talk to it by a name of its own.
    Listening,
}

impl Origin {
    /// The server at this public URL (scheme, host and port), or else at the address it listens on.
    ///
    /// # Errors
    /// A public URL that is not just scheme, host and port.
    pub fn new(public_url: Option<&str>, listen: SocketAddr) -> Result<Self, OriginError> {
        let public = public_url.map(parse_public).transpose()?;
        Ok(Self { public, listen })
    }

    /// The origin of a request: the public one, or `http://` and its Host if the server listens on that, or the address.
    pub(crate) fn of(&self, headers: &HeaderMap) -> String {
        match (&self.public, host(headers)) {
            (Some(public), _) => public.clone(),
            (None, Some(host)) if self.listens_on(host) => format!("http://{host}"),
            (None, _) => format!("http://{}", self.listen),
        }
    }

    /// Whether an absolute URL is one of this server: of the public one, or of an address that it listens on.
    pub(crate) fn is_own(&self, url: &Uri) -> bool {
        let Some(authority) = url.authority().filter(|one| !one.as_str().contains('@')) else {
            return false;
        };
        let public = self
            .public
            .as_deref()
            .and_then(|public| public.parse().ok());
        let listens = url.scheme() == Some(&Scheme::HTTP) && self.listens_on(authority.as_str());
        listens || public.is_some_and(|public| is_same_origin(&public, url))
    }

    /// Whether a `Host` names this server by an address it listens on, or by `localhost` where that is one.
    fn listens_on(&self, host: &str) -> bool {
        let (name, port) = match host.parse::<SocketAddr>() {
            Ok(address) => {
                return address.port() == self.listen.port() && self.has_address(address.ip());
            }
            Err(_) => host
                .rsplit_once(':')
                .map_or((host, Ok(80)), |(name, port)| (name, port.parse::<u16>())),
        };
        let address = name
            .parse::<IpAddr>()
            .is_ok_and(|address| self.has_address(address));
        let local = name.eq_ignore_ascii_case("localhost")
            && (self.listen.ip().is_loopback() || self.listen.ip().is_unspecified());
        port == Ok(self.listen.port()) && (address || local)
    }

    /// A server that listens on every address is reached by any, but never by a name that somebody else chose.
    fn has_address(&self, address: IpAddr) -> bool {
        self.listen.ip().is_unspecified() || self.listen.ip() == address
    }

    /// Refuses a request to a Host that the server does not answer to.
    pub(crate) fn admit(&self, hosts: Hosts, headers: &HeaderMap) -> Result<(), Problem> {
        let known = || host(headers).is_some_and(|host| self.listens_on(host));
        if hosts == Hosts::Any || known() {
            return Ok(());
        }
        let message = format!(
            "This server answers only to an address that it listens on as the Host, with port {}; \
             localhost will do on this machine.",
            self.listen.port()
        );
        Err(Problem::new(
            http::StatusCode::MISDIRECTED_REQUEST,
            crate::problem::code::INVALID_REQUEST,
            message,
        )
        .at("Host"))
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
}

/// Scheme, host and port are the same, where a port may be left out that goes without saying.
fn is_same_origin(one: &Uri, other: &Uri) -> bool {
    let port = |url: &Uri| {
        let usual = if url.scheme() == Some(&Scheme::HTTPS) {
            443
        } else {
            80
        };
        url.port_u16().unwrap_or(usual)
    };
    let host = |url: &Uri| url.host().map(str::to_ascii_lowercase);
    one.scheme() == other.scheme() && host(one) == host(other) && port(one) == port(other)
}

fn parse_public(url: &str) -> Result<String, OriginError> {
    let error = || OriginError {
        url: url.to_owned(),
    };
    let uri: Uri = url.parse().map_err(|_| error())?;
    let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority())
    else {
        return Err(error());
    };
    let bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !url.contains(['#', '@']);
    if bare {
        Ok(format!("{scheme}://{authority}"))
    } else {
        Err(error())
    }
}

/// A request's URL as it was called, and what absolute URLs in its answer begin with.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    origin: String,
    path_and_query: String,
}

impl Called {
    pub(crate) fn new(origin: &Origin, headers: &HeaderMap, uri: &Uri) -> Self {
        let path_and_query = uri
            .path_and_query()
            .map_or("/", |called| called.as_str())
            .to_owned();
        Self {
            origin: origin.of(headers),
            path_and_query,
        }
    }

    /// The absolute URL as it was called.
    pub(crate) fn url(&self) -> String {
        self.at(&self.path_and_query)
    }

    /// The absolute URL of the entity model.
    pub(crate) fn metadata(&self) -> String {
        format!("{}/beta/$metadata", self.origin)
    }

    /// The context of a list, or of a value.
    pub(crate) fn context(&self, of: &str) -> String {
        format!("{}#{of}", self.metadata())
    }

    /// The context of one entity of a set.
    pub(crate) fn entity(&self, set: &str) -> Option<String> {
        Some(self.context(&format!("{set}/$entity")))
    }

    /// The absolute URL of a path and query.
    pub(crate) fn at(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.origin)
    }

    /// The absolute URL of a path under `/beta`.
    pub(crate) fn location(&self, path: &str) -> String {
        format!("{}/beta/{path}", self.origin)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Called {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or_else(Problem::fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, host.parse().unwrap())])
    }

    fn origin(public: Option<&str>, listen: &str) -> Origin {
        Origin::new(public, listen.parse().unwrap()).unwrap()
    }

    #[test]
    fn urls_begin_with_the_public_url_or_else_with_a_host_that_is_listened_on() {
        let public = origin(Some("https://pim.example.org/"), "127.0.0.1:8080");
        assert_eq!(
            public.of(&headers("evil.example")),
            "https://pim.example.org"
        );
        let local = origin(None, "127.0.0.1:8080");
        assert_eq!(
            local.of(&headers("localhost:8080")),
            "http://localhost:8080"
        );
        for foreign in [
            "evil.example",
            "evil.example:8080",
            "localhost:80",
            "127.0.0.2:8080",
            "",
            "127.0.0.1:8080@evil",
        ] {
            assert_eq!(
                local.of(&headers(foreign)),
                "http://127.0.0.1:8080",
                "{foreign}"
            );
        }
    }

    #[test]
    fn a_server_that_answers_only_where_it_listens_refuses_other_hosts() {
        for (listen, host, admitted) in [
            ("127.0.0.1:8080", "127.0.0.1:8080", true),
            ("127.0.0.1:8080", "LOCALHOST:8080", true),
            ("127.0.0.1:80", "127.0.0.1", true),
            ("[::1]:8080", "[::1]:8080", true),
            ("0.0.0.0:8080", "10.1.2.3:8080", true),
            ("0.0.0.0:8080", "rebound.example:8080", false),
            ("127.0.0.1:8080", "rebound.example:8080", false),
            ("127.0.0.1:8080", "127.0.0.1:81", false),
            ("10.0.0.1:8080", "localhost:8080", false),
        ] {
            let origin = origin(None, listen);
            assert_eq!(
                origin.admit(Hosts::Listening, &headers(host)).is_ok(),
                admitted,
                "{listen} {host}"
            );
            assert!(origin.admit(Hosts::Any, &headers(host)).is_ok());
        }
        assert!(
            origin(None, "127.0.0.1:8080")
                .admit(Hosts::Listening, &HeaderMap::new())
                .is_err()
        );
    }

    #[test]
    fn an_absolute_url_is_one_of_this_server_by_its_public_url_or_an_address_that_it_listens_on() {
        let public = Some("https://pim.example.org/");
        for (public, listen, url, own) in [
            (public, "127.0.0.1:8080", "https://pim.example.org", true),
            (
                public,
                "127.0.0.1:8080",
                "HTTPS://Pim.Example.org:443",
                true,
            ),
            (public, "127.0.0.1:8080", "http://127.0.0.1:8080", true),
            (public, "127.0.0.1:8080", "http://pim.example.org", false),
            (
                public,
                "127.0.0.1:8080",
                "https://pim.example.org:8443",
                false,
            ),
            (public, "127.0.0.1:8080", "https://x@pim.example.org", false),
            (public, "127.0.0.1:8080", "https://127.0.0.1:8080", false),
            (None, "127.0.0.1:80", "http://localhost", true),
            (None, "[::1]:8080", "http://[::1]:8080", true),
            (
                None,
                "127.0.0.1:8080",
                "http://elsewhere.example:8080",
                false,
            ),
            (None, "127.0.0.1:8080", "/beta", false),
        ] {
            let found = origin(public, listen).is_own(&url.parse().unwrap());
            assert_eq!(found, own, "{public:?} {listen} {url}");
        }
    }

    #[test]
    fn a_public_url_is_scheme_host_and_port() {
        for url in [
            "pim.example.org",
            "ftp://pim.example.org",
            "https://pim.example.org/x",
            "https://a@b",
            "https://a?b",
            "/x",
        ] {
            assert!(
                Origin::new(Some(url), "127.0.0.1:80".parse().unwrap()).is_err(),
                "{url}"
            );
        }
    }
}
