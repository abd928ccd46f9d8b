"""Every sentence marked for translation has its English, and nothing else is kept."""

import re
import shutil
from pathlib import Path

import pytest

from minamo.site import catalogues

ENGLISH = catalogues.LOCALES / "en/LC_MESSAGES/django.po"
NAMED = re.compile(r"%\((\w+)\)[sd]")
TAGS = re.compile(r"</?\w+")


def test_every_sentence_of_the_sources_has_its_english() -> None:
    words = {str(m.id): str(m.string) for m in catalogues.catalogue(ENGLISH) if m.id}
    missing = set(catalogues.messages_in_sources()) - {m for m, text in words.items() if text}
    assert missing == set(), "run: python -m minamo.site.catalogues, then translate"


def test_the_catalogue_holds_nothing_that_is_said_nowhere() -> None:
    known = {str(m.id) for m in catalogues.catalogue(ENGLISH) if m.id}
    assert known - set(catalogues.messages_in_sources()) == set()


def test_english_has_the_same_places_and_tags_and_no_kana() -> None:
    for message in catalogues.catalogue(ENGLISH):
        ja, en = str(message.id), str(message.string)
        if not ja:
            continue
        if not ja.startswith("error."):
            assert set(NAMED.findall(ja)) == set(NAMED.findall(en)), ja
            assert TAGS.findall(ja) == TAGS.findall(en), ja
        assert not re.search("[぀-ヿ㐀-鿿]", en), en
        assert not message.fuzzy


def test_templates_and_code_are_both_read() -> None:
    found = catalogues.messages_in_sources()
    assert any(file.endswith("portal/check.html") for file, _ in found["この内容で申し込む"])
    assert any(file.endswith("portal/timeline.py") for file, _ in found["手続きが終わります"])
    assert "エラー：%(n)sか所を直してください" in found


def test_compiling_happens_once_per_change(tmp_path: Path) -> None:
    folder = tmp_path / "en/LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(ENGLISH, folder)
    assert [path.name for path in catalogues.compile_catalogues(tmp_path)] == ["django.mo"]
    assert catalogues.compile_catalogues(tmp_path) == []
    assert sorted(p.name for p in folder.iterdir()) == ["django.mo", "django.po"]


def test_updating_keeps_translations_and_drops_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    text = ENGLISH.read_text(encoding="utf-8")
    path.write_text(text + '\nmsgid "もう言わない文"\nmsgstr "gone"\n', encoding="utf-8")
    assert catalogues.update(path) == ([], ["もう言わない文"])
    again = {str(m.id): str(m.string) for m in catalogues.catalogue(path)}
    assert again["この内容で申し込む"] == "Apply with these answers"


@pytest.mark.parametrize("name", ["django.mo"])
def test_the_compiled_file_is_not_in_the_repository(name: str) -> None:
    ignored = (catalogues.SOURCES.parents[1] / ".gitignore").read_text()
    assert "*.mo" in ignored.split()
