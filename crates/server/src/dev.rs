//! `dev`: a server to try things on. It has an issuer of its own, a clock that can be moved, and a demo tenant.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use pimento_api::auth::Authenticator;
use pimento_api::auth::issuer::DevIssuer;
use pimento_api::{App, Emulator, Face, Hosts, Origin, Throttle, router};
use pimento_domain::Policy;
use pimento_engine::{Admission, Engine, nudges};
use pimento_store::Store;
use pimento_store_sqlite::{Purpose, SqliteStore};
use tempfile::TempDir;

use crate::connections::DEFAULT_CONNECTIONS;
use crate::recorder::Recorder;
use crate::running::{Kept, Prepared, listen};
use crate::sealer::Sealer;
use crate::{StartError, demo, seal_key, swagger};

/// The audience of the dev issuer's tokens.
const AUDIENCE: &str = "pimento-dev";

/// How a dev server is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the database; `None` for a temporary one that is gone at the end.
    pub data: Option<PathBuf>,
    /// Who may reach it.
    pub reach: Reach,
    /// How many requests each caller may make; `None` for as many as they like.
    pub requests_per_minute: Option<NonZeroU32>,
    /// How long the search for a page of a list may take.
    pub search_limit: Duration,
    /// What clients call where a proxy stands in front; absolute URLs in answers begin with it.
    pub public_url: Option<String>,
}

/// Who may reach a dev server, which gives any token to whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This machine alone.
    Loopback,
    /// Whoever the address lets in.
    Anyone,
}

/// A dev server that listens.
#[derive(Debug)]
pub struct Dev {
    /// The server.
    pub prepared: Prepared,
    /// What to tell the person who starts it: URLs, people, and something to try.
    pub banner: String,
}

/// Prepares a dev server: opens its database with the demo tenant in it, and listens.
///
/// # Errors
/// [`StartError`]: the address, the public URL or the database cannot be used.
pub async fn prepare(options: Options) -> Result<Dev, StartError> {
    if options.reach == Reach::Loopback && !options.listen.ip().is_loopback() {
        return Err(StartError::NotLoopback(options.listen));
    }
    // All that can be wrong with the options is found before anything is made.
    Origin::new(options.public_url.as_deref(), options.listen)?;
    let (folder, temporary) = folder(options.data)?;
    let database = folder.join("pimento.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open_limited(
        &database,
        Purpose::Dev,
        options.search_limit,
    )?);
    let sealer = Sealer::open(&seal_key::place(&folder, None), &database)?;
    let (listener, address) =
        listen(options.listen, "--listen ADDR:PORT takes another one").await?;
    let url = format!("http://{}", reachable(address));
    let issuer = DevIssuer::new(&format!("{url}/dev"), AUDIENCE, demo::tenant())?;
    let authenticator = Authenticator::new(vec![issuer.trust()])?;
    let engine = Engine::new(store.clone(), Policy::default(), Admission::Everybody);
    demo::furnish(&engine).await?;
    let banner = demo::banner(&url, &issuer);
    let app = App {
        engine: engine.clone(),
        authenticator,
        founders: Arc::default(),
        throttle: options.requests_per_minute.map(Throttle::per_minute),
    };
    let origin = Origin::new(options.public_url.as_deref(), address)?;
    let face = Face {
        origin,
        hosts: Hosts::Listening,
        pages: swagger::pages(swagger::Mode::Dev),
    };
    let (nudge, nudges) = nudges();
    let recorder = Recorder(engine.clone(), nudges);
    let router = router(
        app,
        Some(Emulator::new(engine.clone(), issuer, nudge)),
        face,
    );
    Ok(Dev {
        prepared: Prepared {
            router,
            listener,
            address,
            connections: DEFAULT_CONNECTIONS,
            recorder: Some(recorder),
            sealer: Some(sealer),
            engine,
            store: Kept(store),
            temporary,
        },
        banner,
    })
}

/// The folder of the database, and its keeper where it is a temporary one.
fn folder(data: Option<PathBuf>) -> Result<(PathBuf, Option<TempDir>), StartError> {
    let error = |path: &PathBuf, source: io::Error| StartError::Data {
        path: path.clone(),
        source,
    };
    match data {
        Some(path) => {
            fs::create_dir_all(&path).map_err(|source| error(&path, source))?;
            Ok((path, None))
        }
        None => {
            let temporary = TempDir::with_prefix("pimento-dev-")
                .map_err(|source| error(&std::env::temp_dir(), source))?;
            Ok((temporary.path().to_owned(), Some(temporary)))
        }
    }
}

/// An address at which this machine reaches the server: where it listens on all of them, the loopback one.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => {
            SocketAddr::from((Ipv4Addr::LOCALHOST, v4.port()))
        }
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => {
            SocketAddr::from((Ipv6Addr::LOCALHOST, v6.port()))
        }
        address => address,
    }
}
