//! Which operations a request may mean, whatever its spelling. Written anew, so that a slip of the server's own folding
//! shows.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

const NAMESPACE: &str = "microsoft.graph.";

/// A path of a document.
#[derive(Debug)]
pub(super) struct Template(Vec<Place>);

#[derive(Debug)]
enum Place {
    /// In lower case.
    Literal(String),
    Id,
}

/// A segment of a request's path, with its escapes undone.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    text: String,
    /// Written with an escape, it may be a literal or an id; else it is a literal where there is one.
    is_escaped: bool,
}

impl Template {
    pub(super) fn new(path: &str) -> Self {
        let place = |segment: &str| {
            if segment.starts_with('{') {
                Place::Id
            } else {
                Place::Literal(segment.to_lowercase())
            }
        };
        Self(
            path.split('/')
                .filter(|part| !part.is_empty())
                .map(place)
                .collect(),
        )
    }

    /// How many ids a path has to have so as to be one of these; `None` where it is not.
    fn ids(&self, segments: &[Segment], operations: &BTreeSet<&str>) -> Option<usize> {
        ids(&self.0, segments, operations)
    }

    /// The literal that it ends with.
    fn end(&self) -> Option<&str> {
        match self.0.last()? {
            Place::Literal(literal) => Some(literal),
            Place::Id => None,
        }
    }

    /// The literal in front of the metadata, which is no operation's either.
    fn version(&self) -> Option<&str> {
        match &self.0[..] {
            [Place::Literal(version), Place::Literal(last)] if last == "$metadata" => Some(version),
            _ => None,
        }
    }

    /// The literals that a key may follow.
    fn sets(&self) -> impl Iterator<Item = &str> {
        self.0.windows(2).filter_map(|pair| match pair {
            [Place::Literal(literal), Place::Id] => Some(&**literal),
            _ => None,
        })
    }
}

/// A segment stands for one place, or, as `set('key')`, for two; the key is always an id.
fn ids(places: &[Place], segments: &[Segment], operations: &BTreeSet<&str>) -> Option<usize> {
    let Some((segment, rest)) = segments.split_first() else {
        return places.is_empty().then_some(0);
    };
    if let Some(set) = keyed(&segment.text)
        && let [Place::Literal(literal), Place::Id, after @ ..] = places
        && *literal == set.to_lowercase()
        && let Some(more) = ids(after, rest, operations)
    {
        return Some(1 + more);
    }
    let (place, after) = places.split_first()?;
    let own = match place {
        Place::Id => 1,
        Place::Literal(literal) if *literal == segment.text.to_lowercase() => 0,
        Place::Literal(literal)
            if *literal == operation_name(&segment.text) && operations.contains(&**literal) =>
        {
            0
        }
        Place::Literal(_) => return None,
    };
    Some(own + ids(after, rest, operations)?)
}

/// The templates that a path may mean: where a plain segment is a literal of one, those that take it for an id are out.
pub(super) fn meant<'a, T>(
    path: &str,
    operations: &'a [T],
    template: impl Fn(&T) -> &Template,
) -> Vec<&'a T> {
    let Some(segments) = segments(path) else {
        return Vec::new();
    };
    // Only what ends a route and takes no key may be qualified or called, and nothing that is OData's own.
    let templates = || operations.iter().map(&template);
    let mut callable: BTreeSet<&str> = templates().filter_map(Template::end).collect();
    callable.retain(|name| !name.starts_with('$'));
    for not in templates().flat_map(|one| one.sets().chain(one.version())) {
        callable.remove(not);
    }
    let fitting: Vec<(usize, &T)> = operations
        .iter()
        .filter_map(|operation| Some((template(operation).ids(&segments, &callable)?, operation)))
        .collect();
    let ambiguous = segments.iter().any(|segment| segment.is_escaped);
    let fewest = fitting.iter().map(|(ids, _)| *ids).min();
    fitting
        .iter()
        .filter(|(ids, _)| ambiguous || Some(*ids) == fewest)
        .map(|(_, operation)| *operation)
        .collect()
}

/// Whether the escapes of a path are whole, and what is behind them is UTF-8 without NUL.
pub(super) fn is_text(path: &str) -> bool {
    let is_hex = |after: &str| {
        let digits = after.bytes().take(2).filter(u8::is_ascii_hexdigit);
        digits.count() == 2
    };
    let text = percent_decode_str(path).decode_utf8();
    path.split('%').skip(1).all(is_hex) && text.is_ok_and(|text| !text.contains('\0'))
}

/// The segments of a path; `None` of one that no route can have.
fn segments(path: &str) -> Option<Vec<Segment>> {
    let path = path.strip_prefix('/')?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let segment = |raw: &str| {
        let text = percent_decode_str(raw).decode_utf8_lossy().into_owned();
        let is_escaped = raw != text;
        (!matches!(text.as_str(), "" | "." | "..")).then_some(Segment { text, is_escaped })
    };
    path.split('/').map(segment).collect()
}

/// The set of `set('key')` or `set(key)`, where what is in the parentheses is a key; empty ones are a call.
fn keyed(text: &str) -> Option<String> {
    let (set, key) = text.strip_suffix(')')?.split_once('(')?;
    let (key, is_well_quoted) = match key.strip_prefix('\'') {
        None => (key, !key.contains('\'')),
        Some(quoted) => {
            let inner = quoted.strip_suffix('\'')?;
            (inner, inner.split("''").all(|part| !part.contains('\'')))
        }
    };
    (is_well_quoted && !matches!(key, "" | "." | "..")).then(|| set.to_owned())
}

/// A literal in lower case, without namespace and call.
fn operation_name(text: &str) -> String {
    let text = text.to_lowercase();
    let text = text.strip_prefix(NAMESPACE).unwrap_or(&text);
    text.strip_suffix("()").unwrap_or(text).to_owned()
}
