"""What became of each thing that a run made or came across: by its id, the operations on it that were served, in their order.

The tool's own checks of what is made and removed do not look at an operation that takes query options, which is nearly each
that reads, so there is one more here. `PIMENTO_LIVES` names the file that the lives go to.
"""

import atexit
import json
import os
from collections import defaultdict

import schemathesis

LIVES = defaultdict(list)
# Who made a thing, or came across it first, by the header that they sent.
OWNERS = {}
# By id, whether it is there, where that is certain.
THERE = {}

READ = {"get_role", "get_assignment", "get_request", "get_approval", "get_event"}
MADE = {"create_role", "create_assignment", "create_request", "create_approval"}
REMOVED = {"delete_role", "delete_assignment"}
# What may end or begin assignments that it does not name.
FAR_REACHING = {"self_activate", "self_deactivate", "create_request", "update_approval", "complete_setup", "batch", "delete_role"}


@schemathesis.hook
def after_call(context, case, response):
    operation = case.operation.definition.raw.get("operationId")
    here = (case.path_parameters or {}).get("id")
    if response.status_code == 404 and here in LIVES:
        LIVES[here].append(f"{operation} 404")
    if not 200 <= response.status_code < 300:
        return
    found = {here} | set(ids(response))
    for one in found - {None}:
        if not LIVES[one] or LIVES[one][-1] != operation:
            LIVES[one].append(operation)
        if "Authorization" in response.request.headers:
            OWNERS.setdefault(one, response.request.headers["Authorization"])


def ids(response):
    """Those of what an answer has."""
    if "json" not in response.headers.get("content-type", [""])[0]:
        return []
    answer = response.json()
    several = answer.get("value") if isinstance(answer, dict) else None
    entities = several if isinstance(several, list) else [answer]
    return [one["id"] for one in entities if isinstance(one, dict) and isinstance(one.get("id"), str)]


@schemathesis.check
def what_is_there_is_found(ctx, response, case):
    """What was made or read is there until it is removed, and then it is not."""
    operation = case.operation.definition.raw.get("operationId")
    here = (case.path_parameters or {}).get("id")
    if operation in READ and here in THERE:
        expected = 404 if THERE[here] else 200
        assert response.status_code != expected, f"{here} is there: {THERE[here]}, but {operation} answers {expected}"
    if not 200 <= response.status_code < 300:
        return
    if operation in FAR_REACHING:
        for one in [one for one in THERE if "_" in one]:
            del THERE[one]
    if operation in MADE and response.status_code == 201:
        THERE[response.json()["id"]] = True
    elif operation in READ:
        THERE[here] = True
    elif operation in REMOVED:
        THERE[here] = False


@atexit.register
def write_lives():
    file = os.environ.get("PIMENTO_LIVES")
    if file:
        with open(file, "w") as out:
            json.dump(LIVES, out)
