"""What scenarios have in common: the server, and people of its demo tenant with the SDK in hand."""

from types import ModuleType
from typing import Any, Awaitable, Callable

import httpx
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_builder import BaseRequestBuilder
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.request_option import RequestOption
from msgraph_beta import GraphRequestAdapter, GraphServiceClient
from msgraph_beta.generated.models.o_data_errors.o_data_error import ODataError

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
APPLICATION_ADMINISTRATOR = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"

Scenario = Callable[["Server"], Awaitable[None]]


def scenario(run: Scenario) -> Scenario:
    """Makes a function a scenario of its script."""
    run.is_scenario = True
    return run


def scenarios(script: ModuleType) -> dict[str, Scenario]:
    """The scenarios of a script, by their names; those that it has from other scripts are theirs."""
    functions = [one for one in vars(script).values() if hasattr(one, "is_scenario")]
    own = [one for one in functions if one.__module__ == script.__name__]
    return {f"{script.__name__}::{one.__name__}": one for one in own}


class Server:
    """The server that a scenario is about."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def person(self, oid: str, **claims: Any) -> GraphServiceClient:
        """The SDK in the hands of somebody whom the dev issuer signs in with these claims."""
        return self.client((await self._dev("token", oid=oid, **claims))["access_token"])

    def client(self, token: str) -> GraphServiceClient:
        """The SDK as its page says, but for the URL and the token."""
        adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(_Token(token)))
        adapter.base_url = f"{self.url}/beta"
        return GraphServiceClient(request_adapter=adapter)

    async def advance(self, duration: str) -> None:
        """Moves the clock of the rules forward."""
        await self._dev("clock", advance=duration)

    async def document(self) -> dict[str, Any]:
        """The document that the server shows of itself."""
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{self.url}/openapi/graph-beta.json")
            return answer.raise_for_status().json()

    async def _dev(self, endpoint: str, **body: Any) -> dict[str, Any]:
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{self.url}/dev/{endpoint}", json=body)
            return answer.raise_for_status().json()


class _Token(AccessTokenProvider):
    """One token, for loopback alone: a next link that led elsewhere would not get it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.allowed = AllowedHostsValidator(["127.0.0.1"])

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] = {}
    ) -> str:
        return self.token if self.allowed.is_url_host_valid(uri) else ""

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        return self.allowed


def configured(
    builder: BaseRequestBuilder | None = None,
    *,
    headers: dict[str, str] = {},
    options: list[RequestOption] = [],
    **query: Any,
) -> RequestConfiguration:
    """What a request is to have besides; the options of its query as the builder's GET knows them."""
    configuration = RequestConfiguration(options=options)
    if query:
        parameters = f"{type(builder).__name__}GetQueryParameters"
        configuration.query_parameters = getattr(type(builder), parameters)(**query)
    for name, value in headers.items():
        configuration.headers.add(name, value)
    return configuration


async def refusal(call: Awaitable[Any], status: int, code: str) -> ODataError:
    """What a call is refused with, as the SDK reads it; one that is not refused is a failure."""
    try:
        answer = await call
    except ODataError as error:
        assert error.response_status_code == status, error
        assert error.error.code == code, error.error
        assert error.error.message
        return error
    raise AssertionError(f"it was not refused: {answer}")
