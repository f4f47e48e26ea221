//! Paths and batches: seeds made from the good request of each operation, in every form that a path or a part can have.

use pimento_api::generated;
use serde_json::{Value, json};

use crate::corpus;

/// A request in a form of its own.
pub(crate) struct Shaped {
    /// Operation and form.
    pub(crate) name: String,
    pub(crate) request: Vec<u8>,
    /// Whether it is answered as the seed is, or wrong.
    pub(crate) is_good: bool,
    pub(crate) is_batch: bool,
    /// Whether others would be answered otherwise after it.
    pub(crate) changes: bool,
}

/// A good request of the family, taken apart.
struct Good {
    operation: String,
    method: String,
    /// Below `/beta`, without the first slash.
    segments: Vec<String>,
    /// Which of the segments are ids.
    ids: Vec<bool>,
    query: String,
    /// Header lines, an empty one and the body, as far as there are some.
    rest: String,
}

fn good_requests() -> Vec<Good> {
    let document: Value = serde_json::from_str(generated::GRAPH_BETA).unwrap();
    let mut seeds = corpus::read("requests");
    seeds.retain(|(name, _)| !name.contains('-'));
    let items = document["paths"].as_object().unwrap().iter();
    let operations = items.flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().values();
        operations.filter_map(move |operation| Some((path, operation["operationId"].as_str()?)))
    });
    let seed = |id: &str| seeds.iter().find(|(name, _)| name == id).unwrap().1.clone();
    operations
        .map(|(path, id)| taken_apart(path, id, &String::from_utf8(seed(id)).unwrap()))
        .collect()
}

fn taken_apart(path: &str, operation: &str, seed: &str) -> Good {
    let (first, rest) = seed.split_once('\n').unwrap_or((seed, ""));
    let (method, target) = first.split_once(' ').unwrap();
    let (target, query) = target.split_once('?').unwrap_or((target, ""));
    let below = target.strip_prefix("/beta/").unwrap();
    Good {
        operation: operation.to_owned(),
        method: method.to_owned(),
        segments: below.split('/').map(str::to_owned).collect(),
        ids: path[1..]
            .split('/')
            .map(|part| part.starts_with('{'))
            .collect(),
        query: query.to_owned(),
        rest: rest.to_owned(),
    }
}

/// Every operation by every form of its path.
pub(crate) fn paths() -> Vec<Shaped> {
    good_requests().iter().flat_map(Good::spelled).collect()
}

impl Good {
    fn spelled(&self) -> Vec<Shaped> {
        let last = self
            .segments
            .last()
            .unwrap()
            .trim_end_matches("()")
            .to_owned();
        let is_called = ["Function", "Action"]
            .iter()
            .any(|kind| generated::METADATA.contains(&format!("<{kind} Name=\"{last}\"")));
        let ends = |end: String| {
            let mut segments = self.segments.clone();
            *segments.last_mut().unwrap() = end;
            segments.join("/")
        };
        let forms = [
            ("plain", self.segments.join("/"), true),
            ("key", self.keyed("('", "')"), true),
            ("bare-key", self.keyed("(", ")"), true),
            ("escaped-key", self.keyed("%28%27", "%27%29"), true),
            ("named-key", self.keyed("(id='", "')"), false),
            ("open-key", self.keyed("('", "'"), false),
            ("capitals", self.literals(str::to_uppercase), true),
            ("escaped-literals", self.literals(escaped_last), true),
            ("escaped-twice", self.literals(escaped_twice), false),
            (
                "ends-with-slash",
                format!("{}/", self.segments.join("/")),
                !last.is_empty(),
            ),
            ("slashes", self.segments.join("//"), false),
            ("dots", format!("./{}/..", self.segments.join("/./")), false),
            ("parameters", self.segments.join(";a=b/"), false),
            ("called", ends(format!("{last}()")), is_called),
            (
                "qualified",
                ends(format!("microsoft.graph.{last}")),
                is_called,
            ),
            (
                "qualified-and-called",
                ends(format!("microsoft.graph.{last}()")),
                is_called,
            ),
            (
                "of-another-namespace",
                ends(format!("contoso.{last}")),
                false,
            ),
        ];
        forms.map(|form| self.shaped(form)).into()
    }

    fn shaped(&self, (form, path, is_good): (&str, String, bool)) -> Shaped {
        let (method, question, rest) = (&self.method, self.question(), &self.rest);
        Shaped {
            name: format!("{} {form}", self.operation),
            request: format!("{method} /beta/{path}{question}\n{rest}").into_bytes(),
            is_good,
            is_batch: false,
            changes: self.changes(),
        }
    }

