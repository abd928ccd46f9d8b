"""Walking the whole URLconf: what is served, and who may open it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from . import gate
from .access import MACHINE, AccessRule


@dataclass(frozen=True, slots=True)
class Address:
    """One address pattern with the view behind it."""

    route: str
    name: str
    view: Callable[..., Any]
    converters: tuple[str, ...]

    def rule(self, method: str) -> AccessRule | None:
        """Return who may use the address with a method."""
        return gate.rule_of(self.view, url_name=self.name.rpartition(":")[2], method=method)

    @property
    def operations(self) -> dict[str, Any] | None:
        """Return a REST path's operations by method; nothing for pages."""
        return gate.operations_of(self.view)


def addresses() -> list[Address]:
    """Return every address of the site."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, namespace: str
) -> Iterator[Address]:
    for item in patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from _walk(item.url_patterns, route, inner)
        else:
            yield Address(
                route=route,
                name=namespace + (item.name or ""),
                view=item.callback,
                converters=tuple(item.pattern.converters),
            )


def machine_scopes() -> list[str]:
    """Return every scope that some address asks machines for."""
    rules = (
        address.rule(method)
        for address in addresses()
        for method in address.operations or ("GET", "POST")
    )
    return sorted({rule.permission for rule in rules if rule and rule.kind == MACHINE})
