"""Several requests in one, by the core library.

Two faults of that library cannot be mended from here. It writes `dependsOn` as `depends_on`, which the server takes for
the same. And in every release that goes together with this SDK it loses the bodies of parts that are JSON objects, as
all are: so `bodies` reads those from the answer itself.
"""

import json
import urllib.request
from typing import Any

from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_http.middleware.options import ResponseHandlerOption
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_beta.generated.models.privileged_role import PrivilegedRole
from msgraph_beta.generated.privileged_roles.item.self_activate.self_activate_post_request_body import (
    SelfActivatePostRequestBody,
)
from msgraph_core.requests.batch_request_builder import BatchRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_content_collection import BatchRequestContentCollection
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.requests.batch_response_content import BatchResponseContent

from scenario import USER_ADMINISTRATOR, Server, refusal, scenario

ERRORS = {"XXX": ODataError}


def batch(*parts: BatchRequestItem) -> BatchRequestContent:
    """Parts, in this order."""
    content = BatchRequestContent()
    for part in parts:
        content.add_request(part.id, part)
    return content


async def post(client: GraphServiceClient, content: BatchRequestContent) -> BatchResponseContent:
    """The answer as the library reads it."""
    return await BatchRequestBuilder(client.request_adapter, ERRORS).post(content)


async def bodies(client: GraphServiceClient, content: BatchRequestContent) -> dict[str, Any]:
    """The bodies of the parts' answers."""
    builder = BatchRequestBuilder(client.request_adapter, ERRORS)
    request = await builder.to_post_request_information(content)
    request.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
    answer = await client.request_adapter.send_async(request, BatchResponseContent, ERRORS)
    return {part["id"]: part["body"] for part in answer.json()["responses"]}


def about_roles(client: GraphServiceClient) -> BatchRequestContent:
    """One that is there, one that is not, and a list."""
    roles = client.privileged_roles
    one, none = map(roles.by_privileged_role_id, [USER_ADMINISTRATOR, "nobody"])
    return batch(
        BatchRequestItem(one.to_get_request_information(), "one"),
        BatchRequestItem(none.to_get_request_information(), "none"),
        BatchRequestItem(one.assignments.to_get_request_information(), "held"),
    )


@scenario
async def a_batch_is_answered_part_by_part(server: Server) -> None:
    ada = await server.person("ada")
    answer = await post(ada, about_roles(ada))
    assert answer.get_response_status_codes() == {"one": 200, "none": 404, "held": 200}
    part = answer.get_response_by_id("one")
    # The library finds it by just this spelling in other languages.
    assert part.headers["Content-Type"].startswith("application/json")
    assert part.headers["request-id"]
    read = await bodies(ada, about_roles(ada))
    assert read["one"]["name"] == "User Administrator"
    assert read["none"]["error"]["code"] == "ResourceNotFound"
    assert [one["userId"] for one in read["held"]["value"]] == ["ben"]


@scenario
async def what_depends_on_a_failure_is_not_carried_out(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    role = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    too_long = SelfActivatePostRequestBody(reason="Clean-up", duration="9")
    long, short = [
        role.self_activate.to_post_request_information(body)
        for body in [too_long, SelfActivatePostRequestBody(reason="Clean-up", duration="1")]
    ]
    mine = ben.privileged_role_assignments.my.to_get_request_information()
    failing = batch(
        BatchRequestItem(long, "long"),
        BatchRequestItem(mine, "after", ["long"]),
        BatchRequestItem(mine, "later", ["after"]),
        BatchRequestItem(mine, "aside"),
    )
    answer = await post(ben, failing)
    assert answer.get_response_status_codes() == {
        "long": 400,
        "after": 424,
        "later": 424,
        "aside": 200,
    }
    succeeding = batch(
        BatchRequestItem(short, "short"), BatchRequestItem(mine, "after", ["short"])
    )
    read = await bodies(ben, succeeding)
    assert read["short"]["isElevated"] is True
    assert read["after"]["value"][0]["isElevated"] is True


@scenario
async def parts_may_have_absolute_urls_and_bodies_in_base64(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    beta = f"{server.url}/beta"
    mine = urllib.request.Request(f"{beta}/privilegedRoleAssignments/my()?$select=id,userId")
    activate = urllib.request.Request(
        f"{beta}/privilegedRoles/{USER_ADMINISTRATOR}/selfActivate",
        # The library writes an object as it is, and anything else in Base64.
        data=json.dumps({}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    content = BatchRequestContent()
    content.add_urllib_request(mine)
    content.add_urllib_request(activate)
    read = (await bodies(ben, content)).values()
    assert [sorted(body) for body in read] == [
        ["@odata.context", "value"],
        sorted(["@odata.context", "expirationDateTime", "id", "isElevated"])
        + ["resultMessage", "roleId", "userId"],
    ]


@scenario
async def a_batch_of_more_than_twenty_is_refused_and_its_halves_are_not(server: Server) -> None:
    ben = await server.person("ben")
    mine = ben.privileged_role_assignments.my.to_get_request_information()
    parts = [BatchRequestItem(mine, str(number)) for number in range(21)]
    collection = BatchRequestContentCollection()
    for part in parts:
        collection.add_batch_request_item(part)
    answers = await BatchRequestBuilder(ben.request_adapter, ERRORS).post(collection)
    codes = [answer.get_response_status_codes() for answer in answers.get_responses()]
    assert [len(part) for part in codes] == [20, 1]
    assert {code for part in codes for code in part.values()} == {200}

    # The library counts for itself, so one too many gets past it only so.
    content = batch(*parts[:20])
    content.requests[parts[20].id] = parts[20]
    error = await refusal(post(ben, content), 400, "invalidRequest")
    assert "20" in error.error.message


@scenario
async def a_batch_of_nobody_is_refused(server: Server) -> None:
    nobody = server.client("nonsense")
    await refusal(post(nobody, about_roles(nobody)), 401, "InvalidAuthenticationToken")


@scenario
async def parts_are_of_any_method(server: Server) -> None:
    ada = await server.person("ada")
    roles = ada.privileged_roles
    make = roles.to_post_request_information(PrivilegedRole(name="Night watch"))
    made = await bodies(ada, batch(BatchRequestItem(make, "made")))
    own = roles.by_privileged_role_id(made["made"]["id"])
    rename = own.to_patch_request_information(PrivilegedRole(name="Watch"))
    content = batch(
        BatchRequestItem(rename, "renamed"),
        BatchRequestItem(own.to_delete_request_information(), "removed", ["renamed"]),
        BatchRequestItem(own.to_get_request_information(), "gone", ["removed"]),
    )
    answer = await post(ada, content)
    assert answer.get_response_status_codes() == {"renamed": 200, "removed": 204, "gone": 404}
