"""Whoever makes too many requests is told when one passes, and the SDK waits for that.

It does so for a request, not for a part of a batch: what of a batch was too much is for the caller to send again. (The
library's own `new_batch_with_failed_requests` fails at the first request, whatever was answered.)
"""

import asyncio
from typing import Any

from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_http.middleware.options import ResponseHandlerOption, RetryHandlerOption
from msgraph_beta import GraphServiceClient
from msgraph_beta.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_beta.generated.privileged_roles.item.self_activate.self_activate_post_request_body import (
    SelfActivatePostRequestBody,
)
from msgraph_core.requests.batch_request_item import BatchRequestItem

from batches import batch, post
from paging import every
from scenario import USER_ADMINISTRATOR, Server, configured, refusal, scenario


async def exhaust(client: GraphServiceClient) -> ODataError:
    """Makes requests until one is refused, which it answers."""
    impatient = configured(options=[RetryHandlerOption(should_retry=False)])

    async def go_on() -> None:
        while True:
            await client.privileged_role_assignments.my.get(impatient)

    return await refusal(go_on(), 429, "TooManyRequests")


def attempts(client: GraphServiceClient) -> list[str | None]:
    """What the last try of each request from now on says of itself: nothing, or how many there were before it."""
    seen: list[str | None] = []

    async def note(answer: Any) -> None:
        seen.append(answer.request.headers.get("retry-attempt"))

    client.request_adapter._http_client.event_hooks["response"].append(note)
    return seen


@scenario
async def a_request_too_many_is_made_again_when_the_server_says(server: Server) -> None:
    ben = await server.person("ben")
    native = configured(options=[ResponseHandlerOption(NativeResponseHandler())])
    attempt = None
    while attempt is None:
        answer = await ben.privileged_role_assignments.my.get(native)
        assert answer.status_code == 200
        attempt = answer.request.headers.get("retry-attempt")
    assert attempt == "1", "whoever waits as long as they are told passes at once"


@scenario
async def an_action_too_many_is_made_again_and_carried_out_once(server: Server) -> None:
    ada = await server.person("ada")
    ben = await server.person("ben", amr=["mfa"])
    role = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    seen = attempts(ben)
    activations = 0
    # Whether one more is one too many is for the server's clock to say.
    while True:
        await exhaust(ben)
        seen.clear()
        active = await role.self_activate.post(SelfActivatePostRequestBody(reason="Help"))
        assert active.is_elevated is True
        activations += 1
        if seen == ["1"]:
            break
        await role.self_deactivate.post()
    events = ada.privileged_operation_events
    of_ben = configured(events, filter="requestType eq 'Activate' and userId eq 'ben'")
    assert len((await events.get(of_ben)).value) == activations


@scenario
async def a_page_too_many_is_asked_for_again_and_none_is_missed(server: Server) -> None:
    ada = await server.person("ada")
    roles = ada.privileged_roles
    seen = attempts(ada)
    while "1" not in seen:
        first = await roles.get(configured(roles, top=60))
        await exhaust(ada)
        seen.clear()
        found = [role.id for role in await every(ada, first)]
        assert (len(found), len(set(found))) == (145, 145)
        assert len(seen) == 2, "a page each"


@scenario
async def parts_too_many_are_refused_and_can_be_sent_again(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    role = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    mine = ben.privileged_role_assignments.my.to_get_request_information()
    activate = role.self_activate.to_post_request_information(
        SelfActivatePostRequestBody(reason="Help")
    )
    parts = [
        BatchRequestItem(mine, "before"),
        BatchRequestItem(activate, "activate"),
        BatchRequestItem(mine, "after"),
    ]
    await exhaust(ben)
    codes = []
    while parts:
        answer = await post(ben, batch(*parts))
        codes.append(answer.get_response_status_codes())
        parts = [part for part in parts if codes[-1][part.id] == 429]
        seconds = [
            int(answer.get_response_by_id(part.id).headers["Retry-After"]) for part in parts
        ]
        assert all(second > 0 for second in seconds)
        await asyncio.sleep(max(seconds, default=0))
    assert len(codes) > 1 and 429 in codes[0].values(), "there was one too many"
    # A second activation would have been refused.
    assert {code for some in codes for code in some.values()} == {200, 429}


@scenario
async def who_does_not_retry_reads_the_refusal(server: Server) -> None:
    ben = await server.person("ben")
    error = await exhaust(ben)
    assert int(error.response_headers["retry-after"]) > 0
