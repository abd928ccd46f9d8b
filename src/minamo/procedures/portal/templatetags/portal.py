"""Words of a procedure in the reader's language."""

from django import template

from minamo.kernel.ui.api import language
from minamo.procedures.definitions.forms import compile_version
from minamo.procedures.definitions.models import Procedure
from minamo.procedures.definitions.schema.document import ProcedureDocument

register = template.Library()


@register.filter
def title_of(procedure: Procedure) -> str:
    """Return the procedure's title, in English where its definition has it."""
    document = _document(procedure)
    return document.title.ja if document else procedure.title


@register.filter
def summary_of(procedure: Procedure) -> str:
    """Return the sentence below the title on lists."""
    document = _document(procedure)
    return document.summary if document else procedure.summary


def _document(procedure: Procedure) -> ProcedureDocument | None:
    """Return the definition in the reader's language; nothing where the Japanese row will do."""
    version = procedure.active_version
    if language() == "ja" or version is None:
        return None
    return compile_version(version, language()).document
