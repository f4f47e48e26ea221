//! Which operations a request may mean, whatever its spelling. Written anew, so that a slip of the server's own folding
//! shows.

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

/// A segment of a request's path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// Written plainly: a literal where there is one.
    Plain(String),
    /// Written with an escape, so that it may be a literal or an id.
    Escaped(String),
    /// A key in parentheses: always an id.
    Key,
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
    fn ids(&self, segments: &[Segment]) -> Option<usize> {
        let fits = self.0.len() == segments.len()
            && self
                .0
                .iter()
                .zip(segments)
                .all(|(place, segment)| place.takes(segment));
        fits.then(|| {
            self.0
                .iter()
                .filter(|place| matches!(place, Place::Id))
                .count()
        })
    }
}

impl Place {
    fn takes(&self, segment: &Segment) -> bool {
        match (self, segment) {
            (Self::Id, _) => true,
            (Self::Literal(_), Segment::Key) => false,
            (Self::Literal(literal), Segment::Plain(text) | Segment::Escaped(text)) => {
                *literal == operation_name(text)
            }
        }
    }
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
    let fitting: Vec<(usize, &T)> = operations
        .iter()
        .filter_map(|operation| Some((template(operation).ids(&segments)?, operation)))
        .collect();
    let ambiguous = segments
        .iter()
        .any(|segment| matches!(segment, Segment::Escaped(_)));
    let fewest = fitting.iter().map(|(ids, _)| *ids).min();
    fitting
        .iter()
        .filter(|(ids, _)| ambiguous || Some(*ids) == fewest)
        .map(|(_, operation)| *operation)
        .collect()
}

/// The segments of a path; `None` of one that no route can have.
fn segments(path: &str) -> Option<Vec<Segment>> {
    let path = path.strip_prefix('/')?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut segments = Vec::new();
    for raw in path.split('/') {
        let text = percent_decode_str(raw).decode_utf8_lossy().into_owned();
        if matches!(text.as_str(), "" | "." | "..") {
            return None;
        }
        match keyed(&text) {
            Some(set) => segments.extend([Segment::Plain(set), Segment::Key]),
            None if raw == text => segments.push(Segment::Plain(text)),
            None => segments.push(Segment::Escaped(text)),
        }
    }
    Some(segments)
}

/// The set of `set('key')`; empty parentheses are a call and no key.
fn keyed(text: &str) -> Option<String> {
    let (set, key) = text.strip_suffix(')')?.split_once('(')?;
    (!key.is_empty()).then(|| set.to_owned())
}

/// A literal in lower case, without namespace and call.
fn operation_name(text: &str) -> String {
    let text = text.to_lowercase();
    let text = text.strip_prefix(NAMESPACE).unwrap_or(&text);
    text.strip_suffix("()").unwrap_or(text).to_owned()
}
