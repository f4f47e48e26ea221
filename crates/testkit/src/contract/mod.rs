//! The hand-written documents, and whether an answer keeps to them.
//!
//! The documents are read as the server serves them, but nothing of the server's own routing and types is used: paths,
//! statuses, headers and bodies are compared with what the documents say, by code that is here for nothing else.

mod answer;
mod batch;
mod format;
mod path;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pimento_api::generated;
use serde_json::Value;

pub(crate) use answer::Exchange;
use path::Template;
use schema::Schemas;

/// The methods that a path of a document can have.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// The documents of one server.
#[derive(Debug)]
pub struct Contract {
    operations: Vec<Operation>,
    /// Against which refusals are judged that belong to no operation.
    general: Arc<Schemas>,
}

/// One operation of one document.
#[derive(Debug)]
struct Operation {
    id: String,
    /// In upper case.
    method: String,
    path: String,
    template: Template,
    /// By status, each with its references resolved.
    responses: BTreeMap<u16, Value>,
    /// By the status of a refusal, the error codes that the operation answers with it.
    codes: BTreeMap<u16, BTreeSet<String>>,
    schemas: Arc<Schemas>,
}

impl Contract {
    /// The documents of a server in dev mode.
    pub fn of_dev() -> Self {
        Self::new(&[generated::GRAPH_BETA, generated::ADMIN, generated::DEV])
    }

    /// The documents of every other server.
    pub fn of_serve() -> Self {
        Self::new(&[generated::GRAPH_BETA, generated::ADMIN])
    }

    fn new(documents: &[&str]) -> Self {
        let parsed: Vec<Arc<Schemas>> = documents
            .iter()
            .map(|text| serde_json::from_str(text).expect("a document is JSON"))
            .map(|document| Arc::new(Schemas::new(document)))
            .collect();
        Self {
            operations: parsed.iter().flat_map(operations).collect(),
            general: Arc::clone(&parsed[0]),
        }
    }

    /// Every operation, with the statuses that its document has for it.
    pub fn documented(&self) -> BTreeMap<&str, BTreeSet<u16>> {
        self.operations
            .iter()
            .map(|operation| {
                (
                    operation.id.as_str(),
                    operation.responses.keys().copied().collect(),
                )
            })
            .collect()
    }

    /// Every refusal that the documents have: operation, status and error code.
    pub fn refusals(&self) -> BTreeSet<(String, u16, String)> {
        let of = |operation: &Operation, status: u16, codes: &BTreeSet<String>| {
            let id = operation.id.clone();
            let with_code = move |code: &String| (id.clone(), status, code.clone());
            codes.iter().map(with_code).collect::<Vec<_>>()
        };
        let all = self.operations.iter().flat_map(|operation| {
            let codes = operation.codes.iter();
            codes.flat_map(move |(status, codes)| of(operation, *status, codes))
        });
        all.collect()
    }

    /// The method of an operation, in upper case, and its path, with `{id}` for what varies.
    ///
    /// # Panics
    /// Where no document has it.
    pub fn route(&self, operation: &str) -> (&str, &str) {
        let found = self.operations.iter().find(|known| known.id == operation);
        let found = found.unwrap_or_else(|| panic!("no document has the operation {operation}"));
        (&found.method, &found.path)
    }
}

fn operations(schemas: &Arc<Schemas>) -> Vec<Operation> {
    let document = schemas.document();
    let root = document["servers"][0]["url"]
        .as_str()
        .unwrap_or_default()
        .trim_end_matches('/');
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let path = format!("{root}{path}");
            operations.push(Operation {
                id: operation["operationId"]
                    .as_str()
                    .expect("every operation has an id")
                    .to_owned(),
                method: method.to_ascii_uppercase(),
                template: Template::new(&path),
                path,
                codes: codes(schemas, operation),
                responses: responses(schemas, operation),
                schemas: Arc::clone(schemas),
            });
        }
    }
    operations
}

fn responses(schemas: &Schemas, operation: &Value) -> BTreeMap<u16, Value> {
    let responses = operation["responses"]
        .as_object()
        .expect("every operation has responses");
    responses
        .iter()
        .map(|(status, response)| {
            let status = status.parse().expect("a status is a number");
            (status, schemas.resolve(response).clone())
        })
        .collect()
}

/// The codes of the shared responses, and the operation's own.
fn codes(schemas: &Schemas, operation: &Value) -> BTreeMap<u16, BTreeSet<String>> {
    let mut codes = BTreeMap::new();
    for (status, response) in responses(schemas, operation) {
        let own = &operation["x-pimento-codes"][status.to_string()];
        let lists = [&response["x-pimento-codes"], own].into_iter();
        let texts = lists.filter_map(Value::as_array).flatten();
        let texts = texts.filter_map(Value::as_str).map(str::to_owned);
        if 400 <= status {
            codes.insert(status, texts.collect());
        }
    }
    codes
}
