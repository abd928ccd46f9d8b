"""What `minamo run` does: bring the database up to date, load what is missing, serve."""

import contextlib
import io
import os
import secrets
import socket
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.identity.api import Role, Section, User, add_membership, create_user
from minamo.kernel.packs.api import load

from . import env, sqlite_health
from .catalogues import compile_catalogues
from .supervisor import Child, Supervisor, answers

HOST = env.text("HOST", "127.0.0.1")


def prepare() -> str | None:
    """Compile the words, migrate, collect static files, load packs and (in demo mode) the city.

    Returns the one-time password of the first administrator where one was made.
    """
    compile_catalogues()
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet):
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    if warning := sqlite_health.warning():
        print(f"minamo: {warning}", file=sys.stderr)
    load(settings.PACKS_DIR / env.text("PACK", "morioka"), by=Actor.system("start"))
    if settings.DEMO:
        from .demo.loading import load_demo

        load_demo(only_if_empty=True)
        return None
    return _first_administrator()


def _first_administrator() -> str | None:
    """Make the account that everything else is set up with; its password is shown once."""
    if User.objects.exists():
        return None
    password = secrets.token_urlsafe(12)
    by = Actor.system("start")
    admin = create_user(
        username="admin", display_name="管理者", kind="staff", password=password, by=by
    )
    add_membership(
        user=admin,
        section=Section.objects.order_by("order", "code").first() or _no_section(),
        role=Role.objects.get(key="administrator"),
        valid_from=timezone.localdate(),
        by=by,
    )
    return password


def _no_section() -> Section:
    raise RuntimeError("the pack names no section; see packs/sample/sections.yaml")


def serve(*, port: int) -> int:
    """Run web and worker processes until stopped; returns the exit code."""
    if _is_taken(port):
        print(
            f"minamo: port {port} is taken by another program (or a Minamo that still stops); "
            "choose another with PORT=…",
            file=sys.stderr,
        )
        return 1
    one_time_password = prepare()
    address = f"http://{HOST}:{port}/"

    def serves() -> bool:
        return answers(f"{address}healthz")

    def ready() -> bool:
        if not serves():
            return False
        if one_time_password:
            print(f"First sign-in: admin / {one_time_password} (shown once)")
        print(f"Minamo is ready at {address}", flush=True)
        return True

    return Supervisor(_children(port, serves)).run(ready)


def _is_taken(port: int) -> bool:
    """Return whether somebody answers there already; their health would look like ours."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _children(port: int, serves: Callable[[], bool]) -> list[Child]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minamo.site.settings")
    web = [
        sys.executable,
        *("-m", "granian", "minamo.site.wsgi:application", "--interface", "wsgi"),
        *("--host", HOST, "--port", str(port), "--no-ws"),
        *("--workers", str(env.number("WEB_WORKERS", 2))),
        *("--blocking-threads", str(env.number("WEB_THREADS", 4))),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
        *("--log-level", "warning"),
    ]
    worker = [sys.executable, "-m", "django", "minamo_worker", "--stop-with-parent"]
    return [Child("web", web, serves), Child("worker", worker)]
