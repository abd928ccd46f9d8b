"""The document kind `plan`."""

from minamo.kernel.packs.api import register_kind

from .schemas import PlanDocument
from .services import load_plan

register_kind(name="plan", title="計画", schema=PlanDocument, load=load_plan, after=("sections",))
