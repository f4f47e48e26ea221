//! Every rewriting rule of the canonical form, with the reason why it hides nothing from a client.

/// One rewriting rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// A short name.
    pub name: &'static str,
    /// What becomes what.
    pub rewrites: &'static str,
    /// Why both mean the same, or why the difference is not compared.
    pub reason: &'static str,
}

/// Every rule. A keyword that no rule names is carried over unchanged and compared.
pub static RULES: &[Rule] = &[
    Rule {
        name: "version",
        rewrites: "`openapi` is left out, once it is known to be 3.0 or 3.1",
        reason: "the client's generator reads 3.0 only, utoipa writes 3.1 only",
    },
    Rule {
        name: "prose",
        rewrites: "`info`, `tags`, `summary`, `description`, `title`, `externalDocs`, `example` and `examples` are left out",
        reason: "the hand-written document owns all prose and is the one that is served",
    },
    Rule {
        name: "extensions",
        rewrites: "`x-pimento-*`, `x-known-values` and `x-closed-enum` are left out; other extensions are compared",
        reason: "the server takes the first from the generated operation table; the others are notes to readers",
    },
    Rule {
        name: "server-prefix",
        rewrites: "the path of a single server without a host goes in front of each path",
        reason: "a client sends the same URL either way",
    },
    Rule {
        name: "inline",
        rewrites: "references to parameters, headers, request bodies and responses are replaced by what they name",
        reason: "utoipa writes these in place; a reference that leads nowhere is refused",
    },
    Rule {
        name: "path-parameters",
        rewrites: "the parameters of a path go to each of its operations, whose own come first",
        reason: "that is what OpenAPI says they mean",
    },
    Rule {
        name: "keyed-parameters",
        rewrites: "a list of parameters becomes an object with the keys `place:name`",
        reason: "the order says nothing, and a difference is reported by name; a key twice is refused",
    },
    Rule {
        name: "defaults",
        rewrites: "`required`, `deprecated`, `allowReserved`, `allowEmptyValue`, `style` and `explode` are filled in",
        reason: "OpenAPI gives each of them a default",
    },
    Rule {
        name: "empty",
        rewrites: "`content` and `headers` without members are left out",
        reason: "both mean that there are none",
    },
    Rule {
        name: "root-security",
        rewrites: "the document's `security` goes to each operation without one of its own",
        reason: "that is what OpenAPI says it means",
    },
    Rule {
        name: "public",
        rewrites: "one alternative without schemes becomes no alternative at all",
        reason: "both ask for nothing; utoipa cannot write the latter",
    },
    Rule {
        name: "sets",
        rewrites: "`required`, security alternatives, their schemes and their scopes become sets",
        reason: "their order says nothing",
    },
    Rule {
        name: "scope-prose",
        rewrites: "the scopes of an OAuth flow keep their names only",
        reason: "what stands beside a name is prose",
    },
    Rule {
        name: "null",
        rewrites: "3.1's type lists with null, and its alternatives with the type null, become 3.0's `nullable`",
        reason: "the two versions' spellings of the same thing; the other version's spelling is refused",
    },
    Rule {
        name: "null-in-enum",
        rewrites: "null is left out of the `enum` of a schema that is nullable",
        reason: "3.0 demands that it is listed, 3.1 does not",
    },
    Rule {
        name: "single-all-of",
        rewrites: "an `allOf` of one schema is replaced by its members, where none contradicts what stands beside it",
        reason: "3.0 allows nothing beside a `$ref`, so this is how it says more about one",
    },
    Rule {
        name: "type-beside-reference",
        rewrites: "a `type` beside a reference is left out where what it names has the same type",
        reason: "3.0 demands a `type` beside `nullable`",
    },
    Rule {
        name: "exclusive-bounds",
        rewrites: "3.0's `exclusiveMinimum: true` beside `minimum` becomes 3.1's number, and so for the maximum",
        reason: "the two versions' spellings of the same thing",
    },
    Rule {
        name: "const",
        rewrites: "3.1's `const` becomes an `enum` of one value",
        reason: "3.0 has no other way to say it",
    },
    Rule {
        name: "numbers",
        rewrites: "a number without a fraction is written as an integer",
        reason: "1 and 1.0 are the same number of JSON; utoipa keeps bounds as floats",
    },
    Rule {
        name: "schema-defaults",
        rewrites: "flags that are false, least sizes of 0 and an empty `required` are left out of schemas",
        reason: "each says what its absence says",
    },
    Rule {
        name: "any-additional",
        rewrites: "the schema `true` becomes `{}`",
        reason: "both accept everything; the profile refuses `true` in hand-written documents",
    },
    Rule {
        name: "property-names",
        rewrites: "`propertyNames` of type string is left out",
        reason: "the names of a JSON object are strings anyhow",
    },
];

/// Whether an extension is one that the comparison leaves out.
pub(super) fn is_own_extension(key: &str) -> bool {
    key.starts_with("x-pimento-") || matches!(key, "x-known-values" | "x-closed-enum")
}
