//! The configuration of `serve`: a TOML file.
//!
//! ```toml
//! listen = "127.0.0.1:8080"            # default
//! data = "/var/lib/pimento"            # the folder of the database
//! seal_key = "/etc/pimento/seal-key"   # default: pimento.seal-key in `data`; made if it is not there
//! public_url = "https://pim.example.org"
//! tenants = ["3f1c9a52-7d84-4e0b-9c36-5a2e8b71d040"]   # who may register
//! forbid_self_grant = false            # default
//! approval_period = "PT24H"            # default: how long a request waits for an approver; PT1M to PT720H
//! summary_threshold = 101              # default: a role's summary is bad from so many percent of inactive holders on
//! search_limit = "PT10S"               # default: how long the search for a page of a list may take; up to PT1H
//! requests_per_minute = 6000           # default: how many each caller may make; 0 for as many as they like
//! connections = 512                    # default: how many there are at once; others wait
//!
//! [[founders]]                         # may register their tenant without being Global Administrator by token
//! tenant = "3f1c9a52-7d84-4e0b-9c36-5a2e8b71d040"
//! user = "ada"
//!
//! [[issuers]]                          # see `pimento_api::auth::Issuer`
//! issuer = "https://login.example.org/realms/staff"
//! audiences = ["pimento"]
//! ```

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use pimento_api::auth::Issuer;
use pimento_domain::{InvalidId, Policy, PrincipalId, SignedDuration, TenantId};
use pimento_store_sqlite::SEARCH_LIMIT;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::connections::DEFAULT_CONNECTIONS;

/// The configuration of `serve`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// The folder of the database; made if it is not there.
    pub data: PathBuf,
    /// The file of the key that seals the log; made if it is not there. `None` for one in the data folder.
    pub seal_key: Option<PathBuf>,
    /// What clients call: scheme, host and port, for the absolute URLs in answers.
    pub public_url: Option<String>,
    /// Who issues tokens.
    pub issuers: Vec<Issuer>,
    /// Who may register their tenant without being Global Administrator by a trusted token.
    #[serde(default)]
    pub founders: BTreeSet<Founder>,
    /// The tenants that may register.
    #[serde(default, deserialize_with = "tenants")]
    pub tenants: Vec<TenantId>,
    /// Whether administrators may not grant to themselves.
    #[serde(default)]
    pub forbid_self_grant: bool,
    /// How long a request waits for an approver before it lapses.
    #[serde(
        default = "default_approval_period",
        deserialize_with = "approval_period"
    )]
    pub approval_period: SignedDuration,
    /// From how many percent of inactive holders on the summary of a role is bad; above 100 for never.
    #[serde(default = "default_summary_threshold")]
    pub summary_threshold: u32,
    /// How long the search for a page of a list may take before it is broken off.
    #[serde(default = "default_search_limit", deserialize_with = "search_limit")]
    pub search_limit: Duration,
    /// How many requests each caller may make; `None`, written 0, for as many as they like.
    #[serde(
        default = "default_requests_per_minute",
        deserialize_with = "requests_per_minute"
    )]
    pub requests_per_minute: Option<NonZeroU32>,
    /// How many connections there are at once; others wait until one ends.
    #[serde(default = "default_connections")]
    pub connections: NonZeroUsize,
}

/// Somebody who may register their tenant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Founder {
    /// The tenant.
    #[serde(deserialize_with = "tenant")]
    pub tenant: TenantId,
    /// The person's id, as the issuer's tokens have it.
    #[serde(deserialize_with = "principal")]
    pub user: PrincipalId,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The file is not TOML of the right shape.
    #[error("the configuration {} is wrong: {source}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
}

/// Reads a configuration file.
///
/// # Errors
/// [`ConfigError`], which says where and what is wrong.
pub fn read(path: &Path) -> Result<Config, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })?;
    toml::from_str(&text).map_err(|source| ConfigError::Parse {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_summary_threshold() -> u32 {
    Policy::default().summary_threshold
}

fn default_search_limit() -> Duration {
    SEARCH_LIMIT
}

/// There is always one: nobody else is answered by a thread that searches for ever.
fn search_limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let limit = text.parse::<SignedDuration>().ok();
    limit
        .and_then(|limit| Duration::try_from(limit).ok())
        .filter(|limit| !limit.is_zero() && *limit <= Duration::from_secs(60 * 60))
        .ok_or_else(|| {
            D::Error::custom(format!(
                "{text:?} is not a duration of up to PT1H, such as PT10S"
            ))
        })
}

/// A hundred a second: more than a script makes that waits for its answers, and little for this server.
fn default_requests_per_minute() -> Option<NonZeroU32> {
    NonZeroU32::new(6000)
}

fn default_connections() -> NonZeroUsize {
    DEFAULT_CONNECTIONS
}

fn requests_per_minute<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NonZeroU32>, D::Error> {
    u32::deserialize(deserializer).map(NonZeroU32::new)
}

fn default_approval_period() -> SignedDuration {
    Policy::default().approval_period
}

fn approval_period<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (least, most) = (
        SignedDuration::from_mins(1),
        SignedDuration::from_hours(24 * 30),
    );
    let period = text.parse::<SignedDuration>().ok();
    period
        .filter(|period| (least..=most).contains(period))
        .ok_or_else(|| {
            D::Error::custom(format!(
                "{text:?} is not a duration from PT1M to PT720H, such as PT24H"
            ))
        })
}

