"""The second of two tenants that must not see each other."""

import schemathesis

import findings  # noqa: F401
import tally  # noqa: F401
from world import WORLD


@schemathesis.hook
def after_load_schema(context, schema):
    WORLD.sign_up("fay", "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25")
