"""The published JSON Schema of the feed: `python -m minamo.plan.neighbours.schema`."""

import argparse
import json
import sys
from pathlib import Path

from .feed import json_schema

FILE = Path(__file__).resolve().parents[4] / "docs/reference/plan-feed.schema.json"


def text() -> str:
    """Return the schema as its file has it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def is_current(file: Path = FILE) -> bool:
    """Return whether the file says what the program reads."""
    return file.exists() and file.read_text(encoding="utf-8") == text()


def main(arguments: list[str]) -> int:
    """Write the schema, or with `--check` only say whether it is current (exit code 1)."""
    parser = argparse.ArgumentParser(prog="python -m minamo.plan.neighbours.schema")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--file", type=Path, default=FILE)
    options = parser.parse_args(arguments)
    if is_current(options.file):
        return 0
    if options.check:
        sys.stdout.write(f"{options.file.name} is not current\n")
        return 1
    options.file.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
