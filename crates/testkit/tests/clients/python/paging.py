"""Pages are cut as asked, and next links are followed as they are."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_beta.generated.models.privileged_role_assignment import PrivilegedRoleAssignment
from msgraph_core.tasks.page_iterator import PageIterator

from actions import ask, demand_approval
from scenario import APPLICATION_ADMINISTRATOR, Server, configured, refusal, scenario


async def populate(ada: GraphServiceClient, people: int) -> None:
    """So many more people with a role."""
    for number in range(people):
        new = PrivilegedRoleAssignment(
            user_id=f"person{number:02}", role_id=APPLICATION_ADMINISTRATOR, is_elevated=False
        )
        await ada.privileged_role_assignments.post(new)


async def every(client: GraphServiceClient, first: Any) -> list[Any]:
    """All elements from this page on."""
    found: list[Any] = []
    pages = PageIterator(first, client.request_adapter, error_mapping={"XXX": ODataError})

    def keep(element: Any) -> bool:
        found.append(element)
        return True

    await pages.iterate(keep)
    return found


def options(link: str) -> dict[str, list[str]]:
    """Those of a next link."""
    return parse_qs(urlsplit(link).query)


@scenario
async def pages_of_a_top_are_iterated(server: Server) -> None:
    ada = await server.person("ada")
    await populate(ada, 9)
    assignments = ada.privileged_role_assignments
    whole = (await assignments.get()).value
    assert len(whole) == 13
    first = await assignments.get(configured(assignments, top=5, count=True))
    assert (len(first.value), first.odata_count) == (5, 13)
    link = first.odata_next_link
    assert link.startswith(f"{server.url}/beta/privilegedRoleAssignments?")
    assert options(link)["$top"] == ["5"] and options(link)["$count"] == ["true"]
    assert [one.id for one in await every(ada, first)] == [one.id for one in whole]


@scenario
async def pages_of_a_preferred_size_are_iterated_without_preferring_it_again(
    server: Server,
) -> None:
    ada = await server.person("ada")
    await populate(ada, 9)
    assignments = ada.privileged_role_assignments
    first = await assignments.get(configured(headers={"Prefer": "odata.maxpagesize=4"}))
    assert len(first.value) == 4
    second = await assignments.with_url(first.odata_next_link).get()
    assert len(second.value) == 4, "the next link has it"
    assert len(await every(ada, first)) == 13


@scenario
async def a_next_link_keeps_filter_order_and_members(server: Server) -> None:
    ada = await server.person("ada")
    await populate(ada, 9)
    assignments = ada.privileged_role_assignments
    first = await assignments.get(
        configured(
            assignments,
            filter=f"roleId eq '{APPLICATION_ADMINISTRATOR}' and userId ne 'person03'",
            orderby=["userId desc"],
            select=["id", "userId"],
            top=3,
            count=True,
        )
    )
    assert first.odata_count == 8
    everybody = await every(ada, first)
    people = [f"person{number:02}" for number in reversed(range(9)) if number != 3]
    assert [one.user_id for one in everybody] == people
    assert {one.role_id for one in everybody} == {None}


@scenario
async def an_iteration_that_stopped_goes_on(server: Server) -> None:
    ada = await server.person("ada")
    await populate(ada, 3)
    assignments = ada.privileged_role_assignments
    first = await assignments.get(configured(assignments, top=3))
    pages = PageIterator(first, ada.request_adapter)
    some: list[str] = []

    def four(one: PrivilegedRoleAssignment) -> bool:
        some.append(one.id)
        return len(some) != 4

    await pages.iterate(four)
    assert len(some) == 4
    await pages.iterate(four)
    assert some == [one.id for one in (await assignments.get()).value]


@scenario
async def each_list_is_cut_into_pages(server: Server) -> None:
    ada, ben = await server.person("ada"), await server.person("ben", amr=["mfa"])
    role = ada.privileged_roles.by_privileged_role_id(APPLICATION_ADMINISTRATOR)
    await populate(ada, 2)
    await demand_approval(ada)
    requests = ben.privileged_role_assignment_requests
    for _ in range(4):
        made = await ask(ben)
        await requests.by_privileged_role_assignment_request_id(made.id).cancel.post()
    for person, found, least in [
        (ada, ada.privileged_roles, 145),
        (ada, role.assignments, 2),
        (ada, ada.privileged_role_assignments, 6),
        (ada, ada.privileged_role_assignments.my, 2),
        (ada, ada.privileged_operation_events, 6),
        (ben, ben.privileged_role_assignments.my, 1),
        (ada, ada.privileged_role_assignment_requests, 4),
        (ben, requests.my, 4),
        (ada, ada.privileged_approval, 4),
        (ben, ben.privileged_approval.my_requests, 4),
    ]:
        size = max(least // 2, 1)
        first = await found.get(configured(found, top=size, count=True))
        assert len(first.value) == size and first.odata_count >= least
        everything = await every(person, first)
        assert len({one.id for one in everything}) == len(everything) == first.odata_count


@scenario
async def a_next_link_of_somebody_else_shows_nothing(server: Server) -> None:
    ada, ben = await server.person("ada"), await server.person("ben")
    first = await ada.privileged_role_assignments.get(
        configured(ada.privileged_role_assignments, top=1)
    )
    link = ben.privileged_role_assignments.with_url(first.odata_next_link)
    await refusal(link.get(), 403, "Authorization_RequestDenied")
