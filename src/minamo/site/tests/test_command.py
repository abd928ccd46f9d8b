"""The `minamo` command: each sub-command is a front door to a service."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minamo.site.command import cli

pytestmark = pytest.mark.django_db
REPOSITORY = Path(__file__).resolve().parents[4]


def minamo(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_business_days_are_added_in_either_calendar() -> None:
    answer = minamo("calendar", "add-business-days", "R8.12.28", "1", "--json")
    assert json.loads(answer.output) == {"date": "2027-01-04"}
    assert minamo("calendar", "add-business-days", "2026-11-20", "1").output == "2026-11-24\n"


def test_impossible_date_is_refused_with_the_reason() -> None:
    answer = minamo("calendar", "add-business-days", "令和8年11月31日", "1")
    assert answer.exit_code == 1
    assert "11月は30日まで" in answer.output


def test_pack_loads_twice_and_changes_nothing_the_second_time() -> None:
    folder = str(REPOSITORY / "packs" / "morioka")
    first = json.loads(minamo("pack", "load", folder, "--json").output)
    again = json.loads(minamo("pack", "load", folder, "--json").output)
    changes = {document["change"] for document in again["documents"]}
    assert changes == {"unchanged"}
    assert first != again


def test_wrong_pack_is_refused_with_file_path_and_reason(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("kind: pack\nname: broken\ncolour: blue\n")
    answer = minamo("pack", "load", str(tmp_path))
    assert answer.exit_code == 1
    assert "nothing was loaded" in answer.output
    assert "pack.yaml: colour" in answer.output


def test_audit_verify_counts_entries() -> None:
    minamo("pack", "load", str(REPOSITORY / "packs" / "sample"))
    verdict = json.loads(minamo("audit", "verify", "--json").output)
    assert verdict["ok"] is True
    assert verdict["entries"] > 0


@pytest.mark.parametrize(
    "arguments",
    [["pack", "load"], ["audit", "verify"], ["demo", "load"], ["demo", "empty"],
     ["calendar", "add-business-days"], ["backup", "create"], ["backup", "restore"],
     ["backup", "drill"], ["keys", "rotate"]],
)  # fmt: skip
def test_every_sub_command_answers_as_json_too(arguments: list[str]) -> None:
    assert "--json" in minamo(*arguments, "--help").output
