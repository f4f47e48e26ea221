//! The one spelling of a request path.
//!
//! A [`Vocabulary`] holds the literal segments of the known routes and folds onto them whatever OData and Microsoft
//! Graph allow beside them. The literals end up as the routes write them and the ids percent-encoded, so that a router
//! that compares raw segments, as axum's does, finds the route and decodes the id.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::percent;

/// The namespace that may stand in front of the name of a function or an action.
const NAMESPACE: &str = "microsoft.graph.";

/// The last segment of the path of a version's metadata.
const METADATA: &str = "$metadata";

/// The routes whose literal segments are known; built once from paths such as
/// `/beta/privilegedRoles/{id}/assignments`.
#[derive(Debug, Default)]
pub struct Vocabulary {
    root: Node,
}

/// A place in the tree of routes: what may follow there.
#[derive(Debug, Default)]
struct Node {
    /// By their lower case form, for which letter case is forgotten.
    literals: BTreeMap<String, Literal>,
    parameter: Option<Box<Node>>,
    ends_route: bool,
}

/// A literal segment as the routes spell it, and the place behind it.
#[derive(Debug)]
struct Literal {
    spelling: String,
    node: Node,
}

/// One way to read a segment: the segments it stands for, and the place it leads to.
struct Reading<'v> {
    spelled: Vec<Cow<'v, str>>,
    next: &'v Node,
}

/// A segment of a request, as sent and with its escapes undone.
struct Segment<'r> {
    raw: &'r str,
    text: Cow<'r, str>,
}

/// An id as a path segment, everything escaped that could mean something else there.
pub fn segment(id: &str) -> String {
    percent::encode(id)
}

/// A relative URL as people write it in a text, with just those characters escaped that no URL may hold.
pub fn tidy(url: &str) -> String {
    percent::tidy(url)
}

impl Vocabulary {
    /// Learns the routes. A segment in braces is a parameter, whatever its name; every other one is a literal, written
    /// as the router compares it, without escapes.
    pub fn new<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let mut root = Node::default();
        for path in paths {
            let mut node = &mut root;
            for segment in path.split('/').filter(|segment| !segment.is_empty()) {
                node = node.child(segment);
            }
            node.ends_route = true;
        }
        Self { root }
    }

    /// The one spelling of a raw request path (percent-encoded, without its query), or None where it belongs to no
    /// known route; then the path stays as it is and the router decides.
    ///
    /// Folded are: the letter case of literals, escapes in them, `microsoft.graph.x` and `x()` where the literal `x`
    /// ends a route and takes no key, `set('key')` and `set(key)`, and one slash at the end. Ids keep their letter
    /// case. A literal wins over a parameter at the same place, but a key in parentheses is always a parameter:
    /// `set('my')` becomes `set/%6Dy`, which a router takes for the id `my`. That spelling, with just the first
    /// unreserved character escaped, is therefore the one escaped form of a literal that is read as an id where an
    /// id may stand, so that a path folded twice stays the same.
    ///
    /// Empty segments, `.` and `..`, broken escapes, and bytes that are no UTF-8 or NUL belong to no route.
    #[must_use]
    pub fn canonical(&self, raw_path: &str) -> Option<String> {
        let segments = segments(raw_path)?;
        let mut spelled = Vec::new();
        if !self.root.walk(&segments, &mut spelled) {
            return None;
        }
        Some(format!("/{}", spelled.join("/")))
    }
}

impl Node {
    fn child(&mut self, segment: &str) -> &mut Node {
        if segment.starts_with('{') && segment.ends_with('}') {
            return self.parameter.get_or_insert_default();
        }
        let literal = self
            .literals
            .entry(segment.to_ascii_lowercase())
            .or_insert_with(|| Literal {
                spelling: segment.to_owned(),
                node: Node::default(),
            });
        &mut literal.node
    }

    /// Appends the spelling of the first way through the routes, literals before parameters as axum has it, and says
    /// whether there is one. It visits each place of the tree at most a few times, however long the path is.
    fn walk<'v>(&'v self, segments: &[Segment<'_>], spelled: &mut Vec<Cow<'v, str>>) -> bool {
        let Some((segment, rest)) = segments.split_first() else {
            return self.ends_route;
        };
        for reading in self.readings(segment) {
            let before = spelled.len();
            spelled.extend(reading.spelled);
            if reading.next.walk(rest, spelled) {
                return true;
            }
            spelled.truncate(before);
        }
        false
    }

