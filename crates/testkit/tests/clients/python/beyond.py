"""What the SDK has beyond the family, because the model had it: it is refused, and the SDK can read that."""

import importlib
import pathlib
import re

from kiota_abstractions.base_request_builder import BaseRequestBuilder
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph_beta import GraphServiceClient, generated
from msgraph_beta.generated.models.o_data_errors.o_data_error import ODataError

from scenario import GLOBAL_ADMINISTRATOR, Server, scenario

FAMILY = [
    "privileged_approval",
    "privileged_operation_events",
    "privileged_role_assignment_requests",
    "privileged_role_assignments",
    "privileged_roles",
    "privileged_signup_status",
]


def builders(client: GraphServiceClient) -> list[BaseRequestBuilder]:
    """One of each kind that the SDK has for the family, with `{id}` for what varies."""
    root = pathlib.Path(generated.__path__[0])
    found = []
    for file in [file for name in FAMILY for file in root.glob(f"{name}/**/*_request_builder.py")]:
        name = ".".join([generated.__name__, *file.relative_to(root).with_suffix("").parts])
        kinds = vars(importlib.import_module(name)).values()
        found += [kind(client.request_adapter, {}) for kind in kinds if is_builder(kind, name)]
    return found


def is_builder(kind: object, module: str) -> bool:
    """Whether this is what the module is there for."""
    return isinstance(kind, type) and kind.__module__ == module and issubclass(
        kind, BaseRequestBuilder
    )


def operations(builder: BaseRequestBuilder) -> list[tuple[str, str]]:
    """Methods and the path, as the document has it."""
    path = builder.url_template.removeprefix("{+baseurl}")
    path = re.sub(r"\{\?.*?\}", "", path).replace("()", "")
    path = re.sub(r"\{.*?\}", "{id}", path)
    methods = ["get", "post", "put", "patch", "delete"]
    return [(method, path) for method in methods if hasattr(builder, method)]


@scenario
async def what_the_server_does_not_have_is_refused_readably(server: Server) -> None:
    ada = await server.person("ada", wids=[GLOBAL_ADMINISTRATOR])
    paths = (await server.document())["paths"]
    known = {(method, path) for path, item in paths.items() for method in item}
    every = {operation for builder in builders(ada) for operation in operations(builder)}
    assert len(every & known) > 50, "the SDK has most of the family"
    for method, path in sorted(every - known):
        request = RequestInformation()
        request.http_method = Method[method.upper()]
        request.url = f"{server.url}/beta{path.replace('{id}', 'x')}"
        if method in ["post", "patch"]:
            request.headers.add("Content-Type", "application/json")
            request.content = b"{}"
        try:
            await ada.request_adapter.send_no_response_content_async(request, {"XXX": ODataError})
        except ODataError as error:
            expected = (405, "Request_BadRequest") if path in paths else (404, "ResourceNotFound")
            assert (error.response_status_code, error.error.code) == expected, (method, path)
        else:
            raise AssertionError(f"{method} {path} succeeded")
