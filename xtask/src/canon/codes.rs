//! The error codes of an operation: those of a shared response and its own are one set to a caller.

use serde_json::{Map, Value};

use super::{listed, members};

const KEY: &str = "x-pimento-codes";

/// Moves what the operation lists by status to its responses, as sets. What has no response stays where it is.
pub(super) fn gather(operation: &mut Map<String, Value>, responses: &mut Map<String, Value>) {
    let Some(Value::Object(own)) = operation.remove(KEY) else {
        return;
    };
    let mut rest = Map::new();
    for (status, codes) in own {
        let codes = listed(&codes);
        let Some(response) = responses.get_mut(&status).and_then(Value::as_object_mut) else {
            rest.insert(status, codes);
            continue;
        };
        let shared = response.entry(KEY).or_insert_with(|| Map::new().into());
        if let Value::Object(shared) = shared {
            shared.extend(members(&codes).map(|(code, listed)| (code.clone(), listed.clone())));
        }
    }
    super::insert_unless_empty(operation, KEY, rest);
}
