//! `serve`: a server for real work, after its configuration, without any of dev mode's endpoints.

use std::fs;
use std::sync::Arc;

use pimento_api::auth::Authenticator;
use pimento_api::{App, Face, Hosts, Origin, Throttle, router};
use pimento_domain::Policy;
use pimento_engine::{Admission, Engine, nudges};
use pimento_store::Store;
use pimento_store_sqlite::{Purpose, SqliteStore};

use crate::config::Config;
use crate::recorder::Recorder;
use crate::running::{Kept, Prepared, listen};
use crate::sealer::Sealer;
use crate::{StartError, seal_key, swagger};

/// Prepares the server: opens its database and listens.
///
/// # Errors
/// [`StartError`]: the configuration, the address or the database cannot be used.
pub async fn prepare(config: Config) -> Result<Prepared, StartError> {
    let authenticator = Authenticator::new(config.issuers)?;
    // All that can be wrong with the configuration is found before anything is made.
    Origin::new(config.public_url.as_deref(), config.listen)?;
    fs::create_dir_all(&config.data).map_err(|source| StartError::Data {
        path: config.data.clone(),
        source,
    })?;
    let database = config.data.join("pimento.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open_limited(
        &database,
        Purpose::Serve,
        config.search_limit,
    )?);
    // After the database, so that no key is made beside one that is not this server's.
    let seal_key = seal_key::place(&config.data, config.seal_key.as_deref());
    let sealer = Sealer::open(&seal_key, &database)?;
    let (listener, address) = listen(
        config.listen,
        "`listen` in the configuration names another one",
    )
    .await?;
    let origin = Origin::new(config.public_url.as_deref(), address)?;
    let policy = Policy {
        forbid_self_grant: config.forbid_self_grant,
        approval_period: config.approval_period,
        summary_threshold: config.summary_threshold,
    };
    let founders = config
        .founders
        .into_iter()
        .map(|founder| (founder.tenant, founder.user))
        .collect();
    let engine = Engine::new(store.clone(), policy, Admission::Only(config.tenants));
    let (_, nobody) = nudges();
    let recorder = Recorder(engine.clone(), nobody);
    let app = App {
        engine: engine.clone(),
        authenticator,
        founders: Arc::new(founders),
        throttle: config.requests_per_minute.map(Throttle::per_minute),
    };
    let face = Face {
        origin,
        hosts: Hosts::Any,
        pages: swagger::pages(swagger::Mode::Serve),
    };
    tracing::info!(%address, "listening");
    Ok(Prepared {
        router: router(app, None, face),
        listener,
        address,
        connections: config.connections,
        recorder: Some(recorder),
        sealer: Some(sealer),
        engine,
        store: Kept(store),
        temporary: None,
    })
}
