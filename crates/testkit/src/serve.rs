//! The real server inside a test, with an issuer of the outside world.

use std::path::Path;

use pimento_server::{StartError, config, serve};
use tempfile::TempDir;

use crate::server::ANYWHERE;
use crate::{Contract, TestIssuer, TestServer, log};

/// What `pimento-server serve --config FILE` runs, and the issuer that it trusts.
#[derive(Debug)]
pub struct ServeServer {
    /// The server.
    pub server: TestServer,
    /// The issuer.
    pub issuer: TestIssuer,
    folder: TempDir,
}

impl ServeServer {
    /// A server with this configuration, which is the rest of a TOML file: `listen` and `data` stand before it.
    ///
    /// # Errors
    /// Why the server does not start.
    pub async fn start(rest: impl FnOnce(&TestIssuer) -> String) -> Result<Self, StartError> {
        let issuer = TestIssuer::start().await;
        let folder = TempDir::with_prefix("pimento-test-")?;
        let rest = rest(&issuer);
        let server = start(folder.path(), &rest).await?;
        Ok(Self {
            server,
            issuer,
            folder,
        })
    }

    /// The folder of the configuration, `pimento.toml`, and the database, `data/pimento.db`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the server and starts another on the same database, with the same configuration.
    ///
    /// # Errors
    /// Why the server does not start.
    pub async fn restart(self) -> Result<Self, StartError> {
        self.server.stop().await;
        let server = open(self.folder.path()).await?;
        Ok(Self { server, ..self })
    }
}

async fn start(folder: &Path, rest: &str) -> Result<TestServer, StartError> {
    let data = folder.join("data");
    let configuration = format!("listen = \"{ANYWHERE}\"\ndata = {data:?}\n{rest}");
    std::fs::write(folder.join("pimento.toml"), configuration)?;
    open(folder).await
}

async fn open(folder: &Path) -> Result<TestServer, StartError> {
    let log = log::watch();
    let configuration = config::read(&folder.join("pimento.toml"))?;
    let prepared = serve::prepare(configuration).await?;
    Ok(TestServer::run(prepared, Contract::of_serve(), log))
}
