"""The English words of the site: found in the sources, kept in a `.po`, compiled for use.

The compiled file is not in the repository: `compile_catalogues` makes it at the start and
before the tests. `python -m minamo.site.catalogues` brings the `.po` up to the sources;
new sentences are added without translation, which a test then refuses.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCES = Path(__file__).resolve().parents[1]
LOCALES = SOURCES / "locale"
_KEYWORDS = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"))


def compile_catalogues(folder: Path = LOCALES) -> list[Path]:
    """Compile every `.po` that is newer than its `.mo`; return the compiled files."""
    made = []
    for source in sorted(folder.glob("*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _write_whole(compiled, _compiled(source))
            made.append(compiled)
    return made


def messages_in_sources(root: Path = SOURCES) -> dict[str, list[tuple[str, int]]]:
    """Return every sentence marked for translation with the places where it stands."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path in _sources(root):
        text = path.read_text(encoding="utf-8")
        code = templatize(text, origin=str(path)) if path.suffix == ".html" else text
        for line, message, *_ in extract("python", io.BytesIO(code.encode()), _KEYWORDS):
            if isinstance(message, str) and message:
                found.setdefault(message, []).append((path.relative_to(root).as_posix(), line))
    return found


def catalogue(path: Path) -> Catalog:
    """Return a `.po` file as a catalogue."""
    with path.open("rb") as file:
        return read_po(file)


def update(path: Path) -> tuple[list[str], list[str]]:
    """Bring a `.po` up to the sources; return the sentences added and those taken out."""
    old, wanted = catalogue(path), messages_in_sources()
    known = {str(message.id): message for message in old if message.id}
    new = Catalog(locale=old.locale, project="Minamo", header_comment=old.header_comment)
    for message in sorted(wanted, key=lambda m: (wanted[m][0], m)):
        words = known[message].string if message in known else ""
        new.add(message, words, locations=wanted[message])
    buffer = io.BytesIO()
    write_po(buffer, new, width=96, omit_header=False, include_lineno=False)
    _write_whole(path, buffer.getvalue())
    return sorted(set(wanted) - set(known)), sorted(set(known) - set(wanted))


def _sources(root: Path) -> Iterator[Path]:
    for pattern in ("*.html", "*.py"):
        yield from (p for p in sorted(root.rglob(pattern)) if "tests" not in p.parts)


def _compiled(path: Path) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue(path))
    return buffer.getvalue()


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: several test processes may do so at the same moment."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def main() -> int:
    """Update every `.po` and tell what changed; returns the exit code."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        added, gone = update(path)
        for sign, sentences in (("+", added), ("-", gone)):
            for sentence in sentences:
                sys.stdout.write(f"{sign} {sentence}\n")
    compile_catalogues()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
