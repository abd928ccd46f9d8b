"""Writes `.importlinter` from the folders: who may import whom, part by part.

One exhaustive `layers` contract, and one `protected` contract per part and per kernel
duty that lets outsiders in by `api` only. Run `python -m tests.architecture.borders`
after a folder was added; a test compares the file with the folders.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "minamo"
FILE = ROOT / ".importlinter"

# From docs/architecture.md: a level imports lower levels only; one line is one level.
LEVELS = [
    ["site"],
    ["money", "telemetry", "fieldwork", "office", "plan"],
    ["assets"],
    ["procedures", "recognition"],
    ["kernel"],
    ["contracts"],
]
# Names by which a part may be entered from outside.
DOORS = {"api"}
# The one REST root, on which parts put their routers.
MORE_DOORS = {"minamo.kernel.ui": {"rest"}}
# Not importable from each other's insides, yet open to everybody: the cast of the tests.
OPEN_DUTIES = {"testing"}


def packages(folder: Path) -> list[str]:
    """Return the names of the packages directly below a folder."""
    return sorted(
        p.name for p in folder.iterdir() if (p / "__init__.py").exists() and p.name != "tests"
    )


def modules(folder: Path) -> list[str]:
    """Return the names of modules and packages directly below a folder, tests left out."""
    names = {p.stem for p in folder.glob("*.py") if p.stem != "__init__"}
    return sorted(names | set(packages(folder)) - {"migrations"})


def protected(name: str, package: str, insiders: list[str]) -> str:
    """Return the contract that guards the rooms of one part."""
    lines = [f"[importlinter:contract:{name}]", f"name = {package} is entered by its api only"]
    lines += ["type = protected", "protected_modules ="]
    doors = DOORS | MORE_DOORS.get(package, set())
    lines += [f"    {package}.{inside}" for inside in insiders if inside not in doors]
    lines += ["allowed_importers =", f"    {package}", "as_packages = True"]
    lines += ["ignore_imports =", "    minamo.**.tests.** -> minamo.**"]
    lines += [
        "    minamo.kernel.testing.** -> minamo.kernel.**",
        "unmatched_ignore_imports_alerting = none",
    ]
    return "\n".join(lines)


def layers() -> str:
    """Return the contract of the levels, naming the parts that exist so far."""
    existing = set(packages(SOURCE))
    unknown = existing - {part for level in LEVELS for part in level}
    assert not unknown, f"give {unknown} a level in tests/architecture/borders.py"
    rows = [[part for part in level if part in existing] for level in LEVELS]
    lines = ["[importlinter:contract:levels]", "name = a part imports lower levels only"]
    lines += ["type = layers", "containers =", "    minamo", "exhaustive = True", "layers ="]
    lines += [f"    {' | '.join(row)}" for row in rows if row]
    lines += ["ignore_imports =", "    minamo.**.tests.** -> minamo.**"]
    lines += ["unmatched_ignore_imports_alerting = none"]
    return "\n".join(lines)


def text() -> str:
    """Return the whole file as the folders want it."""
    blocks = [
        "# Written by `python -m tests.architecture.borders`; a test compares it with the folders.",
        "[importlinter]\nroot_package = minamo\ninclude_external_packages = False",
        layers(),
    ]
    for part in packages(SOURCE):
        if part in {"contracts", "kernel", "site"}:
            continue
        blocks.append(protected(part, f"minamo.{part}", modules(SOURCE / part)))
    for duty in packages(SOURCE / "kernel"):
        if duty not in OPEN_DUTIES:
            name = f"kernel_{duty}"
            blocks.append(
                protected(name, f"minamo.kernel.{duty}", modules(SOURCE / "kernel" / duty))
            )
    return "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
