"""What the documents say of values in words only, as strategies that generate just such values.

OpenAPI has `type: string` for a role's id as for a `$filter`. A tool that knows no more sends texts that no server could take,
and learns nothing from the answer. Here each of those texts has a format of its own, by the words of the document.
"""

from datetime import datetime

import schemathesis
from hypothesis import strategies as st

from world import EVERYBODY, WORLD

# Printable ASCII without blanks, quotes, backticks, `/` and `\`; `;` and `|` are apart, as a set-up cannot name them.
OF_A_PERSON = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "\"'`/\\;|")
PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"])

random_person = st.text(OF_A_PERSON, min_size=1, max_size=128)
random_id = st.uuids().map(str)
person = st.one_of(st.sampled_from(EVERYBODY), random_person)
length = st.one_of(
    st.sampled_from(["min", "default", "1", "0.5", "PT1H", "PT45M", "2:00:00", "PT30M"]),
    st.integers(1, 8).map(str),
    st.integers(30, 480).map(lambda minutes: f"PT{minutes}M"),
)


def known(ids):
    """One of what there is, which is not known before the server runs."""
    return st.integers(0, 2**16).map(lambda n: ids()[n % len(ids())])


role = st.one_of(known(lambda: WORLD.roles), known(lambda: WORLD.roles), random_id)
assignment = st.builds("{}_{}".format, person, known(lambda: WORLD.roles))
asked = st.one_of(known(lambda: WORLD.requests), known(lambda: WORLD.requests), random_id)
# Text that names nothing is 404, so a path takes any.
nothing = st.text(PRINTABLE, min_size=1, max_size=64).filter(lambda name: name not in {".", ".."} and "/" not in name)
moment = st.datetimes(datetime(2030, 1, 1), datetime(2039, 12, 31)).map(lambda at: f"{at.isoformat()}Z")
setup_action = st.builds(
    "{}|{}|{}".format, person, known(lambda: WORLD.roles), st.sampled_from(["Permanent", "Temporary", "Remove", "remove"])
)

FORMATS = {
    "person": st.one_of(person, random_person, st.sampled_from(["Self", "self"])),
    "role": role,
    "length": length,
    "moment": moment,
    "role-in-path": st.one_of(role, nothing),
    "assignment-in-path": st.one_of(assignment, assignment, nothing),
    "request-in-path": st.one_of(asked, nothing),
    "event-in-path": st.one_of(known(lambda: WORLD.events), known(lambda: WORLD.events), nothing),
    "preference": st.one_of(
        st.integers(1, 1000).map("odata.maxpagesize={}".format), st.sampled_from(["respond-async", "return=minimal"])
    ),
    "format": st.sampled_from(["json", "application/json", "application/json;odata.metadata=minimal"]),
    "advance": st.one_of(st.integers(0, 36525).map("P{}D".format), st.integers(0, 10**9).map("PT{}S".format)),
    "setup-actions": st.lists(setup_action, max_size=4).map(";".join),
}


def register(name, strategy):
    """Makes a format of this document's own."""
    schemathesis.openapi.format(f"pimento-{name}", strategy)
    return f"pimento-{name}"


for _name, _strategy in FORMATS.items():
    register(_name, _strategy)