    /// The ways to read a segment at this place, the preferred one first.
    fn readings(&self, segment: &Segment<'_>) -> Vec<Reading<'_>> {
        let mut readings: Vec<_> = [
            self.as_literal(&segment.text),
            self.as_operation(&segment.text),
            self.as_keyed(&segment.text),
        ]
        .into_iter()
        .flatten()
        .collect();
        let Some(spelled) = self.spell_id(&segment.text) else {
            return readings;
        };
        if let Some(next) = self.parameter.as_deref() {
            // An id that was marked as one is tried as one first.
            let at = if spelled == segment.raw {
                0
            } else {
                readings.len()
            };
            readings.insert(
                at,
                Reading {
                    spelled: vec![Cow::Owned(spelled)],
                    next,
                },
            );
        }
        readings
    }

    fn as_literal(&self, text: &str) -> Option<Reading<'_>> {
        let literal = self.literal(text)?;
        Some(Reading {
            spelled: vec![Cow::Borrowed(&literal.spelling)],
            next: &literal.node,
        })
    }

    /// The name of a function or an action, qualified, called with empty parentheses, or both. Such a name may end a
    /// route, and is none of OData's own. A version is known by the metadata that may follow it, a set by the key.
    fn as_operation(&self, text: &str) -> Option<Reading<'_>> {
        let uncalled = text.strip_suffix("()").unwrap_or(text);
        let name = match uncalled.split_at_checked(NAMESPACE.len()) {
            Some((namespace, name)) if namespace.eq_ignore_ascii_case(NAMESPACE) => name,
            _ => uncalled,
        };
        let Literal { spelling, node } = self.literal(name).filter(|_| name != text)?;
        let is_own = spelling.starts_with('$') || node.literals.contains_key(METADATA);
        (node.ends_route && node.parameter.is_none() && !is_own).then(|| Reading {
            spelled: vec![Cow::Borrowed(spelling)],
            next: node,
        })
    }

    /// A set with a key in parentheses stands for two segments.
    fn as_keyed(&self, text: &str) -> Option<Reading<'_>> {
        let (name, rest) = text.split_once('(')?;
        let key = key(rest.strip_suffix(')')?)?;
        let set = self.literal(name)?;
        let next = set.node.parameter.as_deref()?;
        let id = set.node.spell_id(&key)?;
        Some(Reading {
            spelled: vec![Cow::Borrowed(&set.spelling), Cow::Owned(id)],
            next,
        })
    }

    fn literal(&self, text: &str) -> Option<&Literal> {
        self.literals.get(&text.to_ascii_lowercase())
    }

    /// How an id is written behind this place: percent-encoded, and marked where it would else be read as a literal.
    /// None for what no segment can say: nothing, and the names of folders.
    fn spell_id(&self, id: &str) -> Option<String> {
        if is_folder_name(id) || id.is_empty() {
            return None;
        }
        if self.as_literal(id).is_some()
            || self.as_operation(id).is_some()
            || self.as_keyed(id).is_some()
        {
            return percent::encode_marked(id);
        }
        Some(percent::encode(id))
    }
}

/// Whether a raw path can be one of some route: it has no empty segments, `.` and `..`, broken escapes, and bytes that
/// are no UTF-8 or NUL. A router might take those for ids.
#[must_use]
pub fn can_be_routed(raw_path: &str) -> bool {
    segments(raw_path).is_some()
}

/// The segments between the slashes; one slash at the end ends nothing.
fn segments(raw_path: &str) -> Option<Vec<Segment<'_>>> {
    let mut raw: Vec<_> = raw_path.strip_prefix('/')?.split('/').collect();
    raw.pop_if(|last| last.is_empty());
    raw.into_iter()
        .map(|raw| {
            let text =
                percent::decode(raw).filter(|text| !text.is_empty() && !is_folder_name(text))?;
            Some(Segment { raw, text })
        })
        .collect()
}

/// `.` and `..` mean something else to whoever normalises the path next, however they are escaped.
fn is_folder_name(text: &str) -> bool {
    matches!(text, "." | "..")
}

/// The key between the parentheses: in single quotes with those inside doubled, or bare.
fn key(text: &str) -> Option<Cow<'_, str>> {
    let Some(quoted) = text.strip_prefix('\'') else {
        return (!text.contains('\'')).then_some(Cow::Borrowed(text));
    };
    let quoted = quoted.strip_suffix('\'')?;
    let undoubled = quoted.replace("''", "\u{0}");
    (!undoubled.contains('\'')).then(|| Cow::Owned(undoubled.replace('\u{0}', "'")))
}

#[cfg(test)]
mod tests;
