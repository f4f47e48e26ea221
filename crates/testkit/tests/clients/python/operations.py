"""Every operation of the family by the SDK."""

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

import actions
import batches
from scenario import Server, scenario


@scenario
async def each_operation_succeeds(server: Server) -> None:
    """Against one server, which knows afterwards what was not asked for."""
    await actions.each_list_is_counted(server)
    await actions.roles_are_read_and_their_settings_changed(server)
    await actions.a_person_activates_and_deactivates_their_role(server)
    await actions.an_own_role_is_made_renamed_and_removed(server)
    await actions.an_assignment_is_led_through_its_life(server)
    await actions.a_request_is_made_read_and_cancelled(server)
    await actions.an_approval_is_asked_for_and_given(server)
    await actions.the_log_is_read(server)
    await actions.a_tenant_signs_up(server)
    await batches.a_batch_is_answered_part_by_part(server)
    await the_model_is_there(server)


async def the_model_is_there(server: Server) -> None:
    """What the SDK was once generated from, as bytes."""
    nobody = server.client("")
    for path, has in {"/": b"privilegedApproval", "/$metadata": b"<edmx:Edmx"}.items():
        request = RequestInformation()
        request.http_method = Method.GET
        request.url = f"{server.url}/beta{path}"
        answer = await nobody.request_adapter.send_primitive_async(request, "bytes", {})
        assert has in answer
