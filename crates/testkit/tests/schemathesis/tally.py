"""What was answered, by operations, so that a run that was refused everything shows.

`PIMENTO_TALLY` names the file. With `PIMENTO_WHY` it says by phases too, and by which codes valid data was refused.
"""

import atexit
import json
import os
from collections import defaultdict

import schemathesis

TALLY = defaultdict(lambda: defaultdict(int))


@schemathesis.hook
def after_call(context, case, response):
    operation = case.operation.definition.raw.get("operationId")
    TALLY[operation][str(response.status_code)] += 1
    if "PIMENTO_WHY" in os.environ and case.meta is not None:
        mode = case.meta.generation.mode
        if mode.is_positive and response.status_code == 400:
            error = response.json()["error"]
            TALLY[operation][f"+{error['code']} {error.get('target')}"] += 1
        TALLY[operation][f"{case.meta.phase.name.value}-{mode.value}-{response.status_code // 100}xx"] += 1


@atexit.register
def write_tally():
    file = os.environ.get("PIMENTO_TALLY")
    if file:
        with open(file, "w") as out:
            json.dump(TALLY, out, indent=1)
