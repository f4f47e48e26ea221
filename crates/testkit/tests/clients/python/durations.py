"""Durations as the SDK writes and reads them."""

import datetime

from msgraph_beta.generated.models.governance_schedule import GovernanceSchedule
from msgraph_beta.generated.models.privileged_role_assignment_request import (
    PrivilegedRoleAssignmentRequest,
)
from msgraph_beta.generated.models.privileged_role_settings import PrivilegedRoleSettings
from msgraph_beta.generated.privileged_roles.item.self_activate.self_activate_post_request_body import (
    SelfActivatePostRequestBody,
)

from scenario import APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR, Server, scenario

HOURS = datetime.timedelta(hours=1)


@scenario
async def settings_are_written_and_read(server: Server) -> None:
    ada = await server.person("ada")
    settings = ada.privileged_roles.by_privileged_role_id(APPLICATION_ADMINISTRATOR).settings
    # The SDK writes these as `3 days, 0:00:00`, `1 day, 2:30:00` and `0:45:00`; a text as it is.
    for longest, default, shortest in [
        (72 * HOURS, 26.5 * HOURS, 0.75 * HOURS),
        ("PT5H", "PT90M", "PT1H"),
    ]:
        await settings.patch(
            PrivilegedRoleSettings(
                max_elavation_duration=longest,
                elevation_duration=default,
                min_elevation_duration=shortest,
            )
        )
        read = await settings.get()
        written = [
            5 * HOURS if longest == "PT5H" else longest,
            1.5 * HOURS if default == "PT90M" else default,
            HOURS if shortest == "PT1H" else shortest,
        ]
        assert [
            read.max_elavation_duration,
            read.elevation_duration,
            read.min_elevation_duration,
        ] == written


@scenario
async def settings_are_written_back_as_they_were_read(server: Server) -> None:
    ada = await server.person("ada")
    settings = ada.privileged_roles.by_privileged_role_id(APPLICATION_ADMINISTRATOR).settings
    read = await settings.get()
    read.ticketing_info_on_elevation = True
    await settings.patch(read)
    changed = await settings.get()
    assert changed.ticketing_info_on_elevation is True
    assert changed.elevation_duration == read.elevation_duration


@scenario
async def an_activation_takes_hours_and_durations(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    role = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    for duration in ["2", "PT2H", str(2 * HOURS)]:
        before = datetime.datetime.now(datetime.timezone.utc)
        active = await role.self_activate.post(
            SelfActivatePostRequestBody(reason="Clean-up", duration=duration)
        )
        after = datetime.datetime.now(datetime.timezone.utc)
        assert before + 2 * HOURS <= active.expiration_date_time <= after + 2 * HOURS
        await role.self_deactivate.post()


@scenario
async def a_request_for_later_has_a_schedule(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    start = datetime.datetime.now(datetime.timezone.utc) + 3 * HOURS
    made = await ben.privileged_role_assignment_requests.post(
        PrivilegedRoleAssignmentRequest(
            role_id=USER_ADMINISTRATOR,
            type="UserAdd",
            assignment_state="Active",
            reason="Clean-up",
            schedule=GovernanceSchedule(
                type="Once", start_date_time=start, duration=1.5 * HOURS
            ),
        )
    )
    assert made.status == "Scheduled"
    assert made.schedule.start_date_time == start
    assert made.schedule.end_date_time - start == 1.5 * HOURS
    await server.advance("PT3H1M")
    assert (await ben.privileged_role_assignments.my.get()).value[0].is_elevated
    await server.advance("PT1H30M")
    assert not (await ben.privileged_role_assignments.my.get()).value[0].is_elevated
