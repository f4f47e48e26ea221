"""What the document says in words of members together, and of texts: valid data is made to keep to it.

A value that is valid by itself may contradict another member, or the path. The tool draws each by itself, and would be refused
nearly always. After this, a 400 that no rule demands is a finding.
"""

import copy
import itertools
from datetime import datetime, timedelta
from unicodedata import category

from schemathesis.generation.meta import TestPhase

FORMAT = "%Y-%m-%dT%H:%M:%SZ"
# Before this an instant has passed, such as those of the document's examples.
SOON = datetime(2030, 1, 1)
TEXTS = {"name", "reason", "requestorReason", "approverReason", "ticketNumber", "ticketSystem"}
NUMBERS = itertools.count()


def make_consistent(operation, case):
    """Changes a valid case so that its members do not contradict each other. Anything that is not an object stays."""
    query = case.query if isinstance(case.query, dict) else {}
    # A position is that of a list in one order, and only a long list has one.
    if query.get("$skiptoken") == "none" or "$orderby" in query:
        query.pop("$skiptoken", None)
    if isinstance(case.body, dict) and operation in BODIES:
        # Cases of one operation may share a body.
        case.body = copy.deepcopy(case.body)
        for member in TEXTS.intersection(case.body):
            if isinstance(case.body[member], str):
                case.body[member] = "".join(map(without_control, case.body[member]))
        BODIES[operation](case.body, case)


def without_control(character):
    """Texts have no control characters, but for tabs and line breaks in some."""
    return "_" if category(character) == "Cc" else character


def of_the_path(body, case):
    """`id` may be sent, and is then that of the path."""
    if body.get("id") is not None:
        body["id"] = case.path_parameters["id"]


def role(body, case):
    """No name is blank, and no two roles have the same one."""
    of_the_path(body, case)
    number = next(NUMBERS)
    if number % 2 or not body["name"].strip():
        body["name"] = f"{body['name'][:200]} {number}"


def settings(body, case):
    """The default lies between the shortest and the longest, and 72 hours are the most."""
    of_the_path(body, case)
    lengths(body)


def lengths(settings):
    names = ["minElevationDuration", "elevationDuration", "maxElavationDuration"]
    if any(settings.get(name) is not None for name in names):
        settings.update(zip(names, ["PT30M", "PT2H", "PT6H"]))
    # Nobody but an approver can decide, so there has to be one.
    if settings.get("approvalOnElevation") and not settings.get("approverIds"):
        settings["approverIds"] = ["ada"]


def assignment(body, case):
    """An end lies ahead, and what is eligible has none. Every second time it is somebody who has nothing yet."""
    number = next(NUMBERS)
    if number % 2:
        body["userId"] = f"newcomer-{number}"
    if body.get("expirationDateTime") is not None:
        body["expirationDateTime"] = ahead(body["expirationDateTime"]).strftime(FORMAT)
        if body.get("isElevated") is False:
            body["isElevated"] = True


def request(body, case):
    """There are a reason and a ticket; the caller asks for nobody else; and of a duration and an end there is one."""
    body["reason"] = body.get("reason") or "For a test"
    body["ticketNumber"] = body.get("ticketNumber") or "1"
    schedule = body.get("schedule")
    if isinstance(schedule, dict):
        begins_and_ends(schedule, "startDateTime", "endDateTime")
        if schedule.get("duration") is not None or body.get("type") == "UserAdd":
            schedule.pop("endDateTime", None)
        if schedule.get("duration") is not None or schedule.get("endDateTime") is not None:
            body.pop("duration", None)
    if case.meta.phase.name == TestPhase.STATEFUL:
        # The answer is the request as it would be, and the tool takes it for one that there is.
        body.pop("evaluateOnly", None)
    if body.get("type") == "UserAdd":
        body.pop("userId", None)
        body["assignmentState"] = "Active"
    else:
        number = next(NUMBERS)
        body["userId"] = body.get("userId") if number % 2 else None
        body["userId"] = body["userId"] or f"newcomer-{number}"
        if body.get("duration") in ("min", "default"):
            body["duration"] = "PT1H"


def approval(body, case):
    """The caller asks for themselves, with a reason and a ticket."""
    body.pop("userId", None)
    body["requestorReason"] = body.get("requestorReason") or "For a test"
    body["ticketNumber"] = body.get("ticketNumber") or "1"
    begins_and_ends(body, "startDateTime", "endDateTime")
    body.pop("endDateTime", None)


def decision(body, case):
    """What is not decided is sent as it was read, or left out."""
    for member in set(body) - {"approvalState", "approverReason"}:
        del body[member]
    body["approvalState"] = body.get("approvalState") or "approved"


def activation(body, case):
    """There are a reason and a ticket."""
    body["reason"] = body.get("reason") or "For a test"
    body["ticketNumber"] = body.get("ticketNumber") or "1"


def setup(body, case):
    info = body.get("tenantSetupInfo")
    if isinstance(info, dict) and isinstance(info.get("defaultRolesSettings"), dict):
        lengths(info["defaultRolesSettings"])


def batch(body, case):
    """No id is there twice, parts depend on those before them, and a body has a `Content-Type`."""
    ids = []
    for number, part in enumerate(body.get("requests", [])):
        part["id"] = f"{number}"
        part["dependsOn"] = ids[-1:] if part.get("dependsOn") else []
        part["method"] = ["GET", "POST", "PATCH", "delete"][number % 4]
        if not part["url"].strip() or part["url"].casefold().find("batch") >= 0 or "//" in part["url"]:
            part["url"] = "/privilegedRoles"
        if part.get("headers") is not None or part.get("body") is not None:
            part["headers"] = {"Content-Type": "application/json"}
        ids.append(part["id"])


def begins_and_ends(members, start, end):
    begins = ahead(members.get(start))
    members[start] = begins.strftime(FORMAT)
    if members.get(end) is not None:
        members[end] = max(ahead(members[end]), begins + timedelta(hours=1)).strftime(FORMAT)


def ahead(moment):
    """This instant, or one in its place that has not passed."""
    try:
        at = datetime.strptime(moment[:19], FORMAT[:-1])
    except (TypeError, ValueError):
        at = SOON
    return max(at, SOON)


BODIES = {
    "create_role": role,
    "update_role": role,
    "replace_role_settings": settings,
    "update_role_settings": settings,
    "create_assignment": assignment,
    "make_permanent": lambda body, case: None,
    "self_activate": activation,
    "create_request": request,
    "create_approval": approval,
    "update_approval": decision,
    "complete_setup": setup,
    "batch": batch,
}
