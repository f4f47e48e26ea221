"""What the tool is told beyond the documents: the values that they describe in words, who calls, and what there is."""

import itertools
import json
import re
import uuid
from collections import defaultdict

import schemathesis
from hypothesis import strategies as st
from schemathesis.generation.meta import TestPhase

import findings  # noqa: F401
import tally  # noqa: F401
from consistent import make_consistent
from lives import OWNERS
from options import Entity, search
from values import register
from world import WORLD

# By member of a body, the format of `values` that the description gives in words.
MEMBERS = {
    "userId": "person",
    "roleId": "role",
    "duration": "length",
    "approvalDuration": "length",
    "startDateTime": "moment",
    "endDateTime": "moment",
    "expirationDateTime": "moment",
    "userRolesActions": "setup-actions",
    "advance": "advance",
}
ITEMS = {"approverIds": "person", "relevantRolesSettings": "role"}
IN_PATHS = {
    "RoleId": "role-in-path",
    "AssignmentId": "assignment-in-path",
    "RequestId": "request-in-path",
    "ApprovalId": "request-in-path",
    "EventId": "event-in-path",
}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Gives texts the formats that their descriptions tell of."""
    parameters = raw_schema["components"].get("parameters", {})
    for name, of in IN_PATHS.items():
        if name in parameters:
            parameters[name]["schema"]["format"] = f"pimento-{of}"
    if "Prefer" in parameters:
        parameters["Prefer"]["schema"]["format"] = "pimento-preference"
    if "Format" in parameters:
        parameters["Format"]["schema"]["format"] = "pimento-format"
    for schema in bodies(raw_schema):
        for member, of in schema.get("properties", {}).items():
            if member in MEMBERS and of["type"] == "string":
                of["format"] = f"pimento-{MEMBERS[member]}"
            elif member in ITEMS:
                of["items"]["format"] = f"pimento-{ITEMS[member]}"
            elif "x-known-values" in of:
                of["enum"] = of["x-known-values"] + ([None] if of.get("nullable") else [])
    for path, item in raw_schema["paths"].items():
        for operation in item.values():
            describe_options(raw_schema, path, operation)


def bodies(document):
    """The schemas of request bodies, and those within them."""
    schemas = document["components"]["schemas"]
    found = {}
    waiting = [
        operation["requestBody"]["content"]["application/json"]["schema"]
        for item in document["paths"].values()
        for operation in item.values()
        if "requestBody" in operation
    ]
    while waiting:
        text = json.dumps(waiting.pop())
        for name in re.findall(r'"#/components/schemas/(\w+)"', text):
            if name not in found:
                found[name] = schemas[name]
                waiting.append(schemas[name])
    return found.values()


def describe_options(document, path, operation):
    """Gives the query options of an operation the texts that its entity makes possible."""
    parameters = operation.get("parameters", [])
    if not parameters:
        return
    # A count has the filter of its list.
    entity = entity_of(document, document["paths"][path.removesuffix("/$count")].get("get", operation))
    for index, parameter in enumerate(parameters):
        name = parameter.get("$ref", "").rpartition("/")[2]
        if name not in {"Filter", "Search", "OrderBy", "Select", "Expand", "SkipToken"}:
            continue
        own = json.loads(json.dumps(document["components"]["parameters"][name]))
        own["schema"] = {"type": "string", "format": option(name, path, entity)}
        parameters[index] = own


def option(name, path, entity):
    """The format of a query option of one operation."""
    make = {
        "Filter": lambda: entity.filter(),
        "Search": search,
        "OrderBy": lambda: entity.order(),
        "Select": lambda: entity.select(),
        "Expand": lambda: entity.expand(),
        "SkipToken": lambda: st.builds(lambda: WORLD.position(path) or "none"),
    }[name]
    of = path if name == "SkipToken" else entity.name
    return register(f"{name}-{of}", st.deferred(make))


def entity_of(document, operation):
    """What an operation answers: the entity, or that of the elements of a list."""
    for status, answer in operation["responses"].items():
        if status.startswith("2") and "content" in answer:
            reference = answer["content"].get("application/json", {}).get("schema", {}).get("$ref", "")
            name = reference.rpartition("/")[2].removesuffix("Collection")
            if name in document["components"]["schemas"]:
                return Entity(document, name)
    return None


@schemathesis.hook
def after_load_schema(context, schema):
    """Lays out what there is before anything is asked."""
    WORLD.lay_out()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Has the members of valid data go together, also where a link or an example put them there."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    operation = case.operation.definition.raw.get("operationId")
    is_chained = case.meta.phase.name == TestPhase.STATEFUL
    turn = next(TURNS[operation])
    if is_chained:
        go_on(operation, case, turn)
    elif "id" in (case.path_parameters or {}) and turn % 4 == 0:
        case.path_parameters["id"] = of_nothing(case.path)
    elif operation in ARRANGED and turn % 2:
        ARRANGED[operation](case)
    make_consistent(operation, case)


TURNS = defaultdict(itertools.count)


def of_nothing(path):
    """An id of the form that those of a path have, which nothing has."""
    number = next(TURNS[None])
    if path.startswith("/privilegedOperationEvents"):
        return f"{number:018}"
    unknown = uuid.UUID(int=0x5C0000000000400080000000F0000000 + number)
    return f"nobody_{unknown}" if path.startswith("/privilegedRoleAssignments") else str(unknown)


def arrange_own(**state):
    """The caller is somebody new, and has the role in this state."""

    def arrange(case):
        of_body = case.body.get("roleId") if isinstance(case.body, dict) else None
        role = of_body or case.path_parameters.get("id")
        if role in WORLD.roles:
            case.headers["Authorization"] = f"Bearer {WORLD.newcomer_with(role, state)[1]}"

    return arrange


def arrange_spare_role(case):
    """The role is a new one, which nobody has."""
    case.path_parameters["id"] = WORLD.new_role()


def arrange_own_request(case):
    """The request waits, and the caller made it."""
    case.path_parameters["id"], token = WORLD.new_request()
    case.headers["Authorization"] = f"Bearer {token}"


def arrange_approval(case):
    """The approval waits, and is about nobody who calls."""
    case.path_parameters["id"], _ = WORLD.new_request()


def go_on(operation, case, turn):
    """Has whoever made something go on with it; and what begins a chain is as it needs to be every second time."""
    owner = OWNERS.get((case.path_parameters or {}).get("id"))
    if owner and (operation == "cancel_request" or not WORLD.is_administered):
        case.headers["Authorization"] = owner
    elif operation in {"create_request", "create_approval"} and turn % 2:
        ARRANGED[operation](case)


# What hardly ever is as an operation needs it is so every second time.
ARRANGED = {
    "self_activate": arrange_own(isElevated=False),
    "create_request": arrange_own(isElevated=False),
    "create_approval": arrange_own(isElevated=False),
    "self_deactivate": arrange_own(),
    "delete_role": arrange_spare_role,
    "update_role": arrange_spare_role,
    "cancel_request": arrange_own_request,
    "update_approval": arrange_approval,
}


@schemathesis.auth(refresh_interval=None)
class Callers:
    """Each request has one of several callers."""

    def get(self, case, context):
        return WORLD.token_for(case)

    def set(self, case, token, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
