"""Ties stored files to the answers that name them."""

from ...definitions.forms import compile_version, file_answers
from ..models import Case, CaseFile


def attach_files(case: Case, *, revision_number: int) -> None:
    """Record every file that the case's answers name; files of earlier revisions stay."""
    named = file_answers(compile_version(case.version), case.answers)
    CaseFile.objects.bulk_create(
        [
            CaseFile(case=case, field_key=key, file_uuid=file_uuid, revision_number=revision_number)
            for key, file_uuids in named.items()
            for file_uuid in file_uuids
        ],
        ignore_conflicts=True,
    )
