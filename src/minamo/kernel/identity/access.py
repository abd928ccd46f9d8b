"""Who may open a view: every view of Minamo carries exactly one of these decorators."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed_in"
STAFF = "staff"
INSTALLER = "installer"
MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a visitor must be to open a view.

    `permission` names a permission for staff, a scope for machines, and is empty otherwise.
    """

    kind: str
    permission: str = ""


def _with(rule: AccessRule, view: View) -> View:
    view.access = rule  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Open a view to everybody."""
    return _with(AccessRule(PUBLIC), view)


def signed_in(view: View) -> View:
    """Open a view to everybody who has signed in, of whatever kind."""
    return _with(AccessRule(SIGNED_IN), view)


def installer(view: View) -> View:
    """Open a view to people acting for an installer whose designation holds today."""
    return _with(AccessRule(INSTALLER), view)


def staff(permission: str = "") -> Callable[[View], View]:
    """Open a view to staff holding a permission today, or to any staff without one."""
    return lambda view: _with(AccessRule(STAFF, permission), view)


def machine(scope: str) -> Callable[[View], View]:
    """Open a view to machines whose bearer token has a scope."""
    return lambda view: _with(AccessRule(MACHINE, scope), view)
