//! What operators ask, on the wire.

use serde::Serialize;
use utoipa::ToSchema;

/// That the process is alive.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Liveness {
    /// Always `alive`.
    pub status: String,
}

/// That the server can take work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// Always `ready`.
    pub status: String,
    /// What was checked.
    pub checks: Vec<Check>,
}

/// One thing that the server needs in order to work.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReadinessCheck)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// Whether it is there.
    pub status: String,
}

/// Which program this is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Version {
    /// The program's name.
    pub name: String,
    /// Its version.
    pub version: String,
}
