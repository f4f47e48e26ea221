//! Query options: seeds made from the document, so that no option of any operation, nor any member that one can be about,
//! is without.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pimento_api::generated;
use serde_json::Value;

use crate::corpus;

/// An option of an operation, with requests that have it.
pub(crate) struct Taken {
    pub(crate) operation: String,
    pub(crate) option: String,
    pub(crate) requests: Vec<Vec<u8>>,
}

/// Each option of each operation.
pub(crate) fn taken() -> Vec<Taken> {
    let document: Value = serde_json::from_str(generated::GRAPH_BETA).unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    operations
        .flat_map(|operation| of(&document, operation))
        .collect()
}

/// A page of one element.
pub(crate) struct First {
    pub(crate) operation: String,
    pub(crate) request: Vec<u8>,
}

/// That of each list.
pub(crate) fn first_pages() -> Vec<First> {
    let lists = taken().into_iter().filter(|taken| taken.option == "$top");
    let first = |taken: Taken| First {
        operation: taken.operation,
        request: taken.requests[0].clone(),
    };
    lists.map(first).collect()
}

fn of(document: &Value, operation: &Value) -> Vec<Taken> {
    let Some(id) = operation["operationId"].as_str() else {
        return Vec::new();
    };
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let options = parameters
        .map(|parameter| resolved(document, parameter))
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| parameter["name"].as_str().unwrap());
    let members = members(
        document,
        &operation["responses"]["200"]["content"]["application/json"]["schema"],
    );
    let (_, seed) = corpus::read("requests")
        .into_iter()
        .find(|(name, _)| name == id)
        .unwrap();
    options
        .map(|option| {
            let values = values(id, option, &members);
            Taken {
                operation: id.to_owned(),
                option: option.to_owned(),
                requests: values
                    .iter()
                    .map(|value| request(&seed, option, value))
                    .collect(),
            }
        })
        .collect()
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// The members of the entity that an answer is, or has many of.
fn members(document: &Value, schema: &Value) -> Vec<String> {
    let of_the_answer = &resolved(document, schema)["properties"];
    let items = &of_the_answer["value"]["items"];
    let properties = if items.is_null() {
        of_the_answer
    } else {
        &resolved(document, items)["properties"]
    };
    let names = properties
        .as_object()
        .into_iter()
        .flat_map(|names| names.keys());
    names
        .filter(|name| !name.starts_with('@'))
        .cloned()
        .collect()
}

/// What an option can say, right and wrong.
fn values(id: &str, option: &str, members: &[String]) -> Vec<String> {
    let of_each =
        |value: &dyn Fn(&str) -> String| members.iter().map(|member| value(member)).collect();
    match option {
        "$filter" => [
            of_each(&|member| format!("{member} eq null")),
            of_each(&|member| {
                format!("not (startswith({member},'a') or {member} in ('ö',null)) and contains({member},'o''b')")
            }),
            of_each(&|member| format!("{member} gt 2026-03-02T10:00:00.5+02:00 or {member} le duration'PT1H'")),
            vec!["true".to_owned()],
        ]
        .concat(),
        "$orderby" => [
            of_each(&|member| format!("{member} desc")),
            vec![members.join(" asc, ")],
        ]
        .concat(),
        "$select" => [of_each(&str::to_owned), vec![members.join(","), "*".to_owned()]].concat(),
        "$expand" => [
            of_each(&str::to_owned),
            of_each(&|member| {
                format!("{member}($select=id;$filter=id ne null;$orderby=id;$top=1;$skip=1;$count=true;$expand=*)")
            }),
            vec!["*".to_owned()],
        ]
        .concat(),
        "$search" => ["a", "\"a b\" OR NOT (c AND d) e"].map(str::to_owned).to_vec(),
        // The first stands for one that the server gave out.
        "$skiptoken" => [&position(id), "ben", "ben~.~_~.a~~b"].map(str::to_owned).to_vec(),
        "$top" | "$skip" => ["1", "0", "1000", "18446744073709551616"].map(str::to_owned).to_vec(),
        "$count" => ["true", "false"].map(str::to_owned).to_vec(),
        "$format" => ["json", "application/json;odata.metadata=minimal;charset=utf-8", "atom", ";=\"\\", "*/*;q=2"]
            .map(str::to_owned)
            .to_vec(),
        other => panic!("what can {other} say?"),
    }
}

/// What stands for a place in the list of an operation that the server itself gave out.
pub(crate) fn position(operation: &str) -> String {
    format!("POSITION{}END", operation.replace('_', ""))
}

/// The good request of an operation, with this option and no other.
fn request(seed: &[u8], option: &str, value: &str) -> Vec<u8> {
    let seed = str::from_utf8(seed).unwrap();
    let (first, rest) = seed.split_once('\n').unwrap();
    let (first, _) = first.split_once('?').unwrap_or((first, ""));
    let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
    format!("{first}?{option}={value}\n{rest}").into_bytes()
}
