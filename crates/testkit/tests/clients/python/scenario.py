"""What scenarios have in common: the server, and people of its demo tenant with the SDK in hand."""

from typing import Any, Awaitable, Callable

import httpx
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from msgraph_beta import GraphRequestAdapter, GraphServiceClient
from msgraph_beta.generated.models.o_data_errors.o_data_error import ODataError

USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"

Scenario = Callable[["Server"], Awaitable[None]]
SCENARIOS: dict[str, Scenario] = {}


def scenario(run: Scenario) -> Scenario:
    """Makes a function a scenario, by its name."""
    SCENARIOS[run.__name__] = run
    return run


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

    async def _dev(self, endpoint: str, **body: Any) -> dict[str, Any]:
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{self.url}/dev/{endpoint}", json=body)
            return answer.raise_for_status().json()


class _Token(AccessTokenProvider):
    def __init__(self, token: str) -> None:
        self.token = token

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] = {}
    ) -> str:
        return self.token

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        return AllowedHostsValidator(["127.0.0.1"])


async def refusal(call: Awaitable[Any]) -> ODataError:
    """What a call is refused with; one that is not is a failure."""
    try:
        answer = await call
    except ODataError as error:
        return error
    raise AssertionError(f"it was not refused: {answer}")
