"""Models whose types the document decides. Each `type: ignore` is at a line that must not pass."""

from datetime import datetime
from typing import assert_type

from graph_beta import PrivilegedRole, PrivilegedRoleAssignment, PrivilegedRoleCollection, SelfActivateParameters


def roles(answer: bytes) -> list[PrivilegedRole]:
    found = PrivilegedRoleCollection.model_validate_json(answer)
    assert_type(found.field_odata_count, int | None)
    return found.value


def activation() -> str:
    SelfActivateParameters(duration=1)  # type: ignore[arg-type]
    return SelfActivateParameters(duration="PT1H", reason=None).model_dump_json(exclude_unset=True)


def end(assignment: PrivilegedRoleAssignment) -> datetime | None:
    assignment.expiration  # type: ignore[attr-defined]
    return assignment.expirationDateTime
