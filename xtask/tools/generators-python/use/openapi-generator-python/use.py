"""Calls whose types the document decides. Each `type: ignore` is at a line that must not pass."""

from datetime import datetime
from typing import assert_type

import dev
import graph_beta
from graph_beta import PrivilegedRole, SelfActivateParameters

API = graph_beta.PrivilegedRolesApi(
    graph_beta.ApiClient(graph_beta.Configuration(host="http://127.0.0.1:8080/beta", access_token="e30.e30."))
)


def roles() -> list[PrivilegedRole]:
    found = API.list_roles(top=5, count=True)
    API.list_roles(top="5")  # type: ignore[arg-type]
    assert_type(found.odata_count, int | None)
    return found.value


def activate(role: str) -> datetime | None:
    parameters = SelfActivateParameters(duration="PT1H", reason=None)
    assignment = API.self_activate(id=role, self_activate_parameters=parameters)
    API.self_activate(self_activate_parameters=parameters)  # type: ignore[call-arg]
    assignment.expiration  # type: ignore[attr-defined]
    return assignment.expiration_date_time


def token(oid: str) -> str:
    return dev.EmulatorApi().issue_token({"oid": oid, "amr": ["mfa"]}).access_token
