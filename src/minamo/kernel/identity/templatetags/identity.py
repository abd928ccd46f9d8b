"""Words for the account templates; loaded with `{% load identity %}`."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from minamo.kernel.identity import demo, duties
from minamo.kernel.identity.models import User

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """Return a value as JSON text, to be escaped into a `data-` attribute."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.simple_tag
def demo_account_list() -> list[demo.DemoAccount]:
    """Return the demo city's accounts, and nothing outside of it."""
    return demo.demo_accounts() if settings.DEMO else []


@register.simple_tag
def oidc_links() -> list[dict[str, str]]:
    """Return the organisation's OpenID providers, by name and address."""
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    apps = providers.get("openid_connect", {}).get("APPS", [])
    return [
        {
            "name": app["name"],
            "url": reverse("openid_connect_login", kwargs={"provider_id": app["provider_id"]}),
        }
        for app in apps
    ]


@register.simple_tag(takes_context=True)
def second_factor_is_due(context: template.Context) -> bool:
    """Return whether the reader must set up a second factor before working."""
    request = context["request"]
    return isinstance(request.user, User) and duties.needs_second_factor(request, request.user)
