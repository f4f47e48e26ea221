"""Each operation does what the document says, and the SDK reads the answer.

What the server has and the SDK has no name for is reached with `with_url`, or as a request of one's own.
"""

import datetime
from typing import Any

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.serialization import Parsable
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.models.approval_state import ApprovalState
from msgraph_beta.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_beta.generated.models.privileged_approval import PrivilegedApproval
from msgraph_beta.generated.models.privileged_role import PrivilegedRole
from msgraph_beta.generated.models.privileged_role_assignment import PrivilegedRoleAssignment
from msgraph_beta.generated.models.privileged_role_assignment_request import (
    PrivilegedRoleAssignmentRequest,
)
from msgraph_beta.generated.models.privileged_role_settings import PrivilegedRoleSettings
from msgraph_beta.generated.models.role_summary_status import RoleSummaryStatus
from msgraph_beta.generated.models.setup_status import SetupStatus
from msgraph_beta.generated.models.tenant_setup_info import TenantSetupInfo
from msgraph_beta.generated.privileged_role_assignment_requests.my.my_get_response import (
    MyGetResponse,
)
from msgraph_beta.generated.privileged_role_assignments.item.make_permanent.make_permanent_post_request_body import (
    MakePermanentPostRequestBody,
)
from msgraph_beta.generated.privileged_roles.item.self_activate.self_activate_post_request_body import (
    SelfActivatePostRequestBody,
)
from msgraph_beta.generated.privileged_signup_status.complete_setup.complete_setup_post_request_body import (
    CompleteSetupPostRequestBody,
)

from scenario import (
    APPLICATION_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    Server,
    scenario,
)

HOURS = datetime.timedelta(hours=1)


async def send(
    client: GraphServiceClient, method: Method, url: str, body: Parsable | None, answer: Any
) -> Any:
    """A request that the SDK has no name for."""
    request = RequestInformation()
    request.http_method = method
    request.url = f"{client.request_adapter.base_url}{url}"
    request.headers.add("Accept", "application/json")
    if body is not None:
        request.set_content_from_parsable(client.request_adapter, "application/json", body)
    errors = {"XXX": ODataError}
    if answer is None:
        await client.request_adapter.send_no_response_content_async(request, errors)
        return None
    return await client.request_adapter.send_async(request, answer, errors)


@scenario
async def roles_are_read_and_their_settings_changed(server: Server) -> None:
    ada = await server.person("ada")
    every = await ada.privileged_roles.get()
    assert "User Administrator" in [role.name for role in every.value] or every.odata_next_link
    role = ada.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    assert (await role.get()).name == "User Administrator"
    summary = await role.summary.get()
    assert (summary.users_count, summary.elevated_count) == (1, 0)
    assert summary.status in RoleSummaryStatus and summary.mfa_enabled is True
    held = await role.assignments.get()
    assert [assignment.user_id for assignment in held.value] == ["ben"]

    settings = await role.settings.get()
    assert settings.elevation_duration == 1 * HOURS
    assert settings.max_elavation_duration == 8 * HOURS
    assert settings.approver_ids == [] and settings.mfa_on_elevation is True
    longer = PrivilegedRoleSettings(max_elavation_duration=4 * HOURS, approver_ids=["cleo"])
    # The answer has no body, which the SDK takes for nothing.
    assert await role.settings.patch(longer) is None
    changed = await role.settings.get()
    assert changed.max_elavation_duration == 4 * HOURS
    assert changed.approver_ids == ["cleo"] and changed.elevation_duration == 1 * HOURS
    url = f"/privilegedRoles/{USER_ADMINISTRATOR}/settings"
    await send(ada, Method.PUT, url, PrivilegedRoleSettings(elevation_duration=2 * HOURS), None)
    changed = await role.settings.get()
    assert (changed.elevation_duration, changed.max_elavation_duration) == (2 * HOURS, 4 * HOURS)


