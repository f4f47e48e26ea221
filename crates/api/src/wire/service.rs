//! The service document on the wire.

use serde::Serialize;
use utoipa::ToSchema;

/// What is served.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceDocument {
    /// Where the metadata is.
    #[schema(format = Uri)]
    #[serde(rename = "@odata.context")]
    pub context: String,
    /// The entity sets.
    pub value: Vec<ServiceElement>,
}

/// One thing that is served.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceElement {
    /// Its name in the model.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Its URL, relative to that of the service document with a slash at its end.
    pub url: String,
}

impl ServiceElement {
    /// An entity set, whose URL is its name.
    pub fn entity_set(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: "EntitySet".to_owned(),
            url: name.to_owned(),
        }
    }
}