fn tenant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TenantId, D::Error> {
    id(&String::deserialize(deserializer)?)
}

fn principal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PrincipalId, D::Error> {
    id(&String::deserialize(deserializer)?)
}

fn tenants<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TenantId>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| id(text))
        .collect()
}

fn id<T: std::str::FromStr<Err = InvalidId>, E: Error>(text: &str) -> Result<T, E> {
    text.parse().map_err(E::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        listen = "127.0.0.1:9090"
        data = "/var/lib/pimento"
        public_url = "https://pim.example.org"
        tenants = ["3F1C9A52-7D84-4E0B-9C36-5A2E8B71D040"]
        forbid_self_grant = true
        [[founders]]
        tenant = "3f1c9a52-7d84-4e0b-9c36-5a2e8b71d040"
        user = "ada"
        [[issuers]]
        issuer = "https://login.example.org/realms/staff"
        audiences = ["pimento"]
        tenants = ["3f1c9a52-7d84-4e0b-9c36-5a2e8b71d040"]
    "#;

    #[test]
    fn a_whole_configuration_is_read() {
        let config: Config = toml::from_str(WHOLE).unwrap();
        assert_eq!(config.listen.port(), 9090);
        assert_eq!(
            config.tenants[0].as_str(),
            "3f1c9a52-7d84-4e0b-9c36-5a2e8b71d040"
        );
        assert_eq!(config.founders.first().unwrap().user.as_str(), "ada");
        assert!(config.forbid_self_grant);
    }

    #[test]
    fn requests_are_limited_unless_the_configuration_says_that_they_are_not() {
        for (line, expected) in [
            ("", NonZeroU32::new(6000)),
            ("requests_per_minute = 60", NonZeroU32::new(60)),
            ("requests_per_minute = 0", None),
        ] {
            let text = format!("data = 'd'\nissuers = []\n{line}");
            let config: Config = toml::from_str(&text).unwrap();
            assert_eq!(config.requests_per_minute, expected, "{line}");
        }
    }

    #[test]
    fn searches_may_take_ten_seconds_unless_the_configuration_says_otherwise() {
        for (line, expected) in [
            ("", SEARCH_LIMIT),
            ("search_limit = 'PT2M'", Duration::from_secs(120)),
            ("search_limit = 'PT0.5S'", Duration::from_millis(500)),
        ] {
            let text = format!("data = 'd'\nissuers = []\n{line}");
            let config: Config = toml::from_str(&text).unwrap();
            assert_eq!(config.search_limit, expected, "{line}");
        }
        for limit in ["PT0S", "-PT1S", "PT1H1S", "10", "soon"] {
            let text = format!("data = 'd'\nissuers = []\nsearch_limit = '{limit}'");
            let error = toml::from_str::<Config>(&text).unwrap_err().to_string();
            assert!(error.contains("is not a duration of up to PT1H"), "{error}");
        }
    }

    #[test]
    fn there_are_as_many_connections_as_the_configuration_says() {
        for (line, expected) in [("", 512), ("connections = 7", 7)] {
            let text = format!("data = 'd'\nissuers = []\n{line}");
            let config: Config = toml::from_str(&text).unwrap();
            assert_eq!(config.connections.get(), expected, "{line}");
        }
    }

    #[test]
    fn a_configuration_that_says_little_listens_on_loopback_and_lets_nobody_register() {
        let config: Config = toml::from_str("data = 'd'\nissuers = []").unwrap();
        assert!(config.listen.ip().is_loopback());
        assert!(
            config.tenants.is_empty() && config.founders.is_empty() && !config.forbid_self_grant
        );
    }

    #[test]
    fn a_wrong_configuration_says_where_and_what() {
        for (text, expected) in [
            ("issuers = []", "missing field `data`"),
            ("data = 'd'", "missing field `issuers`"),
            (
                "data = 'd'\nissuers = []\ncolour = 1",
                "unknown field `colour`",
            ),
            (
                "data = 'd'\nissuers = []\nlisten = 'here'",
                "invalid socket address",
            ),
            (
                "data = 'd'\nissuers = []\ntenants = ['a b']",
                "is not an id",
            ),
            (
                "data = 'd'\nissuers = []\nrequests_per_minute = -1",
                "invalid value: integer `-1`",
            ),
            (
                "data = 'd'\nissuers = []\nconnections = 0",
                "a nonzero usize",
            ),
            (
                "data = 'd'\nissuers = []\n[[founders]]\ntenant = 't'",
                "missing field `user`",
            ),
        ] {
            let error = toml::from_str::<Config>(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
