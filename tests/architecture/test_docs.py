"""The documentation says what is there: links resolve, pages are found, lists are complete."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from ruamel.yaml import YAML

from minamo.kernel.identity.permissions import known
from minamo.kernel.ui.rest import api
from minamo.site.command import cli

from ..servers import REPOSITORY

DOCS = REPOSITORY / "docs"
REFERENCE = DOCS / "reference"
ENVIRONMENT_READERS = {"text", "flag", "number", "secret"}
MAX_PICTURES_BYTES = 3_000_000
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Return every Markdown page that belongs to the project."""
    git = shutil.which("git")
    if git and (REPOSITORY / ".git").exists():
        listed = subprocess.run(
            [git, "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
        found = [REPOSITORY / line for line in listed.stdout.splitlines()]
    else:
        places = (DOCS, REPOSITORY / "src", REPOSITORY / "packs")
        found = [*REPOSITORY.glob("*.md"), *(p for place in places for p in place.rglob("*.md"))]
    return sorted(page for page in found if page.exists())


def links(page: Path) -> Iterator[tuple[str, Path]]:
    """Yield the relative links of a page: as written, and where they lead."""
    for written in _LINK.findall(_FENCED.sub("", page.read_text())):
        if re.match(r"[a-z]+:", written) or written.startswith("#"):
            continue
        yield written, (page.parent / unquote(written.partition("#")[0])).resolve()


def names_read() -> set[str]:
    """Return every environment variable that is read through `env`."""
    names = {"DATA_DIR", "DATABASE_URL"}
    for file in (REPOSITORY / "src").rglob("*.py"):
        if "tests" in file.parts:
            continue
        inside = file.name == "env.py" and file.parent.name == "site"
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args and _reads(node.func, inside=inside):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    names.add(first.value)
    return names


def _reads(function: ast.expr, *, inside: bool) -> bool:
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.value.id == "env" and function.attr in ENVIRONMENT_READERS
    return inside and isinstance(function, ast.Name) and function.id in ENVIRONMENT_READERS


def commands(
    command: click.Command, path: tuple[str, ...] = ("minamo",)
) -> Iterator[tuple[str, str]]:
    """Yield every sub-command with the first line of its help."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))
    else:
        yield " ".join(path), (command.help or "").strip().splitlines()[0]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = [written for written, target in links(page) if not target.exists()]
    assert not broken, f"{page.relative_to(REPOSITORY)} links to what is not there: {broken}"


def test_every_page_is_reached_from_the_readme() -> None:
    known_pages = set(pages())
    todo = [REPOSITORY / "README.md", DOCS / "index.md"]
    seen: set[Path] = set()
    while todo:
        page = todo.pop()
        if page in seen:
            continue
        seen.add(page)
        todo += [target for _, target in links(page) if target in known_pages]
    lost = sorted(str(p.relative_to(REPOSITORY)) for p in known_pages - seen)
    assert not lost, f"no page links to: {lost}"


def test_every_picture_is_used_and_all_together_are_small() -> None:
    used = {target for page in pages() for _, target in links(page)}
    pictures = set((DOCS / "pictures").glob("*.png"))
    assert pictures <= used, f"not used: {sorted(p.name for p in pictures - used)}"
    assert sum(p.stat().st_size for p in pictures) < MAX_PICTURES_BYTES


def test_every_variable_that_is_read_is_in_the_settings_page() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", (REFERENCE / "settings.md").read_text(), re.M))
    read = names_read()
    assert {"PORT", "DEMO", "SECRET_KEY"} <= read, "the reader of the sources is broken"
    assert read == listed, f"not listed: {read - listed}; not read: {listed - read}"


def test_only_env_reads_the_installations_environment() -> None:
    for variable in names_read() - {"DATA_DIR", "SECRET_KEY", "DEMO"}:
        pattern = re.compile(rf"environ(\.get\(|\[)\s*[\"']{variable}[\"']")
        for file in (REPOSITORY / "src").rglob("*.py"):
            if "tests" in file.parts:
                continue
            assert not pattern.search(file.read_text()), f"{file} reads {variable} beside env.py"


def test_every_command_is_in_the_commands_page() -> None:
    page = (REFERENCE / "commands.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `minamo ")]
    for name, summary in commands(cli):
        row = next((r for r in rows if re.match(rf"\| `{name}[` ]", r)), "")
        assert row, f"{name} is missing"
        assert summary in row, f"{name} says: {summary}"
    assert len(rows) == len(list(commands(cli))), "the page lists a command that is gone"


def test_every_permission_is_in_the_access_page_with_its_roles() -> None:
    page = (REFERENCE / "access.md").read_text()
    roles = YAML(typ="safe").load(REPOSITORY / "packs/morioka/roles.yaml")["roles"]
    for permission in known():
        kind = "P" if permission.personal_data else "A" if permission.administration else ""
        holders = "、".join(r["title"] for r in roles if permission.name in r["permissions"])
        row = f"| `{permission.name}` | {permission.label} | {kind} | {holders or '–'} |"
        assert row in page, f"the page should say: {row}"


def test_every_rest_address_is_in_the_rest_page() -> None:
    page = (REFERENCE / "rest.md").read_text()
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {path}`" in page, f"{method.upper()} {path} is missing"


def test_every_schema_is_in_the_packs_page() -> None:
    page = (REFERENCE / "packs.md").read_text()
    for schema in (REFERENCE / "schemas").glob("*.json"):
        assert f"(schemas/{schema.name})" in page


def test_every_kernel_duty_is_in_the_kernel_page() -> None:
    kernel = REPOSITORY / "src/minamo/kernel"
    page = (kernel / "README.md").read_text()
    for duty in kernel.iterdir():
        if (duty / "__init__.py").exists():
            assert re.search(rf"^\| \[?{duty.name}[\] ]", page, re.M), f"{duty.name} is missing"
            if (duty / "README.md").exists():
                assert f"({duty.name}/README.md)" in page
