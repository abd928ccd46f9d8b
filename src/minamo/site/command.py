"""The `minamo` command: every sub-command is a front door to a service."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from . import env


def main() -> None:
    """Entry point of the console script."""
    cli(prog_name="minamo")


def _with_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minamo.site.settings")
    import django

    django.setup()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime | date | Path):
        return str(value)
    return str(value)


def answering(body: Callable[..., tuple[Any, str]]) -> Callable[..., None]:
    """Turn a function returning (data, sentence) into a sub-command body with `--json`."""

    @click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
    @wraps(body)
    def run(*, as_json: bool, **arguments: Any) -> None:
        _with_django()
        data, sentence = body(**arguments)
        if as_json:
            plain = asdict(data) if is_dataclass(data) and not isinstance(data, type) else data
            click.echo(json.dumps(plain, ensure_ascii=False, default=_plain))
        else:
            click.echo(sentence)

    return run


@click.group()
def cli() -> None:
    """Run and look after an installation of Minamo."""


@cli.command()
@click.option("--port", type=int, default=None, help="Default: $PORT or 8000.")
def run(port: int | None) -> None:
    """Start web and worker; Ctrl-C stops everything."""
    # `make run` shows the demo city unless DEMO=0.
    os.environ["DEMO"] = "1" if env.flag("DEMO", default=True) else "0"
    _with_django()
    from .running import serve

    raise SystemExit(serve(port=port or env.number("PORT", 8000)))


@cli.group()
def pack() -> None:
    """Folders of definitions."""


@pack.command("load")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@answering
def pack_load(directory: Path) -> tuple[Any, str]:
    """Load all documents of DIRECTORY, or none of them."""
    from minamo.contracts.actors import Actor
    from minamo.kernel.packs.api import PackRefused, load

    try:
        report = load(directory, by=Actor.system("minamo pack load"))
    except PackRefused as refused:
        lines = [f"{p.file}: {p.path}: {p.reason}" for p in refused.problems]
        raise click.ClickException("nothing was loaded\n" + "\n".join(lines)) from refused
    return report, f"{directory}: {report}"


@cli.group()
def audit() -> None:
    """Look into the trail of every change."""


@audit.command("verify")
@answering
def audit_verify() -> tuple[Any, str]:
    """Recompute the whole hash chain; exit code 1 when it does not hold."""
    from minamo.kernel.audit.api import verify

    result = verify()
    if not result.ok:
        raise click.ClickException(result.message)
    return result, f"{result.entries} entries, the chain holds"


@cli.group()
def demo() -> None:
    """Fill or empty the fictional city."""


@demo.command("load")
@answering
def demo_load() -> tuple[Any, str]:
    """Fill an empty installation with the demo city."""
    from .demo.loading import NotEmpty, load_demo

    try:
        count = load_demo(only_if_empty=False)
    except NotEmpty as refused:
        raise click.ClickException(str(refused)) from refused
    return {"cases": count}, f"the demo city stands with {count} cases"


@demo.command("empty")
@click.option("--yes", is_flag=True, help="Do not ask.")
@answering
def demo_empty(*, yes: bool) -> tuple[Any, str]:
    """Remove every record and file of this installation's demo city."""
    from .demo.emptying import NotADemo, empty_demo

    if not yes:
        click.confirm("Delete all records and files of this installation?", abort=True)
    try:
        empty_demo()
    except NotADemo as refused:
        raise click.ClickException(str(refused)) from refused
    return {"emptied": True}, "the installation is empty"


@cli.group()
def calendar() -> None:
    """Reckon with business days and fiscal years."""


@calendar.command("add-business-days")
@click.argument("start")
@click.argument("days", type=int)
@answering
def calendar_add(start: str, days: int) -> tuple[Any, str]:
    """Add DAYS business days to START (2026-11-23, R8.11.23, 令和8年11月23日)."""
    from minamo.kernel.calendar.api import (
        DateRefused,
        add_business_days,
        parse_date,
    )

    try:
        result = add_business_days(parse_date(start), days)
    except DateRefused as refused:
        raise click.ClickException(refused.message_ja) from refused
    return {"date": result.isoformat()}, result.isoformat()


@cli.group()
def backup() -> None:
    """Encrypted copies of records and files, and the proof that they can be read back."""


@backup.command("create")
@click.option("--to", "target", type=click.Path(path_type=Path), default=None)
@answering
def backup_create(target: Path | None) -> tuple[Any, str]:
    """Write one encrypted backup file."""
    from .backup.creation import create_backup

    made = create_backup(target)
    return made, f"{made.path} ({made.size_bytes:,} bytes, sha256 {made.sha256[:16]}…)"


@backup.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@answering
def backup_restore(file: Path, *, yes: bool) -> tuple[Any, str]:
    """Replace this installation's records and files with those of FILE."""
    from .backup.container import BackupRefused
    from .backup.restoration import restore_backup

    if not yes:
        click.confirm("Replace all records and files of this installation?", abort=True)
    try:
        restored = restore_backup(file)
    except BackupRefused as refused:
        raise click.ClickException(str(refused)) from refused
    return restored, f"restored {restored.entries} audit entries; the chain holds"


@backup.command("drill")
@answering
def backup_drill() -> tuple[Any, str]:
    """Back up, restore into a scratch place, compare row counts and the audit chain."""
    from .backup.container import BackupRefused
    from .backup.drill import drill

    try:
        result = drill()
    except BackupRefused as refused:
        raise click.ClickException(str(refused)) from refused
    return result, f"drill passed: {result.tables} tables, {result.rows} rows, chain head equal"


@cli.group()
def keys() -> None:
    """Keys of encrypted fields."""


@keys.command("rotate")
@answering
def keys_rotate() -> tuple[Any, str]:
    """Make a new key and re-encrypt every field; may be interrupted and run again."""
    from minamo.contracts.actors import Actor
    from minamo.kernel.crypto.api import rotate

    report = rotate(by=Actor.system("minamo keys rotate"))
    return report, str(report)
