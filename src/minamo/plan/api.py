"""Public names of the plan: what the site wires; no other part needs the plan."""

from .measures.queries import MeasureView, PlanView, measure_view, plan_view
from .measures.rules import Progress

__all__ = ["MeasureView", "PlanView", "Progress", "measure_view", "plan_view"]
