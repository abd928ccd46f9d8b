"""Tells the pages whose they are: the utility of the loaded pack."""

from django.db import DatabaseError

from minamo.kernel.ui.api import register_identity_source

from .queries import utility


def identity_facts() -> dict[str, str | dict[str, str]]:
    """Return the loaded pack's utility as facts of the site's identity; none before a load."""
    try:
        found = utility()
    except DatabaseError:
        # An error page must come up when the database is away.
        return {}
    if found is None:
        return {}
    digits = found.postal_code
    postal = f"〒{digits[:3]}-{digits[3:]} " if digits else ""
    english = dict(found.english)
    if found.address in english:
        english[f"{postal}{found.address}"] = f"{english[found.address]} {postal}".strip()
    return {
        "name": found.name,
        "kana": found.kana,
        "motto": found.motto,
        "address": f"{postal}{found.address}" if found.address else "",
        "telephone": found.telephone,
        "telephone_label": found.telephone_label,
        "opening_hours": found.opening_hours,
        "english": english,
    }


register_identity_source(identity_facts)
