"""The document kind `plan_route`."""

from minamo.kernel.packs.api import register_kind

from .routes import load_route
from .schemas import RouteDocument

register_kind(
    name="plan_route",
    title="新規施策の審議の流れ",
    schema=RouteDocument,
    load=load_route,
    after=("roles", "plan"),
)
