"""Query options as the document's chapter *Lists* describes them: texts of a grammar that OpenAPI cannot express."""

from hypothesis import strategies as st

from values import PRINTABLE, person, random_id
from world import WORLD

# Of each entity: what may be filtered by, what may be ordered by, and what may be expanded.
NAVIGATIONS = {
    "PrivilegedRole": {
        "assignments": "PrivilegedRoleAssignment",
        "settings": "PrivilegedRoleSettings",
        "summary": "PrivilegedRoleSummary",
    },
    "PrivilegedRoleAssignment": {"roleInfo": "PrivilegedRole"},
}
NESTED = {
    "roleInfo": "roleInfo($select=name)",
    "assignments": "assignments($filter=isElevated;$select=userId;$top=2)",
}
# What the same chapter says neither to order nor to filter by.
UNORDERED = {
    "PrivilegedRoleAssignment": {"resultMessage"},
    "PrivilegedOperationEvent": {
        "userName",
        "userMail",
        "roleName",
        "requestorId",
        "requestorName",
        "tenantId",
        "additionalInformation",
        "referenceKey",
        "referenceSystem",
    },
}
UNFILTERED = {"PrivilegedOperationEvent": {"roleName", "tenantId"}}

MOMENTS = ["2026-03-02T10:00:00Z", "2026-03-02T12:00:00+02:00", "2026-03-02", "2040-01-15T00:00:00.5Z"]
ORDERS = ["eq", "ne", "gt", "ge", "lt", "le"]


class Entity:
    """The members of a schema of the document."""

    def __init__(self, document, name):
        self.name = name
        self.navigations = NAVIGATIONS.get(name, {})
        properties = document["components"]["schemas"][name]["properties"]
        self.members = {
            member: schema
            for member, schema in properties.items()
            if "@" not in member and member not in self.navigations
        }

    def filter(self):
        """A `$filter` by any of the properties, with any of the operators."""
        comparisons = [
            comparison(member, schema)
            for member, schema in self.members.items()
            if member not in UNFILTERED.get(self.name, ()) and schema.get("type") in ("string", "boolean")
        ]
        return st.recursive(
            st.one_of(comparisons),
            lambda inner: st.one_of(
                st.builds("{} and {}".format, inner, inner),
                st.builds("{} or {}".format, inner, inner),
                st.builds("not ({})".format, inner),
                st.builds("({})".format, inner),
            ),
            max_leaves=8,
        )

    def order(self):
        """An `$orderby` by some of the properties."""
        names = sorted(set(self.members) - UNORDERED.get(self.name, set()))
        key = st.builds("{}{}".format, st.sampled_from(names), st.sampled_from(["", " asc", " desc"]))
        return st.lists(key, min_size=1, max_size=4, unique_by=lambda one: one.split()[0]).map(",".join)

    def select(self):
        """A `$select` of some of the members."""
        names = st.lists(st.sampled_from(sorted(self.members)), min_size=1, max_size=4, unique=True)
        return st.one_of(st.just("*"), names.map(",".join))

    def expand(self):
        """An `$expand` of what leads from here, with options of its own."""
        if not self.navigations:
            return st.nothing()
        names = st.lists(st.sampled_from(sorted(self.navigations)), min_size=1, unique=True).map(",".join)
        nested = st.sampled_from([NESTED.get(name, name) for name in self.navigations])
        return st.one_of(st.just("*"), names, nested)


def comparison(member, schema):
    """A comparison of a member with values of its type."""
    if schema["type"] == "boolean":
        truths = st.sampled_from(["true", "false", "null"])
        return st.one_of(st.just(member), st.builds(f"{member} {{}} {{}}".format, st.sampled_from(["eq", "ne"]), truths))
    if schema.get("format") == "date-time":
        return st.builds(f"{member} {{}} {{}}".format, st.sampled_from(ORDERS), st.sampled_from([*MOMENTS, "null"]))
    value = quoted(values_of(member, schema))
    return st.one_of(
        st.builds(f"{member} {{}} {{}}".format, st.sampled_from(ORDERS), value),
        st.builds("{}({},{})".format, st.sampled_from(["startswith", "endswith", "contains"]), st.just(member), value),
        st.lists(value, min_size=1, max_size=4).map(lambda some: f"{member} in ({','.join(some)})"),
    )


def values_of(member, schema):
    """Texts that a member may have, or near them."""
    if member.lower().endswith("roleid") or schema.get("format") == "uuid":
        return st.one_of(st.sampled_from(WORLD.roles[:3]), random_id)
    known = [st.sampled_from(schema["x-known-values"])] if "x-known-values" in schema else []
    return st.one_of(person, st.text(PRINTABLE, max_size=20), *known)


def quoted(texts):
    """A text in single quotes, in which a quote is doubled."""
    return texts.map(lambda text: "'{}'".format(text.replace("'", "''")))
