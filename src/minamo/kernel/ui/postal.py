"""The postal-code look-up for scripts; without script the page's own button asks."""

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema

from minamo.kernel.identity.api import access

router = Router(tags=["住所"])
_DAY_SECONDS = 24 * 3600


class Town(Schema):
    """One town behind a postal code; `town` is empty where the code names a whole city."""

    prefecture: str
    city: str
    town: str


class Towns(Schema):
    """The towns behind a postal code."""

    items: list[Town]


@router.get("/postal-codes/{code}", response=Towns, summary="郵便番号から住所をさがす")
@access.public
def towns(request: HttpRequest, response: HttpResponse, code: str) -> dict[str, list[Town]]:
    """Return the towns of a seven-digit postal code; 404 when there is none.

    Raises: Http404.
    """
    # Imported here: the look-up opens a data file of several megabytes when it is first used.
    from minamo.kernel.japanese.api import TextRefused, lookup_postal_code, parse_postal_code

    try:
        found = lookup_postal_code(parse_postal_code(code))
    except TextRefused as refused:
        raise Http404(code) from refused
    if not found:
        raise Http404(code)
    response["Cache-Control"] = f"public, max-age={_DAY_SECONDS}"
    return {"items": [Town(prefecture=t.prefecture, city=t.city, town=t.town) for t in found]}