    fn changes(&self) -> bool {
        self.method != "GET"
    }

    fn question(&self) -> String {
        if self.query.is_empty() {
            String::new()
        } else {
            format!("?{}", self.query)
        }
    }

    fn with_ids(&self) -> impl Iterator<Item = (&String, bool)> {
        self.segments
            .iter()
            .zip(&self.ids)
            .map(|(segment, is_id)| (segment, *is_id))
    }

    /// With ids as keys of what is before them.
    fn keyed(&self, open: &str, close: &str) -> String {
        let parts = self.with_ids().map(|(segment, is_id)| {
            if is_id {
                format!("{open}{segment}{close}")
            } else {
                format!("/{segment}")
            }
        });
        parts.collect::<String>()[1..].to_owned()
    }

    /// With all but the ids spelled so.
    fn literals(&self, spelled: impl Fn(&str) -> String) -> String {
        let parts = self.with_ids();
        let parts = parts.map(|(segment, is_id)| {
            if is_id {
                segment.clone()
            } else {
                spelled(segment)
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// As a part of a batch.
    fn part(&self, id: &str) -> Value {
        let url = format!("/{}{}", self.segments.join("/"), self.question());
        let (headers, body) = self.rest.split_once("\n\n").unwrap_or((&self.rest, ""));
        let headers = headers.lines().filter_map(|line| line.split_once(": "));
        // The batch's own caller is the part's, but where its header names another.
        let headers: serde_json::Map<_, _> = headers
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        let mut part = json!({"id": id, "method": self.method, "url": url, "headers": headers});
        if !body.is_empty() {
            part["body"] = serde_json::from_str(body).unwrap();
        }
        part
    }
}

/// With its last character escaped. (With its first one a literal is read as an id where an id can be.)
fn escaped_last(segment: &str) -> String {
    segment.chars().last().map_or(String::new(), |last| {
        let before = &segment[..segment.len() - last.len_utf8()];
        format!("{before}%{:02X}", u32::from(last))
    })
}

fn escaped_twice(segment: &str) -> String {
    escaped_last(segment).replace('%', "%25")
}

/// Every operation as a part of a batch, and every shape of batches and parts.
pub(crate) fn batches() -> Vec<Shaped> {
    let good = good_requests();
    let in_batches = good.iter().filter(|good| good.operation != "batch");
    let alone = in_batches.map(|good| Shaped {
        name: format!("{} part", good.operation),
        request: batch(&[good.part("1")]),
        is_good: true,
        is_batch: true,
        changes: good.changes(),
    });
    alone
        .chain(graphs())
        .chain(headers())
        .chain(bodies())
        .chain(urls())
        .collect()
}

fn batch(parts: &[Value]) -> Vec<u8> {
    let body = json!({ "requests": parts });
    format!(
        "POST /beta/$batch\nAuthorization: Bearer ada\nContent-Type: application/json\n\n{body}"
    )
    .into_bytes()
}

fn shaped(kind: &'static str, is_good: bool) -> impl Fn((usize, Vec<Value>)) -> Shaped {
    move |(number, parts)| Shaped {
        name: format!("{kind} {number}"),
        request: batch(&parts),
        is_good,
        is_batch: true,
        changes: false,
    }
}

fn read(id: usize) -> Value {
    json!({"id": id.to_string(), "method": "GET", "url": "/privilegedRoleAssignments/my"})
}

/// Parts that depend on others: each list says of each part on which ones.
fn graphs() -> impl Iterator<Item = Shaped> {
    let parts = |graph: &[Value]| -> Vec<Value> {
        let nodes = graph.iter().enumerate();
        let nodes = nodes.map(|(at, on)| {
            let mut part = read(at);
            part["dependsOn"] = on.clone();
            part
        });
        nodes.collect()
    };
    let chain: Vec<_> = (0..20)
        .map(|at: usize| json!(Vec::from_iter(at.checked_sub(1).map(|on| on.to_string()))))
        .collect();
    let all: Vec<_> = (0..20)
        .map(|at: usize| json!(Vec::from_iter((0..at).map(|on| on.to_string()))))
        .collect();
    let good = [
        vec![json!([])],
        vec![json!(null)],
        chain,
        all,
        vec![json!([]), json!(["0"]), json!(["0"]), json!(["1", "2"])],
        vec![json!(["1"]), json!(["2"]), json!([])],
        vec![json!([]), json!(["0", "0"])],
    ];
    let bad = [
        vec![json!(["0"])],
        vec![json!(["1"]), json!(["2"]), json!(["0"])],
        vec![json!(["9"])],
        vec![json!("0")],
        vec![json!([0])],
        vec![json!([["0"]])],
        vec![json!({"0": "0"})],
    ];
    let good = good
        .map(|graph| parts(&graph))
        .into_iter()
        .enumerate()
        .map(shaped("graph", true));
    good.chain(
        bad.map(|graph| parts(&graph))
            .into_iter()
            .enumerate()
            .map(shaped("wrong graph", false)),
    )
}

/// Header maps of a part.
fn headers() -> impl Iterator<Item = Shaped> {
    let maps = [
        json!({}),
        json!(null),
        json!([]),
        json!("Accept: */*"),
        json!({"Accept": null}),
        json!({"Accept": ["*/*"]}),
        json!({"Accept": {"a": "b"}}),
        json!({"Accept": 1, "accept": true}),
        json!({"": "x", " ": "y", "a b": "z"}),
        json!({"X": "a\r\nY: b", "Z": "\u{0}", "Ä": "ö"}),
        json!({"Prefer": "odata.maxpagesize=1", "prefer": "odata.maxpagesize=2"}),
        json!({"Authorization": "Bearer x", "authorization": "Bearer ben"}),
        json!({"Host": "x", "Connection": "close", "Content-Length": "9", "Transfer-Encoding": "chunked", "Expect": "100-continue"}),
        json!({"client-request-id": "x", "Content-Encoding": "gzip", "If-Match": "*", "ConsistencyLevel": "eventual"}),
    ];
    let parts = maps.map(|map| {
        let mut part = read(1);
        part["headers"] = map;
        vec![part]
    });
    parts.into_iter().enumerate().map(shaped("headers", false))
}

/// Bodies of a part, in and without their `Content-Type`.
fn bodies() -> impl Iterator<Item = Shaped> {
    let deep = (0..120).fold(json!({}), |inner, _| json!({"a": [inner]}));
    let bodies = [
        json!(null),
        json!({}),
        json!([]),
        json!("e30="),
        json!("no base64"),
        json!(1),
        json!(true),
        json!({"reason": {"a": [{}]}}),
        json!({"requests": [read(1)]}),
        deep,
    ];
    let types = [
        json!({}),
        json!({"Content-Type": "application/json"}),
        json!({"content-type": "text/plain"}),
    ];
    let parts = bodies.into_iter().flat_map(move |body| {
        types.clone().map(|headers| {
            let url = "/privilegedRoles/fe930be7-5e62-47db-91af-98c3a49a38b1/selfActivate";
            vec![json!({"id": "1", "method": "POST", "url": url, "headers": headers, "body": body})]
        })
    });
    parts.enumerate().map(shaped("body", false))
}

/// URLs of a part, of this server and others.
fn urls() -> impl Iterator<Item = Shaped> {
    let path = "privilegedRoleAssignments/my";
    let good = [
        format!("/{path}"),
        path.to_owned(),
        format!("/{path}?$select=id&$top=1"),
        format!("/{path}?$filter=userId eq 'a b' and not isElevated"),
        format!("HERE/beta/{path}"),
        format!("HERE/beta/{path}?$count=true"),
    ];
    let bad = [
        format!("HERE/{path}"),
        "HERE".to_owned(),
        format!("https://elsewhere.example/beta/{path}"),
        format!("http://HERE@elsewhere.example/beta/{path}"),
        format!("//{path}"),
        format!("/../{path}"),
        format!("/beta/{path}"),
        format!("/v1.0/{path}"),
        format!("/{path}#a"),
        format!("/{path}?$top=1?$top=2"),
        format!("\\{path}"),
        format!("/%2e%2e/{path}\r\nX: y"),
        "/$batch".to_owned(),
        "HERE/beta/$batch".to_owned(),
        " ".to_owned(),
        String::new(),
        format!("/{}", "a/".repeat(9000)),
    ];
    let part = |url: String| {
        let mut part = read(1);
        part["url"] = json!(url);
        vec![part]
    };
    let good = good
        .map(part)
        .into_iter()
        .enumerate()
        .map(shaped("url", true));
    good.chain(
        bad.map(part)
            .into_iter()
            .enumerate()
            .map(shaped("wrong url", false)),
    )
}
