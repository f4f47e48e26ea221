"""Query options as the document's chapter *Lists* describes them: texts of a grammar that OpenAPI cannot express."""

from hypothesis import strategies as st

from values import PRINTABLE, person, random_id
from world import WORLD

# What can be expanded, for each entity. The role that comes along with something else brings no assignments.
EXPANSIONS = {
    "PrivilegedRole": {
        "assignments": ["assignments($filter=isElevated;$select=userId;$top=2)", "assignments($top=0;$count=true)"],
        "settings": ["settings($select=id)"],
        "summary": [],
    },
    "PrivilegedRoleAssignment": {"roleInfo": ["roleInfo($select=name)", "roleInfo($expand=summary)"]},
    "PrivilegedRoleAssignmentRequest": {"roleInfo": ["roleInfo($expand=settings)"]},
    "PrivilegedApproval": {"roleInfo": ["roleInfo($expand=*)"], "request": ["request($select=status)"]},
}
# What neither orders a list nor chooses from one.
UNORDERED = {
    "PrivilegedRoleAssignment": {"resultMessage"},
    "PrivilegedRoleAssignmentRequest": {
        "duration",
        "schedule/type",
        "reason",
        "ticketNumber",
        "ticketSystem",
        "evaluateOnly",
    },
    "PrivilegedApproval": {"approvalType", "requestorReason", "approverReason"},
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
# What is looked for as a whole.
WHOLE = {"PrivilegedRoleAssignmentRequest": {"duration"}}

ORDERS = ["eq", "ne", "gt", "ge", "lt", "le"]
VALUES = {
    "boolean": st.sampled_from(["true", "false", "null"]),
    "date-time": st.sampled_from(
        ["2026-03-02T10:00:00Z", "2026-03-02T12:00:00+02:00", "2026-03-02", "2040-01-15T00:00:00.5Z", "null"]
    ),
    "duration": st.sampled_from(["duration'PT2H'", "duration'P1DT0.5S'", "null"]),
}


class Entity:
    """The members of a schema of the document."""

    def __init__(self, document, name):
        self.name = name
        self.expansions = EXPANSIONS.get(name, {})
        schemas = document["components"]["schemas"]
        properties = schemas[name]["properties"].items()
        self.members = {
            member: schema for member, schema in properties if "@" not in member and member not in self.expansions
        }
        self.texts = {}
        for member, schema in self.members.items():
            within = [part["$ref"].rpartition("/")[2] for part in schema.get("allOf", [schema]) if "$ref" in part]
            if within:
                inner = schemas[within[0]]["properties"].items()
                self.texts.update({f"{member}/{part}": of for part, of in inner})
            else:
                self.texts[member] = schema

    def filter(self):
        """A `$filter` by any of the properties, with any of the operators."""
        comparisons = [
            self.comparison(member, schema)
            for member, schema in self.texts.items()
            if member not in UNFILTERED.get(self.name, ())
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

    def comparison(self, member, schema):
        """A comparison of a member with values of its type."""
        kind = VALUES.get(schema.get("format"), VALUES.get(schema["type"]))
        if schema["type"] == "boolean":
            compared = st.builds(f"{member} {{}} {{}}".format, st.sampled_from(["eq", "ne"]), kind)
            return st.one_of(st.just(member), compared)
        if kind is not None:
            return st.builds(f"{member} {{}} {{}}".format, st.sampled_from(ORDERS), kind)
        value = values_of(member, schema).map(quoted)
        is_whole = member in WHOLE.get(self.name, ())
        searched = st.sampled_from(["startswith", "endswith", "contains"])
        return st.one_of(
            st.builds(f"{member} {{}} {{}}".format, st.sampled_from(["eq", "ne"] if is_whole else ORDERS), value),
            st.lists(value, min_size=1, max_size=4).map(lambda some: f"{member} in ({','.join(some)})"),
            *([] if is_whole else [st.builds(f"{{}}({member},{{}})".format, searched, value)]),
        )

    def order(self):
        """An `$orderby` by some of the properties."""
        names = sorted(set(self.texts) - UNORDERED.get(self.name, set()))
        key = st.builds("{}{}".format, st.sampled_from(names), st.sampled_from(["", " asc", " desc"]))
        return st.lists(key, min_size=1, max_size=4, unique_by=lambda one: one.split()[0]).map(",".join)

    def select(self):
        """A `$select` of some of the members."""
        names = st.lists(st.sampled_from(sorted(self.members)), min_size=1, max_size=4, unique=True)
        return st.one_of(st.just("*"), names.map(",".join))

    def expand(self):
        """An `$expand` of what leads from here, with options of its own."""
        names = st.lists(st.sampled_from(sorted(self.expansions)), min_size=1, unique=True).map(",".join)
        nested = st.sampled_from([text for texts in self.expansions.values() for text in texts])
        return st.one_of(st.just("*"), names, nested)


def search():
    """A `$search`: words and phrases, and what stands between them."""
    word = st.sampled_from(["security", "reader", "watch", '"Security Reader"', '"watch 3"', "é", "0"])
    between = st.sampled_from(["{} {}", "{} AND {}", "{} OR {}", "{} NOT {}", "({}) AND ({})"])
    return st.recursive(word, lambda inner: st.builds(lambda *of: of[0].format(*of[1:]), between, inner, inner), max_leaves=5)


def values_of(member, schema):
    """Texts that a member may have, or near them."""
    if member.lower().endswith("roleid") or schema.get("format") == "uuid":
        return st.one_of(st.sampled_from(WORLD.roles[:3]), random_id)
    known = [st.sampled_from(schema["x-known-values"])] if "x-known-values" in schema else []
    return st.one_of(person, st.text(PRINTABLE, max_size=20), *known)


def quoted(text):
    """A text in single quotes, in which a quote is doubled."""
    return "'{}'".format(text.replace("'", "''"))
