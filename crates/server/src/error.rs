//! Why a server does not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use pimento_api::OriginError;
use pimento_api::auth::ConfigurationError;
use pimento_api::auth::issuer::DevIssuerError;
use pimento_store::StoreError;
use pimento_store_sqlite::OpenError;

use crate::config::ConfigError;
use crate::remembered::RememberedError;
use crate::seal_key::SealKeyError;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The issuers of the configuration cannot be used.
    #[error("the configuration's issuers cannot be used")]
    Issuers(#[from] ConfigurationError),
    /// The public URL of the configuration cannot be used.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; is another server there? {remedy}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// How to name another one.
        remedy: &'static str,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Dev mode gives tokens to whoever asks, so others are let near it only in so many words.
    #[error(
        "{0} can be reached from other machines, and a dev server gives any token to whoever asks: \
         add --let-anyone-in if that is what you want"
    )]
    NotLoopback(SocketAddr),
    /// The data folder cannot be made.
    #[error("cannot use the data folder {}", path.display())]
    Data {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The key that seals the log cannot be used.
    #[error(transparent)]
    SealKey(#[from] SealKeyError),
    /// What is remembered of the log cannot be known.
    #[error(transparent)]
    Remembered(#[from] RememberedError),
    /// The log cannot be looked at.
    #[error("cannot look at the log")]
    Log(#[from] StoreError),
    /// The dev issuer cannot be made.
    #[error("the dev issuer cannot be made")]
    DevIssuer(#[from] DevIssuerError),
    /// The demo tenant cannot be made.
    #[error("the demo tenant cannot be made")]
    Demo(#[from] pimento_engine::Error),
    /// The system gives no threads or signals.
    #[error("the system does not let the server run")]
    System(#[from] io::Error),
}
