"""Whoever makes too many requests is told when one passes, and the SDK waits for that."""

from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_http.middleware.options import ResponseHandlerOption, RetryHandlerOption

from scenario import Server, configured, refusal, scenario


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
async def who_does_not_retry_reads_the_refusal(server: Server) -> None:
    ben = await server.person("ben")
    impatient = configured(options=[RetryHandlerOption(should_retry=False)])

    async def exhaust() -> None:
        while True:
            await ben.privileged_role_assignments.my.get(impatient)

    error = await refusal(exhaust(), 429, "TooManyRequests")
    assert int(error.response_headers["retry-after"]) > 0
