"""What is refused, the SDK reads: status, code, message, inner error and details."""

import datetime

from kiota_abstractions.api_error import APIError
from msgraph_beta.generated.models.privileged_role_assignment import PrivilegedRoleAssignment
from msgraph_beta.generated.models.privileged_role_settings import PrivilegedRoleSettings
from msgraph_beta.generated.privileged_role_assignments.item.make_permanent.make_permanent_post_request_body import (
    MakePermanentPostRequestBody,
)
from msgraph_beta.generated.privileged_roles.item.self_activate.self_activate_post_request_body import (
    SelfActivatePostRequestBody,
)

from scenario import (
    APPLICATION_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    Server,
    configured,
    refusal,
    scenario,
)


@scenario
async def every_member_of_an_error_is_read(server: Server) -> None:
    ada = await server.person("ada")
    nobody = ada.privileged_role_assignments.by_privileged_role_assignment_id("nobody")
    own = "5b2f6c2e-3d7e-4f6f-9f0e-0d3d7a7c1b11"
    call = nobody.get(configured(headers={"client-request-id": own}))
    error = await refusal(call, 404, "ResourceNotFound")
    inner = error.error.inner_error
    assert inner.client_request_id == own
    assert inner.request_id == error.response_headers["request-id"] != own
    # It has no zone, as the protocol's does not, and is UTC.
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert abs(now - inner.date.replace(tzinfo=None)) < datetime.timedelta(hours=1)
    assert error.primary_message == error.error.message
    assert isinstance(error, APIError)


@scenario
async def a_token_that_is_none_is_401(server: Server) -> None:
    for token in ["nonsense", ""]:
        nobody = server.client(token)
        call = nobody.privileged_role_assignments.my.get()
        error = await refusal(call, 401, "InvalidAuthenticationToken")
        assert error.response_headers["www-authenticate"].startswith("Bearer ")
        assert error.error.inner_error.request_id


@scenario
async def who_may_not_is_403_and_is_told_why(server: Server) -> None:
    ben = await server.person("ben")
    error = await refusal(
        ben.privileged_role_assignments.get(), 403, "Authorization_RequestDenied"
    )
    # Kiota's model of the inner error has no code, and keeps what it does not know.
    assert error.error.inner_error.additional_data["code"]
    weak = await server.person("ben", scp="User.Read")
    await refusal(weak.privileged_roles.get(), 403, "PermissionScopeNotGranted")
    elsewhere = await server.person("fay", tid="6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25")
    error = await refusal(elsewhere.privileged_roles.get(), 403, "UnauthorizedAccessException")
    assert error.error.inner_error.additional_data["code"] == "TenantNotRegistered"


@scenario
async def a_second_factor_that_is_missing_is_a_challenge(server: Server) -> None:
    ben = await server.person("ben")
    role = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    call = role.self_activate.post(SelfActivatePostRequestBody(reason="Clean-up"))
    error = await refusal(call, 403, "MfaRequired")
    assert "claims=" in error.response_headers["www-authenticate"]


@scenario
async def rules_that_fail_are_named(server: Server) -> None:
    ada, ben = await server.person("ada"), await server.person("ben", amr=["mfa"])
    role = ada.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    await role.settings.patch(PrivilegedRoleSettings(ticketing_info_on_elevation=True))
    own = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    call = own.self_activate.post(SelfActivatePostRequestBody(duration="9", reason="Clean-up"))
    error = await refusal(call, 400, "RoleAssignmentRequestPolicyValidationFailed")
    rules = {detail.code for detail in error.error.details}
    assert rules == {"ExpirationRule", "TicketingRule"}
    assert all(detail.message for detail in error.error.details)
    assert all(rule in error.error.message for rule in rules)


@scenario
async def members_that_cannot_be_are_named(server: Server) -> None:
    ada = await server.person("ada")
    assignments = ada.privileged_role_assignments
    unknown = PrivilegedRoleAssignment(user_id="dana", role_id="nothing")
    error = await refusal(assignments.post(unknown), 400, "RoleNotFound")
    past = PrivilegedRoleAssignment(
        user_id="dana",
        role_id=APPLICATION_ADMINISTRATOR,
        expiration_date_time=datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc),
    )
    error = await refusal(assignments.post(past), 400, "invalidRequest")
    assert error.error.target == "expirationDateTime"
    wrong = PrivilegedRoleAssignment(user_id="dana", role_id=APPLICATION_ADMINISTRATOR)
    wrong.additional_data = {"isElevated": "yes"}
    error = await refusal(assignments.post(wrong), 400, "invalidRequest")
    assert error.error.target == "isElevated"
    ben = assignments.by_privileged_role_assignment_id(f"ben_{USER_ADMINISTRATOR}")
    long = MakePermanentPostRequestBody(reason="x" * 600)
    error = await refusal(ben.make_permanent.post(long), 400, "invalidRequest")
    assert error.error.target == "reason"


@scenario
async def what_is_not_there_is_404(server: Server) -> None:
    ada = await server.person("ada")
    for call in [
        ada.privileged_roles.by_privileged_role_id("nobody").get(),
        ada.privileged_role_assignments.by_privileged_role_assignment_id("a/b é").get(),
        ada.privileged_role_assignment_requests.by_privileged_role_assignment_request_id(
            "x"
        ).get(),
        ada.privileged_approval.by_privileged_approval_id("x").get(),
        ada.privileged_operation_events.by_privileged_operation_event_id("x").get(),
    ]:
        await refusal(call, 404, "ResourceNotFound")