@scenario
async def a_person_activates_and_deactivates_their_role(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    role = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    why = SelfActivatePostRequestBody(
        reason="Reset a sign-in", duration="2", ticket_number="CHG-7", ticket_system="Service desk"
    )
    before = datetime.datetime.now(datetime.timezone.utc)
    active = await role.self_activate.post(why)
    assert (active.user_id, active.role_id) == ("ben", USER_ADMINISTRATOR)
    assert active.is_elevated is True
    assert active.expiration_date_time >= before + 2 * HOURS
    eligible = await role.self_deactivate.post()
    assert (eligible.is_elevated, eligible.expiration_date_time) == (False, None)


@scenario
async def an_activation_ends_by_itself(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    role = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    # Every member that is not set is left out, so this is `{}`.
    assert (await role.self_activate.post(SelfActivatePostRequestBody())).is_elevated
    await server.advance("PT59M")
    assert (await ben.privileged_role_assignments.my.get()).value[0].is_elevated
    await server.advance("PT1M")
    assert not (await ben.privileged_role_assignments.my.get()).value[0].is_elevated


@scenario
async def an_own_role_is_made_renamed_and_removed(server: Server) -> None:
    ada = await server.person("ada")
    made = await ada.privileged_roles.post(PrivilegedRole(name="Night watch"))
    role = ada.privileged_roles.by_privileged_role_id(made.id)
    renamed = await role.patch(PrivilegedRole(name="Day watch"))
    assert (renamed.id, renamed.name) == (made.id, "Day watch")
    # What was read is written back as it is, with a new name.
    read = await role.get()
    read.name = "Watch"
    assert (await role.patch(read)).name == "Watch"
    assert await role.delete() is None


@scenario
async def an_assignment_is_led_through_its_life(server: Server) -> None:
    ada = await server.person("ada")
    new = PrivilegedRoleAssignment(user_id="dana", role_id=APPLICATION_ADMINISTRATOR)
    created = await ada.privileged_role_assignments.post(new)
    assert created.id == f"dana_{APPLICATION_ADMINISTRATOR}"
    assert created.is_elevated is True and created.expiration_date_time is not None
    dana = ada.privileged_role_assignments.by_privileged_role_assignment_id(created.id)
    read = await dana.get()
    assert read.expiration_date_time == created.expiration_date_time
    assert created.id in [one.id for one in (await ada.privileged_role_assignments.get()).value]

    why = MakePermanentPostRequestBody(
        reason="Dana runs the portal", ticket_number="CHG-7", ticket_system="Service desk"
    )
    permanent = await dana.make_permanent.post(why)
    assert (permanent.is_elevated, permanent.expiration_date_time) == (True, None)
    # The SDK insists on a body here, and sends `{}`.
    await dana.make_permanent.post(MakePermanentPostRequestBody())
    eligible = await dana.make_eligible.post()
    assert (eligible.is_elevated, eligible.expiration_date_time) == (False, None)
    again = await dana.make_eligible.post()
    assert again.result_message

    role = dana.role_info
    assert (await role.get()).name == "Application Administrator"
    assert (await role.settings.get()).id == APPLICATION_ADMINISTRATOR
    assert (await role.summary.get()).users_count == 1
    assert [one.user_id for one in (await role.assignments.get()).value] == ["dana"]
    assert await role.assignments.count.get() == 1
    assert await dana.delete() is None


@scenario
async def a_request_is_made_read_and_cancelled(server: Server) -> None:
    ada, ben = await server.person("ada"), await server.person("ben", amr=["mfa"])
    await demand_approval(ada)
    made = await ask(ben)
    assert (made.status, made.user_id, made.duration) == ("RequestedApproval", "ben", "2")
    assert made.requested_date_time.tzinfo is not None
    every = await ada.privileged_role_assignment_requests.get()
    assert made.id in [request.id for request in every.value]
    requests = ben.privileged_role_assignment_requests
    mine = await requests.my.get()
    assert mine.value[0].role_info.name == "User Administrator"
    posted = await send(
        ben, Method.POST, "/privilegedRoleAssignmentRequests/my", None, MyGetResponse
    )
    assert [request.id for request in posted.value] == [request.id for request in mine.value]

    request = requests.by_privileged_role_assignment_request_id(made.id)
    assert (await request.get()).reason == "Weekly clean-up"
    assert (await request.role_info.get()).id == USER_ADMINISTRATOR
    await read_through(
        ada.privileged_role_assignment_requests.by_privileged_role_assignment_request_id(made.id)
    )
    assert (await request.cancel.post()).status == "Cancelling"


@scenario
async def a_request_is_judged_and_not_made(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    judged = await ask(ben, additional_data={"evaluateOnly": True})
    assert judged.additional_data["evaluateOnly"] is True
    assert (await ben.privileged_role_assignment_requests.my.get()).value == []


@scenario
async def an_approval_is_asked_for_and_given(server: Server) -> None:
    ada, ben = await server.person("ada"), await server.person("ben", amr=["mfa"])
    await demand_approval(ada)
    new = PrivilegedApproval(
        role_id=USER_ADMINISTRATOR, approval_duration=2 * HOURS, requestor_reason="Weekly clean-up"
    )
    made = await ben.privileged_approval.post(new)
    assert (made.approval_state, made.user_id) == (ApprovalState.Pending, "ben")
    assert made.approval_duration == 2 * HOURS
    mine = await ben.privileged_approval.my_requests.get()
    assert made.id in [approval.id for approval in mine.value]
    every = await ada.privileged_approval.get()
    assert made.id in [approval.id for approval in every.value]
    approval = ada.privileged_approval.by_privileged_approval_id(made.id)
    assert (await approval.get()).requestor_reason == "Weekly clean-up"
    assert (await approval.request.get()).status == "RequestedApproval"
    assert (await approval.role_info.get()).id == USER_ADMINISTRATOR
    await read_through(approval)
    through = f"{server.url}/beta/privilegedApproval/{made.id}/request/roleInfo"
    assert (await approval.role_info.with_url(through).get()).id == USER_ADMINISTRATOR

    # What was read is written back as it is, but for the decision.
    cleo = await server.person("cleo")
    approval = cleo.privileged_approval.by_privileged_approval_id(made.id)
    read = await approval.get()
    read.approval_state, read.approver_reason = ApprovalState.Approved, "As agreed"
    assert await approval.patch(read) is None
    assert (await approval.get()).approval_state == ApprovalState.Approved
    assert (await ben.privileged_role_assignments.my.get()).value[0].is_elevated


@scenario
async def an_approval_is_denied(server: Server) -> None:
    ada, ben = await server.person("ada"), await server.person("ben", amr=["mfa"])
    await demand_approval(ada)
    made = await ask(ben)
    cleo = await server.person("cleo")
    waiting = (await cleo.privileged_approval.get()).value[0]
    assert waiting.id == made.id
    approval = cleo.privileged_approval.by_privileged_approval_id(waiting.id)
    decision = PrivilegedApproval(approval_state=ApprovalState.Denied, approver_reason="Not today")
    assert await approval.patch(decision) is None
    requests = ben.privileged_role_assignment_requests
    request = requests.by_privileged_role_assignment_request_id(made.id)
    assert (await request.get()).status == "ApprovalDenied"
    assert not (await ben.privileged_role_assignments.my.get()).value[0].is_elevated


@scenario
async def the_log_is_read(server: Server) -> None:
    ada = await server.person("ada")
    events = await ada.privileged_operation_events.get()
    first = events.value[0]
    assert first.request_type == "Assign" and first.creation_date_time.tzinfo is not None
    one = ada.privileged_operation_events.by_privileged_operation_event_id(first.id)
    assert (await one.get()).creation_date_time == first.creation_date_time


@scenario
async def each_list_is_counted(server: Server) -> None:
    ada, ben = await server.person("ada"), await server.person("ben")
    assert await ada.privileged_roles.count.get() == 145
    role = ada.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    assert await role.assignments.count.get() == 1
    everybody = ada.privileged_role_assignments
    assert await everybody.count.get() == 4
    assert await ada.privileged_role_assignment_requests.count.get() == 0
    assert await ada.privileged_approval.count.get() == 0
    events = await ada.privileged_operation_events.get()
    assert await ada.privileged_operation_events.count.get() == len(events.value)
    assert await ada.privileged_signup_status.count.get() == 1
    for mine, count in {
        "privilegedRoleAssignments/my()": 1,
        "privilegedRoleAssignmentRequests/my()": 0,
        "privilegedApproval/myRequests()": 0,
    }.items():
        url = f"{server.url}/beta/{mine}/$count"
        assert await ben.privileged_role_assignments.count.with_url(url).get() == count


@scenario
async def a_tenant_signs_up(server: Server) -> None:
    tenant = "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25"
    fay = await server.person("fay", tid=tenant, wids=[GLOBAL_ADMINISTRATOR])
    status = fay.privileged_signup_status
    assert (await status.can_sign_up.get()).value is True
    assert (await status.is_signed_up.get()).value is False
    assert (await status.get()).value[0].status == SetupStatus.NotRegisteredYet
    signed_up = await status.sign_up.post()
    assert (signed_up.id, signed_up.is_registered) == (tenant, True)
    assert signed_up.status == SetupStatus.RegisteredSetupNotStarted
    info = TenantSetupInfo(user_roles_actions=f"gus|{GLOBAL_ADMINISTRATOR}|Temporary")
    done = await status.complete_setup.post(CompleteSetupPostRequestBody(tenant_setup_info=info))
    assert [(one.role_name, one.temporary_success) for one in done.value] == [
        ("Global Administrator", 1)
    ]
    assert (await status.is_signed_up.get()).value is True
    assert (await status.get()).value[0].status == SetupStatus.RegistrationAndSetupCompleted


async def demand_approval(ada: GraphServiceClient) -> None:
    """From now on cleo has to approve."""
    role = ada.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    await role.settings.patch(
        PrivilegedRoleSettings(approval_on_elevation=True, approver_ids=["cleo"])
    )


async def ask(person: GraphServiceClient, **also: Any) -> PrivilegedRoleAssignmentRequest:
    """Asks to be active for two hours."""
    return await person.privileged_role_assignment_requests.post(
        PrivilegedRoleAssignmentRequest(
            role_id=USER_ADMINISTRATOR,
            user_id="Self",
            type="UserAdd",
            assignment_state="Active",
            reason="Weekly clean-up",
            duration="2",
            **also,
        )
    )


async def read_through(entity: Any) -> None:
    """Reads what the role of a request or an approval leads to."""
    role = entity.role_info
    assert (await role.settings.get()).approval_on_elevation is True
    assert (await role.summary.get()).managed_count == 1
    assert [one.user_id for one in (await role.assignments.get()).value] == ["ben"]
    assert await role.assignments.count.get() == 1
