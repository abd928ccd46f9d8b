"""What was typed, as it arrived from a browser or lies in a draft."""

from collections.abc import Mapping, Sequence

from django.http import QueryDict

# Names beside the fields' own: the pressed look-up, and which fields the page held.
LOOKUP, SHOWN = "_lookup", "_shown"
_REMOVE = ".remove"
# A text longer than any field takes is cut here: a draft is not a file store.
LONGEST_TEXT = 20_000


def posted(data: QueryDict) -> dict[str, list[str]]:
    """Return the posted texts of the fields; our own buttons and the CSRF token are left out."""
    return {
        name: list(texts)
        for name, texts in data.lists()
        if name in (LOOKUP, SHOWN) or not (name.startswith("_") or name == "csrfmiddlewaretoken")
    }


def without_removals(data: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Leave out the ticks that take files away: a decision for once, nothing to keep."""
    return {name: list(texts) for name, texts in data.items() if not name.endswith(_REMOVE)}


def with_removals(
    data: Mapping[str, Sequence[str]], removals: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Add ticks that take the given files away, by field."""
    merged = {name: list(texts) for name, texts in data.items()}
    for key, uuids in removals.items():
        merged.setdefault(f"{key}{_REMOVE}", []).extend(uuids)
    return merged


def merged(
    before: Mapping[str, Sequence[str]], now: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Lay what is typed now over what was left before; fields the page did not hold stay."""
    held = {_field(name) for name in now} | set(now.get(SHOWN, ()))
    kept = {n: list(t) for n, t in before.items() if _field(n) not in held}
    result = kept | {name: list(texts) for name, texts in now.items()}
    shown = [*before.get(SHOWN, ()), *now.get(SHOWN, ())]
    if shown:
        result[SHOWN] = list(dict.fromkeys(shown))
    else:
        result.pop(SHOWN, None)
    return {name: [text[:LONGEST_TEXT] for text in texts] for name, texts in result.items()}


def pressed_field(data: Mapping[str, object]) -> str:
    """Return the field whose own button (look-up, remove a file) was pressed, or nothing."""
    looked_up = data.get(LOOKUP, "")
    if isinstance(looked_up, (list, tuple)):
        looked_up = looked_up[-1] if looked_up else ""
    removed = next((name.removesuffix(_REMOVE) for name in data if name.endswith(_REMOVE)), "")
    return str(looked_up) or removed


def _field(name: str) -> str:
    return name.partition(".")[0]
