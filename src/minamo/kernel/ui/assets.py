"""The built front end: which hashed files an entry needs."""

import json
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

DIST = Path(__file__).with_name("static") / "dist"
MANIFEST = DIST / "manifest.json"
_STYLES = {"citizen": ("citizen",), "staff": ("citizen", "staff")}


def tags(entry: str) -> SafeString:
    """Return the link and script elements of an entry.

    Without a build the page still works as HTML; a comment says how to build.
    Raises: KeyError for an unknown entry.
    """
    sheets = _STYLES[entry]
    if not MANIFEST.exists():
        note = "<!-- front end not built: python -m minamo.site.frontend_build -->"
        return mark_safe(note)  # noqa: S308
    files = files_of(MANIFEST.stat().st_mtime_ns)
    links = format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((static(f"dist/{files[f'frontend/styles/{name}.css']}"),) for name in sheets),
    )
    script = static(f"dist/{files[f'frontend/entrypoints/{entry}.ts']}")
    return format_html('{}\n<script type="module" src="{}"></script>', links, script)


@lru_cache(maxsize=2)
def files_of(stamp: int) -> dict[str, str]:
    """Return source → built file of the manifest written at `stamp`."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return {source: chunk["file"] for source, chunk in manifest.items()}
