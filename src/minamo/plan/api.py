"""Public names of the plan: what the site wires; no other part needs the plan."""

from .demo import fill_demo
from .measures.queries import MeasureView, PlanView, measure_view, plan_view
from .measures.rules import Progress

__all__ = ["MeasureView", "PlanView", "Progress", "fill_demo", "measure_view", "plan_view"]
