from pathlib import Path

import pytest

from minamo.contracts.actors import Actor, ActorKind
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import Entry, history
from minamo.kernel.packs.api import Change, PackRefused, load, manifest_of, utility
from minamo.kernel.packs.models import Pack, PackDocument, PackLoad

from .factories import MANIFEST, OPERATOR, write_pack

pytestmark = pytest.mark.django_db

WELLS = """
    kind: wells
    wells:
      - {name: 一号井, depth_m: 40}
"""
PUMPS = """
    kind: pumps
    pumps: [川端]
"""


def test_a_pack_is_loaded_with_its_documents_in_declared_order(
    tmp_path: Path, loaded: list[str]
) -> None:
    # The file names would sort the other way round.
    report = load(write_pack(tmp_path / "p", a_pumps=PUMPS, b_wells=WELLS), by=OPERATOR)

    assert loaded == ["b_wells.yaml", "a_pumps.yaml"]
    assert report.is_changed
    assert report.count(Change.CREATED) == 2
    assert Pack.objects.get().version == "1.0"
    assert utility() is not None
    assert manifest_of("trial") is not None
    assert manifest_of("other") is None


def test_loading_twice_changes_nothing(tmp_path: Path, loaded: list[str]) -> None:
    folder = write_pack(tmp_path / "p", wells=WELLS)
    first = load(folder, by=OPERATOR)
    rows = list(PackDocument.objects.values()), list(Pack.objects.values())
    entries = Entry.objects.count()

    second = load(folder, by=OPERATOR)

    assert not second.is_changed
    assert second.sha256 == first.sha256
    assert [d.change for d in second.documents] == [Change.UNCHANGED]
    assert (list(PackDocument.objects.values()), list(Pack.objects.values())) == rows
    assert PackLoad.objects.count() == 1
    assert Entry.objects.count() == entries
    assert loaded == ["wells.yaml"]
    assert str(second) == "trial 1.0: nothing has changed"


def test_comments_and_spacing_do_not_count_as_a_change(tmp_path: Path, loaded: list[str]) -> None:
    folder = write_pack(tmp_path / "p", wells=WELLS)
    load(folder, by=OPERATOR)
    (folder / "wells.yaml").write_text(
        "# 井戸\nkind: wells\nwells:\n- name: 一号井\n  depth_m: 40\n", encoding="utf-8"
    )

    assert not load(folder, by=OPERATOR).is_changed


def test_a_changed_document_is_loaded_again_and_only_that_one(
    tmp_path: Path, loaded: list[str]
) -> None:
    folder = write_pack(tmp_path / "p", wells=WELLS, pumps=PUMPS)
    load(folder, by=OPERATOR)
    loaded.clear()
    write_pack(folder, wells=WELLS.replace("40", "45"), pumps=PUMPS)

    report = load(folder, by=OPERATOR)

    assert loaded == ["wells.yaml"]
    assert {d.file: d.change for d in report.documents}["pumps.yaml"] is Change.UNCHANGED
    assert PackLoad.objects.count() == 2


def test_a_load_is_written_into_the_audit_trail(tmp_path: Path, loaded: list[str]) -> None:
    load(write_pack(tmp_path / "p", wells=WELLS), by=OPERATOR)

    entry = history(SubjectRef("packs.pack", "trial")).get()
    assert entry.action == "packs.pack.loaded"
    assert entry.actor_name == "tests"
    assert entry.detail["created"] == 1


def test_a_document_that_disappears_is_reported_and_its_definitions_stay(
    tmp_path: Path, loaded: list[str]
) -> None:
    folder = write_pack(tmp_path / "p", wells=WELLS, pumps=PUMPS)
    load(folder, by=OPERATOR)
    (folder / "pumps.yaml").unlink()

    assert load(folder, by=OPERATOR).absent == ("pumps.yaml",)
    assert not PackDocument.objects.get(path="pumps.yaml").is_present
    assert load(folder, by=OPERATOR).absent == ()


def test_one_wrong_document_keeps_the_whole_pack_out(tmp_path: Path, loaded: list[str]) -> None:
    wrong = "kind: pumps\npumps: 川端\n"
    with pytest.raises(PackRefused) as refusal:
        load(write_pack(tmp_path / "p", wells=WELLS, pumps=wrong), by=OPERATOR)

    (problem,) = refusal.value.problems
    assert (problem.file, problem.path, problem.line) == ("pumps.yaml", "pumps", 2)
    assert problem.reason == "一覧（- で始まる行）で書いてください。"
    assert loaded == []
    assert not Pack.objects.exists()


