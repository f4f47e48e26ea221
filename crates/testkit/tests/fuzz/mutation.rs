//! What is done to a seed. A mutation is a few numbers, so that a failing case shrinks to few and small ones.

use std::fmt;

use proptest::prelude::*;
use serde_json::{Value, json};

/// An input, as text where it is some.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Input(pub(crate) Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

/// One change of one line.
#[derive(Clone, Copy, Debug)]
struct Mutation {
    line: u8,
    place: u16,
    piece: u8,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Takes a few bytes away.
    Cut,
    /// Puts a piece in.
    Insert,
    /// Puts a byte in, any but a line end.
    Byte,
    /// Doubles the rest of the line, once or more.
    Repeat,
    /// Puts a value in place of one of the line's JSON.
    Replace,
    /// Takes a member of the line's JSON away, or gives it another name.
    Rename,
}

/// What means something to a reader of URLs, headers, JSON, times or tokens.
const PIECES: [&[u8]; 96] = [
    b"'",
    b"%27",
    b"%00",
    b"%ff",
    b"%",
    b"%2",
    b"(",
    b")",
    b"()",
    b"/",
    b"//",
    b"/..",
    b"%2F",
    b"%5C",
    b"?",
    b"&",
    b"=",
    b"$",
    b"%24",
    b"+",
    b"$top=1",
    b"$skiptoken=",
    b"microsoft.graph.",
    b"my",
    b"_",
    b"%C3%A4",
    b"{",
    b"}",
    b"[",
    b"]",
    b"|",
    b"-",
    b";",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"true",
    b"1e999",
    b"0",
    b"99999999999999999999",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xf0\x9f\x98\x80",
    b" ",
    b"\t",
    b"PT",
    b"P",
    b"T",
    b"Z",
    b"+14:00",
    b".",
    b"..",
    b"M",
    b"e30",
    b"Bearer ",
    b"\"a\":1,",
    b"odata.maxpagesize=",
    b"day, ",
    b"\xef\xbb\xbf",
    b"%20eq%20",
    b"%20and%20",
    b"%20or%20",
    b"not%20",
    b"%20in%20(",
    b"%20desc",
    b"startswith(",
    b"endswith(",
    b"contains(",
    b"%28",
    b"%29",
    b"%2C",
    b"%3B",
    b"'a''b'",
    b"duration'PT1H'",
    b"2026-03-02T10:00:00Z",
    b"00000000-0000-4000-8000-000000000000",
    b"-9223372036854775808",
    b"false",
    b"id",
    b"*",
    b"~.",
    b"~_",
    b"~~",
    b"($top=1;",
    b"$filter=",
    b"$expand=",
    b"$orderby=",
    b"$select=",
    b"$search=",
    b"$skip=",
    b"$count=true",
];

/// Values that are not what a member should have.
fn value(piece: u8, seed: &str) -> Value {
    match piece % 20 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(1e300),
        5 => json!(u64::MAX),
        6 => json!(""),
        7 => json!(" "),
        8 => json!("\u{0}"),
        9 => json!("\u{202e}ä\u{1f600}"),
        10 => json!("a".repeat(500)),
        11 => json!("a".repeat(70_000)),
        12 => json!([]),
        13 => json!({}),
        14 => json!([seed, seed]),
        15 => (0..100).fold(json!(1), |inner, _| json!([inner])),
        16 => (0..200).fold(json!(1), |inner, _| json!({ "a": inner })),
        17 => json!(seed.to_uppercase()),
        18 => json!("PT9223372036854775807S"),
        _ => json!("9999-12-31T23:59:59.999999999+23:59"),
    }
}

/// Inputs near these seeds.
pub(crate) fn inputs(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Input> {
    let kind = prop_oneof![
        2 => Just(Kind::Cut),
        4 => Just(Kind::Insert),
        2 => Just(Kind::Byte),
        1 => Just(Kind::Repeat),
        4 => Just(Kind::Replace),
        1 => Just(Kind::Rename),
    ];
    let mutation = (any::<u8>(), any::<u16>(), any::<u8>(), kind);
    let mutation = mutation.prop_map(|(line, place, piece, kind)| Mutation {
        line,
        place,
        piece,
        kind,
    });
    let mutations = proptest::collection::vec(mutation, 0..5);
    (proptest::sample::select(seeds), mutations).prop_map(|(seed, mutations)| {
        let mut lines: Vec<Vec<u8>> = seed
            .split(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect();
        for mutation in mutations {
            let count = lines.len();
            mutation.apply(&mut lines[usize::from(mutation.line) % count]);
        }
        Input(lines.join(&b'\n'))
    })
}

impl Mutation {
    fn apply(self, line: &mut Vec<u8>) {
        let at = usize::from(self.place) % (line.len() + 1);
        let piece = usize::from(self.piece);
        match self.kind {
            Kind::Cut => drop(line.drain(at..line.len().min(at + piece % 8))),
            Kind::Insert => drop(line.splice(at..at, PIECES[piece % PIECES.len()].iter().copied())),
            Kind::Byte => line.insert(at, self.piece.max(b'\n' + 1)),
            Kind::Repeat => {
                let rest = line[at..].repeat(1 << (piece % 11));
                line.extend(rest.into_iter().take(100_000));
            }
            Kind::Replace | Kind::Rename => {
                let Ok(mut json) = serde_json::from_slice::<Value>(line) else {
                    return Self {
                        kind: Kind::Insert,
                        ..self
                    }
                    .apply(line);
                };
                self.change(&mut json);
                *line = json.to_string().into_bytes();
            }
        }
    }

    /// Changes the value at a place of the whole, counted through all of it.
    fn change(self, json: &mut Value) {
        let places = pointers(json, String::new());
        let pointer = &places[usize::from(self.place) % places.len()];
        if let Kind::Replace = self.kind {
            let old = json.pointer_mut(pointer).unwrap();
            *old = value(self.piece, old.as_str().unwrap_or("x"));
            return;
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        if let Some(Value::Object(members)) = json.pointer_mut(parent)
            && let Some(member) = members.remove(name)
            && self.piece.is_multiple_of(2)
        {
            members.insert(name.to_uppercase(), member);
        }
    }
}

/// The pointers of a value and of all in it.
fn pointers(json: &Value, here: String) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match json {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| (at.to_string(), item))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, item)| (name.clone(), item))
            .collect(),
        _ => Vec::new(),
    };
    // A name with these signs would have to be escaped; there are enough others.
    let plain = inner
        .into_iter()
        .filter(|(name, _)| !name.contains(['~', '/']));
    let below: Vec<String> = plain
        .flat_map(|(name, item)| pointers(item, format!("{here}/{name}")))
        .collect();
    [vec![here], below].concat()
}
