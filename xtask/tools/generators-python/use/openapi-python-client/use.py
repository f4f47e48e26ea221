"""Calls whose types the document decides. Each `type: ignore` is at a line that must not pass."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_type

from dev.api.emulator import issue_token
from dev.client import Client
from dev.models import Token, TokenClaims
from graph_beta.api.privileged_roles import list_roles, self_activate
from graph_beta.client import AuthenticatedClient
from graph_beta.models import ODataError, PrivilegedRole, PrivilegedRoleAssignment, SelfActivateParameters
from graph_beta.types import Unset


def roles(client: AuthenticatedClient) -> Sequence[PrivilegedRole]:
    found = list_roles.sync(client=client, top=5, count=True)
    list_roles.sync(client=client, top="5")  # type: ignore[arg-type]
    if found is None or isinstance(found, ODataError):
        return []
    assert_type(found.odata_count, int | Unset)
    return found.value


def activate(client: AuthenticatedClient, role: str) -> None | datetime | Unset:
    body = SelfActivateParameters(duration="PT1H", reason=None)
    assignment = self_activate.sync(role, client=client, body=body)
    self_activate.sync(client=client, body=body)  # type: ignore[call-arg]
    assert isinstance(assignment, PrivilegedRoleAssignment)
    assignment.expiration  # type: ignore[attr-defined]
    return assignment.expiration_date_time


def token(client: Client, oid: str) -> str:
    minted = issue_token.sync(client=client, body=TokenClaims.from_dict({"oid": oid, "amr": ["mfa"]}))
    assert isinstance(minted, Token)
    return minted.access_token
