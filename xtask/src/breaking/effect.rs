//! What a difference between an older and a newer document does to the values that are exchanged, before it is asked
//! which way they travel.

use serde_json::Value;

use super::schema;
use super::security;
use crate::diff::Difference;
use crate::document::METHODS;
use crate::metadata;

/// What a difference does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Fewer values are allowed than before.
    Narrower,
    /// More values are allowed than before.
    Wider,
    /// Nobody who keeps to the older document notices.
    Harmless(&'static str),
    /// Somebody who keeps to the older document notices, whichever way the value travels.
    Harmful(&'static str),
    /// It is about who may call.
    Security(Shift),
    /// Only the words are others.
    Prose,
}

/// What a change of security does to those who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shift {
    /// Everybody who could call still can, and others can too.
    Looser,
    /// Neither, or it cannot be told.
    Other,
    /// Nobody can call who could not, and some no longer can.
    Stricter,
}

impl Shift {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Looser => "looser",
            Self::Other => "neither looser nor stricter",
            Self::Stricter => "stricter",
        }
    }
}

/// Two canonical documents and a place in which they differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) old: &'a Value,
    pub(super) new: &'a Value,
    pub(super) difference: &'a Difference,
}

const UNKNOWN: &str = "nobody has said yet what a change of this keyword means to callers";
const PROSE: [&str; 6] = [
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "tags",
];

impl<'a> Place<'a> {
    /// What the difference does.
    pub(super) fn effect(self) -> Effect {
        let parts: Vec<_> = self.difference.pointer.split('/').skip(1).collect();
        match parts.as_slice() {
            ["components", "schemas", _] => self.either(
                Effect::Harmless("a new schema"),
                Effect::Harmful("generated clients lose the type"),
            ),
            ["components", "schemas", _, rest @ ..] => schema::effect(rest, self),
            ["components", "securitySchemes", .., "description"] => Effect::Prose,
            ["components", "securitySchemes", ..] => Effect::Security(Shift::Other),
            ["paths", _, method, rest @ ..] if METHODS.contains(method) => self.operation(rest),
            ["paths", _, keyword, ..] if PROSE.contains(keyword) => Effect::Prose,
            ["info" | "tags" | "externalDocs", ..] => Effect::Prose,
            _ => Effect::Harmful(UNKNOWN),
        }
    }

    fn operation(self, rest: &[&str]) -> Effect {
        match rest {
            [] => self.either(
                Effect::Harmless("a new operation"),
                Effect::Harmful("the operation is gone"),
            ),
            ["operationId"] => Effect::Harmful("it names the method of generated clients"),
            ["deprecated"] => Effect::Harmless("it answers as before"),
            ["security", ..] => Effect::Security(security::schemes(self)),
            ["x-pimento-roles", ..] => Effect::Security(security::roles(self)),
            ["x-pimento-unregistered"] => Effect::Security(match self.now() {
                true => Shift::Looser,
                false => Shift::Stricter,
            }),
            ["x-pimento-codes", ..] | ["responses", _, "x-pimento-codes", ..] => self.either(
                Effect::Harmless("a new code"),
                Effect::Harmful("callers who decide by this code wait in vain"),
            ),
            [metadata::SET] => self.either(
                Effect::Harmless("the metadata says where its entities are"),
                Effect::Harmful("the metadata has its entities elsewhere"),
            ),
            ["parameters", _] => self.either(
                self.optional("a new parameter that may be left out"),
                Effect::Harmful("callers who send it are ignored or refused"),
            ),
            ["parameters", _, rest @ ..] => self.carrier(rest),
            ["requestBody"] => self.either(
                self.optional("a body that may be left out"),
                Effect::Harmful("callers who send it are ignored or refused"),
            ),
            ["requestBody", "required"] => self.flag(Effect::Narrower, Effect::Wider),
            ["requestBody", "content", rest @ ..] => self.content(rest),
            ["responses", _] => self.either(
                Effect::Harmful("callers were not told of this status"),
                Effect::Harmful("callers who decide by this status wait in vain"),
            ),
            ["responses", _, rest @ ..] => self.response(rest),
            ["requestBody", keyword, ..] | [keyword, ..] if PROSE.contains(keyword) => {
                Effect::Prose
            }
            _ => Effect::Harmful(UNKNOWN),
        }
    }

    fn response(self, rest: &[&str]) -> Effect {
        match rest {
            ["description"] => Effect::Prose,
            ["headers"] | ["headers", _] => self.either(
                Effect::Harmless("a new header"),
                Effect::Harmful("the header is gone"),
            ),
            ["headers", _, rest @ ..] => self.carrier(rest),
            ["content", rest @ ..] => self.content(rest),
            _ => Effect::Harmful(UNKNOWN),
        }
    }

    /// A parameter or a header.
    fn carrier(self, rest: &[&str]) -> Effect {
        match rest {
            ["required"] => self.flag(Effect::Narrower, Effect::Wider),
            ["deprecated"] => Effect::Harmless("it is understood as before"),
            ["allowReserved" | "allowEmptyValue"] => self.flag(Effect::Wider, Effect::Narrower),
            ["style" | "explode"] => Effect::Harmful("values are written in another way"),
            ["schema", rest @ ..] => schema::effect(rest, self),
            ["content", rest @ ..] => self.content(rest),
            [keyword, ..] if PROSE.contains(keyword) => Effect::Prose,
            _ => Effect::Harmful(UNKNOWN),
        }
    }

    fn content(self, rest: &[&str]) -> Effect {
        match rest {
            [] | [_] => self.either(Effect::Wider, Effect::Harmful("the media type is gone")),
            [_, "schema", rest @ ..] => schema::effect(rest, self),
            [_, keyword, ..] if PROSE.contains(keyword) => Effect::Prose,
            _ => Effect::Harmful(UNKNOWN),
        }
    }

    /// The one effect where the newer document alone says something, and else the other.
    pub(super) fn either(self, added: Effect, removed: Effect) -> Effect {
        match self.difference.one {
            None => added,
            Some(_) => removed,
        }
    }

    /// The one effect where a flag is true now, and else the other.
    pub(super) fn flag(self, set: Effect, unset: Effect) -> Effect {
        match self.now() {
            true => set,
            false => unset,
        }
    }

    fn now(self) -> bool {
        self.difference.other == Some(Value::Bool(true))
    }

    fn optional(self, why: &'static str) -> Effect {
        let new = self.difference.other.as_ref();
        match new.is_some_and(|new| new["required"] == true) {
            true => Effect::Narrower,
            false => Effect::Harmless(why),
        }
    }
}
