"""An installation to measure: its own data folder, the pack, the staff, many cases.

Nothing here is a test double: settings, middleware, templates and database are those of
`minamo run`. Import nothing of Django at the top: the environment must be set first.
"""

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .visits import Visitor

ADDRESSES = "bench.addresses"


@dataclass(frozen=True, slots=True)
class House:
    """What the claims work with; `cases` is how many ended cases the clerk's section holds."""

    cases: int
    data_dir: Path
    session_key: str
    guest: "Visitor"
    staff: "Visitor"


@contextlib.contextmanager
def opened(cases: int) -> Iterator[House]:
    """Give a filled installation in a folder that is removed at the end."""
    with TemporaryDirectory(prefix="minamo-bench-") as folder:
        start_django(Path(folder))
        _furnish()
        from . import filling

        filling.fill(cases)
        yield house_of(Path(folder), cases=cases, session_key=_sign_in())


def start_django(data_dir: Path) -> None:
    """Set Django up with this data folder and the benchmark's own addresses beside the real."""
    os.environ |= {
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "minamo.site.settings",
        "DEMO": "0",
    }
    import django
    from django.conf import settings

    django.setup()
    settings.ROOT_URLCONF = ADDRESSES


def house_of(data_dir: Path, *, cases: int, session_key: str) -> House:
    """Return an installation that is already filled."""
    from .visits import Visitor

    return House(
        cases=cases,
        data_dir=data_dir,
        session_key=session_key,
        guest=Visitor(),
        staff=Visitor(session_key),
    )


def _furnish() -> None:
    """Bring up what `minamo run` brings up, and the bare table of the baselines."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from minamo.contracts.actors import Actor
    from minamo.kernel.packs.api import load
    from minamo.site.demo.staff import make_staff

    from .bare import BareApplication

    with contextlib.redirect_stdout(io.StringIO()):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    by = Actor.system("bench")
    load(settings.PACKS_DIR / "morioka", by=by)
    make_staff(by)
    with connection.schema_editor() as editor:
        editor.create_model(BareApplication)


def _sign_in() -> str:
    """Sign in the supervisor, who may list, process and export; return the session's key."""
    from django.conf import settings
    from django.test import Client

    from minamo.kernel.identity.api import User
    from minamo.kernel.testing import login

    client = login(Client(), User.objects.get(username="ishikawa"))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
