"""What the tool reports and is right all the same: each exception is for one check, by status and code of the answer."""

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData, UndefinedStatusCode

# Codes that say that the request itself is wrong. Any other is a rule's, and depends on what there is.
OF_THE_FORM = {"BadRequest", "invalidRequest", "Request_UnsupportedQuery"}
LONGEST_URL = 16 * 1024


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether this is a finding."""
    if isinstance(failure, RejectedPositiveData):
        return not is_refused_by_a_rule(case, response)
    if isinstance(failure, (UndefinedStatusCode, AcceptedNegativeData)):
        # The server refuses such a URL before it looks for an operation, so the introduction of the document tells of it
        # and no operation does.
        return response.status_code != 414 or len(response.request.url) <= LONGEST_URL
    return True


def is_refused_by_a_rule(case, response):
    """Whether valid data was refused with a 400 that the document lists for this operation, for what there is or is not."""
    if response.status_code != 400:
        return False
    codes = case.operation.definition.raw.get("x-pimento-codes", {}).get("400", [])
    return response.json()["error"]["code"] in set(codes) - OF_THE_FORM
