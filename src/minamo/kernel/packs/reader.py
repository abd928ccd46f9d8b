"""Reading YAML without trusting it: plain data only, duplicate keys refused, lines kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .problems import Problem

# A plan of 33 measures is 40 KB; ten times the largest honest document is enough.
LARGEST_FILE_BYTES = 2_000_000
MANIFEST_FILE = "pack.yaml"

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One file as plain data, with the line of every place inside it."""

    file: str
    data: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, path: Sequence[str | int]) -> int | None:
        """Return the line of a place, or of its nearest written parent."""
        at = tuple(path)
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at)


def words_of_path(path: Sequence[str | int]) -> str:
    """Return a place inside a document as people write it: `measures[3].code`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_folder(directory: Path) -> tuple[list[RawDocument], list[Problem]]:
    """Read every `.yaml` file below a folder, in the order of their paths.

    Hidden files and folders are skipped; links that lead outside are refused.
    """
    documents: list[RawDocument] = []
    problems: list[Problem] = []
    root = directory.resolve()
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        refusal = _refusal_of_file(path, root)
        if refusal:
            problems.append(Problem(file=name, path="", reason=refusal))
            continue
        try:
            documents.append(read_text(path.read_text(encoding="utf-8"), file=name))
        except UnicodeDecodeError:
            problems.append(Problem(name, "", "UTF-8で書かれていません。UTF-8で保存してください。"))
        except _Unreadable as error:
            problems.append(error.problem)
    return documents, problems


def read_text(text: str, *, file: str) -> RawDocument:
    """Read one YAML text; `file` is only used in refusals.

    Raises: _Unreadable, which `read_folder` turns into a problem.
    """
    try:
        _refuse_aliases(text, file)
        node = _yaml().compose(text)
        data = _yaml().load(text)
    except DuplicateKeyError as error:
        raise _Unreadable(_duplicate(error, file)) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        reason = f"YAMLとして読めません（{error.problem or error.context}）。"
        raise _Unreadable(Problem(file, "", reason, line)) from error
    except (YAMLError, ValueError, RecursionError) as error:
        reason = f"YAMLとして読めません（{type(error).__name__}）。"
        raise _Unreadable(Problem(file, "", reason)) from error
    lines = {} if node is None else dict(_lines(node, ()))
    return RawDocument(file=file, data=data, lines=lines)


class _Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def _yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = False
    return yaml


def _files(root: Path) -> list[Path]:
    found = [path for path in root.rglob("*") if path.suffix in {".yaml", ".yml"}]
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def _refusal_of_file(path: Path, root: Path) -> str:
    if path.suffix == ".yml":
        return "ファイル名の終わりを .yaml にしてください。"
    if not path.resolve().is_relative_to(root):
        return "パックの外を指すリンクは読み込めません。"
    if not path.is_file():
        return "ファイルではありません。"
    if path.stat().st_size > LARGEST_FILE_BYTES:
        return f"大きすぎます（{LARGEST_FILE_BYTES // 1_000_000}MBまで）。"
    return ""


def _refuse_aliases(text: str, file: str) -> None:
    """Refuse `*alias`: a few lines of nested aliases unfold into billions of values."""
    for event in _yaml().parse(text):
        if isinstance(event, AliasEvent):
            reason = f"別名（*{event.anchor}）は使えません。内容をそのまま書いてください。"
            raise _Unreadable(Problem(file, "", reason, event.start_mark.line + 1))


def _duplicate(error: DuplicateKeyError, file: str) -> Problem:
    mark = error.problem_mark
    line = None if mark is None else mark.line + 1
    words = str(error.problem or "")
    key = words.split('"')[1] if words.count('"') > 1 else ""
    reason = f"同じ項目名「{key}」が2回あります。" if key else "同じ項目名が2回あります。"
    return Problem(file, "", reason, line)


def _lines(node: Node, path: Place) -> Iterator[tuple[Place, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, MappingNode):
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else str(key.value)
            yield (*path, name), key.start_mark.line + 1
            yield from (
                (at, line) for at, line in _lines(value, (*path, name)) if len(at) > len(path) + 1
            )
    elif isinstance(node, SequenceNode):
        for position, value in enumerate(node.value):
            yield from _lines(value, (*path, position))
