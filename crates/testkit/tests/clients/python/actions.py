"""Each action does what the document says, and the SDK reads the answer."""

from msgraph_beta.generated.privileged_roles.item.self_activate.self_activate_post_request_body import (
    SelfActivatePostRequestBody,
)

from scenario import USER_ADMINISTRATOR, Server, scenario


@scenario
async def a_person_activates_their_role(server: Server) -> None:
    ben = await server.person("ben", amr=["mfa"])
    role = ben.privileged_roles.by_privileged_role_id(USER_ADMINISTRATOR)
    active = await role.self_activate.post(
        SelfActivatePostRequestBody(reason="Reset a sign-in", duration="2")
    )
    assert active.user_id == "ben"
    assert active.role_id == USER_ADMINISTRATOR
    assert active.is_elevated is True
    assert active.expiration_date_time is not None
