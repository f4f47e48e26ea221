"""Query options as the SDK writes them."""

import datetime
from typing import Any

from msgraph_beta.generated.models.privileged_role_assignment import PrivilegedRoleAssignment

from actions import ask, demand_approval
from scenario import (
    APPLICATION_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    Server,
    configured,
    refusal,
    scenario,
)


async def people(assignments: Any, **query: Any) -> list[str]:
    """Whose assignments a query finds, in its order."""
    found = await assignments.get(configured(assignments, **query))
    return [one.user_id for one in found.value]


@scenario
async def assignments_are_filtered(server: Server) -> None:
    ada = await server.person("ada")
    end = datetime.datetime(2100, 1, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    new = PrivilegedRoleAssignment(
        user_id="dana+1@example.org", role_id=APPLICATION_ADMINISTRATOR, expiration_date_time=end
    )
    made = await ada.privileged_role_assignments.post(new)
    assert made.expiration_date_time == end
    found = ada.privileged_role_assignments
    assert await people(found, filter="userId eq 'ben'") == ["ben"]
    assert await people(found, filter="userId eq 'dana+1@example.org'") == [new.user_id]
    assert await people(found, filter="isElevated eq false and startswith(userId,'b')") == ["ben"]
    assert await people(found, filter="not (userId in ('ada','cleo','ben'))") == [new.user_id]
    # A plus in a literal is a plus, and not a blank.
    written = end.isoformat()
    assert "+02:00" in written
    assert await people(found, filter=f"expirationDateTime eq {written}") == [new.user_id]
    assert await people(found, filter="userId eq 'it''s nobody & more?#%'") == []


@scenario
async def assignments_are_ordered_and_cut(server: Server) -> None:
    ada = await server.person("ada")
    found = ada.privileged_role_assignments
    everybody = await people(found, orderby=["userId desc", "roleId"])
    assert everybody == ["cleo", "ben", "ada", "ada"]
    assert await people(found, orderby=["userId desc", "roleId"], skip=1, top=1) == ["ben"]


@scenario
async def members_are_selected_and_roles_expanded(server: Server) -> None:
    ada = await server.person("ada")
    found = ada.privileged_role_assignments
    selected = await found.get(
        configured(
            found, select=["id", "userId"], expand=["roleInfo"], filter="userId eq 'ben'"
        )
    )
    (ben,) = selected.value
    assert (ben.user_id, ben.role_id, ben.is_elevated) == ("ben", None, None)
    assert (ben.role_info.id, ben.role_info.name) == (USER_ADMINISTRATOR, "User Administrator")
    one = found.by_privileged_role_assignment_id(ben.id)
    read = await one.get(configured(one, expand=["roleInfo($select=name)"]))
    assert (read.role_info.id, read.role_info.name) == (None, "User Administrator")


@scenario
async def a_role_is_expanded(server: Server) -> None:
    ada = await server.person("ada")
    role = ada.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    read = await role.get(configured(role, expand=["settings", "summary"]))
    assert read.settings.max_elavation_duration == datetime.timedelta(hours=8)
    assert read.summary.users_count == 1
    read = await role.get(configured(role, expand=["assignments($select=userId)"]))
    assert [one.user_id for one in read.assignments] == ["ben"]


@scenario
async def events_are_filtered_and_ordered(server: Server) -> None:
    ada = await server.person("ada")
    await ada.privileged_role_assignments.post(
        PrivilegedRoleAssignment(user_id="dana", role_id=APPLICATION_ADMINISTRATOR)
    )
    events = ada.privileged_operation_events
    newest = await events.get(
        configured(
            events,
            filter=f"roleId eq '{APPLICATION_ADMINISTRATOR}' and requestorId eq 'ada'",
            orderby=["creationDateTime desc"],
            select=["id", "userId", "requestType", "creationDateTime"],
            top=1,
            count=True,
        )
    )
    (event,) = newest.value
    assert (event.user_id, event.request_type, newest.odata_count) == ("dana", "Assign", 1)
    assert event.requestor_id is None, "it was not selected"
    since = event.creation_date_time.isoformat()
    later = await events.get(configured(events, filter=f"creationDateTime gt {since}"))
    assert later.value == []


@scenario
async def roles_are_searched_filtered_and_ordered(server: Server) -> None:
    ada = await server.person("ada")
    roles = ada.privileged_roles
    found = await roles.get(configured(roles, search='"user administrator"', count=True))
    assert "User Administrator" in [role.name for role in found.value]
    assert found.odata_count == len(found.value) < 145
    readers = configured(
        roles, filter="endswith(name,'Reader')", orderby=["name desc"], select=["name"], top=3
    )
    first = await roles.get(readers)
    names = [role.name for role in first.value]
    assert len(names) == 3 and names == sorted(names, reverse=True)
    assert all(name.endswith("Reader") for name in names)
    assert [role.id for role in first.value] == [None] * 3
    second = await roles.with_url(first.odata_next_link).get()
    assert second.value[0].name < names[-1]
    expanded = await roles.get(
        configured(roles, filter=f"id eq '{USER_ADMINISTRATOR}'", expand=["settings", "summary"])
    )
    assert expanded.value[0].settings.mfa_on_elevation is True
    assert expanded.value[0].summary.users_count == 1


@scenario
async def requests_and_approvals_are_filtered_ordered_and_expanded(server: Server) -> None:
    ada, ben = await server.person("ada"), await server.person("ben", amr=["mfa"])
    await demand_approval(ada)
    old = await ask(ben)
    requests = ben.privileged_role_assignment_requests
    await requests.by_privileged_role_assignment_request_id(old.id).cancel.post()
    new = await ask(ben)
    waiting = await requests.my.get(
        configured(requests.my, filter="status eq 'RequestedApproval'", count=True)
    )
    assert ([one.id for one in waiting.value], waiting.odata_count) == ([new.id], 1)
    requests = ada.privileged_role_assignment_requests
    newest = configured(
        requests,
        filter=f"requestedDateTime ge {old.requested_date_time.isoformat()} and userId eq 'ben'",
        orderby=["requestedDateTime desc"],
        select=["id", "status"],
        expand=["roleInfo($select=name)"],
        top=1,
        count=True,
    )
    first = await requests.get(newest)
    assert ([one.id for one in first.value], first.odata_count) == ([new.id], 2)
    assert first.value[0].role_info.name == "User Administrator"
    assert first.value[0].user_id is None, "it was not selected"
    second = await requests.with_url(first.odata_next_link).get()
    assert [one.id for one in second.value] == [old.id]

    approvals = ada.privileged_approval
    pending = await approvals.get(
        configured(approvals, filter="approvalState eq 'pending'", expand=["request", "roleInfo"])
    )
    (approval,) = pending.value
    assert (approval.id, approval.request.status) == (new.id, "RequestedApproval")
    assert approval.role_info.id == USER_ADMINISTRATOR
    mine = ben.privileged_approval.my_requests
    every = await mine.get(configured(mine, orderby=["startDateTime desc"], select=["id"]))
    assert [one.id for one in every.value] == [new.id, old.id]


@scenario
async def counts_take_the_filter_of_their_list(server: Server) -> None:
    ada = await server.person("ada")
    count = ada.privileged_role_assignments.count
    assert await count.get(configured(count, filter="userId eq 'ada'")) == 2
    count = ada.privileged_operation_events.count
    assert await count.get(configured(count, filter="userId eq 'nobody'")) == 0
    count = ada.privileged_roles.count
    assert await count.get(configured(count, search="reader", filter="name ne 'Reader'")) > 1


@scenario
async def options_that_cannot_be_are_refused_by_name(server: Server) -> None:
    ada = await server.person("ada")
    found = ada.privileged_role_assignments
    for query, named in {
        ("filter", "userID2 eq 'ben'"): "userID2",
        ("filter", "userId eq"): "filter",
        ("filter", "(" * 500 + "isElevated" + ")" * 500): "filter",
        ("orderby", ("nothing",)): "nothing",
        ("select", ("nothing",)): "nothing",
        ("expand", ("nothing",)): "nothing",
        ("top", 0): "top",
        ("top", -1): "top",
        ("skip", -1): "skip",
        ("search", "ben"): "search",
    }.items():
        option, value = query
        value = list(value) if isinstance(value, tuple) else value
        call = found.get(configured(found, **{option: value}))
        error = await refusal(call, 400, "Request_UnsupportedQuery")
        assert named in error.error.message, error
