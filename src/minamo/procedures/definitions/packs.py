"""Procedures as documents of a pack (`kind: procedure`)."""

from collections.abc import Iterator

from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.identity.api import Section
from minamo.kernel.packs.api import Change, DocumentRefused, register_kind

from . import services
from .problems import DefinitionRefused
from .schema.document import ProcedureDocument

Place = tuple[str | int, ...]


def load_procedure(document: ProcedureDocument, /, *, by: Actor, path: str) -> Change:
    """Publish the document as a new version; the same document again changes nothing.

    Raises: DocumentRefused with every problem in the words, at the place of the first.
    """
    for place, code in _sections(document):
        if not Section.objects.filter(code=code).exists():
            raise DocumentRefused(f"課「{code}」はありません。", at=place)
    try:
        made = services.publish_document(document=document, by=by, at=timezone.now())
    except DefinitionRefused as refused:
        reasons = "／".join(str(problem) for problem in refused.problems)
        raise DocumentRefused(reasons, at=place_of(refused.problems[0].path)) from refused
    except services.NotAllowed as refused:
        raise DocumentRefused(str(refused)) from refused
    if made is None:
        return Change.UNCHANGED
    return Change.CREATED if made else Change.UPDATED


def place_of(path: str) -> Place:
    """Return `rules[3].when.==[0]` as steps, for finding the line in the file."""
    steps: list[str | int] = []
    for word in path.split("."):
        name, *numbers = word.split("[")
        steps += [name] if name else []
        steps += [int(n.rstrip("]")) for n in numbers if n.rstrip("]").isdigit()]
    return tuple(steps)


def _sections(document: ProcedureDocument) -> Iterator[tuple[Place, str]]:
    yield ("section",), document.section
    for n, rule in enumerate(document.rules):
        for m, action in enumerate(rule.then):
            if action.route is not None:
                yield ("rules", n, "then", m, "route"), action.route


register_kind(
    name="procedure",
    title="手続き",
    schema=ProcedureDocument,
    load=load_procedure,
    after=("sections", "plan"),
)
