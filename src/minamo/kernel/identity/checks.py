"""System checks: an address without an access rule is found before the site is served."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from . import url_walk


@register(Tags.security)
def every_address_has_a_rule(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Report addresses whose view does not say who may open it."""
    return [
        Error(
            f"/{address.route} has no access rule for {', '.join(missing)}; everybody is refused.",
            hint="Decorate the view with one of minamo.kernel.identity.api.access.",
            id="identity.E001",
        )
        for address in url_walk.addresses()
        if (missing := missing_rules(address))
    ]


def missing_rules(address: url_walk.Address) -> list[str]:
    """Return the methods for which an address has no rule."""
    methods = address.operations or ("GET", "POST")
    return [method for method in methods if address.rule(method) is None]
