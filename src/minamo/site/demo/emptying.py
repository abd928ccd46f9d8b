"""Takes the demo city away again."""

import shutil

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from minamo.kernel.audit.api import guard
from minamo.procedures.api import definitions_guard


class NotADemo(Exception):
    """Only an installation in demo mode may be emptied."""


def empty_demo() -> None:
    """Delete every record and stored file of this installation.

    The audit table and published versions refuse deletion, so their guards are lifted
    for this one act and put back; that is why a real installation refuses.

    Raises: NotADemo when `DEMO` is off.
    """
    if not settings.DEMO:
        raise NotADemo("DEMO=0: a real installation is never emptied")
    guard.remove(connection)
    definitions_guard.remove(connection)
    try:
        call_command("flush", interactive=False, verbosity=0)
    finally:
        definitions_guard.install(connection)
        guard.install(connection)
    shutil.rmtree(settings.FILES_DIR, ignore_errors=True)