def test_a_loader_that_refuses_rolls_everything_back(tmp_path: Path, loaded: list[str]) -> None:
    dry = "kind: wells\nwells:\n  - name: 一号井\n    depth_m: 4\n  - name: 枯れ井戸\n    depth_m: 4\n"
    with pytest.raises(PackRefused) as refusal:
        load(write_pack(tmp_path / "p", a=WELLS, b=dry), by=OPERATOR)

    assert str(refusal.value) == "b.yaml:5 wells[1].name: 枯れ井戸は載せられません。"
    assert loaded == ["a.yaml", "b.yaml"]
    assert not Pack.objects.exists()
    assert not Entry.objects.exists()


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path, loaded: list[str]) -> None:
    with pytest.raises(PackRefused) as refusal:
        load(
            write_pack(
                tmp_path / "p",
                pack=MANIFEST.replace('"1.0"', "1.0"),
                wells="kind: wells\nwells:\n  - {name: 一号井, depth_m: 0, colour: blue}\n  - {}\n",
                other="kind: rivers\n",
            ),
            by=OPERATOR,
        )

    told = {(p.file, p.path): (p.line, p.reason) for p in refusal.value.problems}
    assert told[("wells.yaml", "wells[0].depth_m")] == (3, "1以上にしてください。")
    assert told[("wells.yaml", "wells[0].colour")][1].startswith("知らない項目です")
    assert told[("wells.yaml", "wells[1].name")] == (4, "必要な項目がありません。")
    assert told[("other.yaml", "kind")][1].startswith("文書の種類「rivers」は知りません")
    assert told[("pack.yaml", "version")][1].startswith("文字で書いてください")
    assert len(told) == 6


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("kind: wells\nkind: wells\nwells: []\n", 2, "同じ項目名「kind」が2回あります。"),
        ("kind: wells\nwells: [\n", None, "YAMLとして読めません"),
        ("kind: wells\nwells: &w []\nmore: *w\n", 3, "別名（*w）は使えません"),
        ("kind: !!python/object/apply:os.system [id]\n", 1, "YAMLとして読めません"),
        ("- kind: wells\n", 1, "文書は項目名と値の組で書いてください。"),
        ("wells: []\n", 1, "文書の種類（kind:）がありません。"),
        ("", None, "文書は項目名と値の組で書いてください。"),
        ("kind: [wells]\n", 1, "は知りません"),
        ("kind: wells\n---\nkind: wells\n", None, "YAMLとして読めません"),
    ],
)
def test_text_that_is_no_document_is_refused_with_its_line(
    tmp_path: Path, loaded: list[str], text: str, line: int | None, words: str
) -> None:
    folder = write_pack(tmp_path / "p")
    (folder / "wells.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackRefused) as refusal:
        load(folder, by=OPERATOR)

    (problem,) = refusal.value.problems
    assert problem.file == "wells.yaml"
    assert words in problem.reason
    if line is not None:
        assert problem.line == line


def test_files_outside_the_pack_or_in_another_spelling_are_refused(
    tmp_path: Path, loaded: list[str]
) -> None:
    folder = write_pack(tmp_path / "p", wells=WELLS)
    (tmp_path / "secret.yaml").write_text("kind: wells\nwells: []\n", encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "pumps.yml").write_text("kind: pumps\npumps: []\n", encoding="utf-8")
    (folder / "sjis.yaml").write_bytes("kind: 井戸\n".encode("cp932"))
    (folder / "large.yaml").write_text("#" * 2_000_001, encoding="utf-8")
    (folder / ".hidden.yaml").write_text("not: read\n", encoding="utf-8")
    with pytest.raises(PackRefused) as refusal:
        load(folder, by=OPERATOR)

    told = {p.file: p.reason for p in refusal.value.problems}
    assert told == {
        "link.yaml": "パックの外を指すリンクは読み込めません。",
        "pumps.yml": "ファイル名の終わりを .yaml にしてください。",
        "sjis.yaml": "UTF-8で書かれていません。UTF-8で保存してください。",
        "large.yaml": "大きすぎます（2MBまで）。",
    }


def test_a_folder_without_a_cover_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="表紙"):
        load(tmp_path, by=OPERATOR)
    with pytest.raises(PackRefused, match="フォルダーがありません"):
        load(tmp_path / "nothing", by=OPERATOR)


def test_citizens_and_installers_cannot_load_packs(tmp_path: Path, loaded: list[str]) -> None:
    folder = write_pack(tmp_path / "p", wells=WELLS)
    for kind in (ActorKind.CITIZEN, ActorKind.GUEST, ActorKind.INSTALLER, ActorKind.MACHINE):
        with pytest.raises(PackRefused, match="職員と運用"):
            load(folder, by=Actor(kind, "x", "だれか"))
    assert not Pack.objects.exists()


def test_the_report_is_plain_data(tmp_path: Path, loaded: list[str]) -> None:
    report = load(write_pack(tmp_path / "p", wells=WELLS), by=OPERATOR)

    assert report.as_json()["documents"] == [
        {"file": "wells.yaml", "kind": "wells", "change": "created"}
    ]
    assert str(report) == "trial 1.0: 1 new, 0 changed documents"
