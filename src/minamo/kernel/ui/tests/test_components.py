"""Every component is written by the rules and shown in the gallery."""

import re
from pathlib import Path

import pytest
from django.test import Client

from minamo.kernel.ui import gallery, icons

COTTON = Path(gallery.__file__).with_name("templates") / "cotton"
COMPONENTS = sorted(f"{file.parent.name}.{file.stem}" for file in COTTON.rglob("*.html"))
TEMPLATES = sorted((Path(gallery.__file__).with_name("templates")).rglob("*.html"))


def source_of(component: str) -> str:
    folder, name = component.split(".")
    return (COTTON / folder / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("component", COMPONENTS)
def test_component_says_its_variables_and_declares_them(component: str) -> None:
    source = source_of(component)
    assert source.startswith("{# "), "a header comment lists the variables"
    assert re.search(r"\bVariables: ", source.splitlines()[0]) or "none" in source.splitlines()[0]
    assert "<c-vars" in source


@pytest.mark.parametrize("component", COMPONENTS)
def test_component_declares_every_variable_it_reads(component: str) -> None:
    source = source_of(component)
    declared = set(re.findall(r"[\s:]([a-z_]+)=", re.search(r"<c-vars(.*?)/>", source).group(1)))
    local = set(re.findall(r"{% for ([a-z_, ]+) in", source))
    names = {n.strip() for group in local for n in group.split(",")}
    for settings in re.findall(r"{% blocktranslate with ([^%]+) %}", source):
        names |= set(re.findall(r"([a-z_]+)=", settings))
    read = set(re.findall(r"{{ ?([a-z_]+)", source)) | set(re.findall(r"{% if ([a-z_]+)", source))
    free = {"slot", "attrs", "forloop", "not"}
    assert read - declared - names - free == set(), "undeclared names leak in from the page"


@pytest.mark.parametrize("component", COMPONENTS)
def test_component_has_a_gallery_entry(component: str) -> None:
    shown = {name for entry in gallery.ENTRIES for name in entry.components}
    assert component in shown


@pytest.mark.parametrize("entry", gallery.ENTRIES, ids=lambda e: e.name)
def test_gallery_page_shows_the_components_it_names(entry: gallery.Entry, client: Client) -> None:
    response = client.get(f"/ui/{entry.name}/")
    assert response.status_code == 200
    page = (gallery.FOLDER / f"{entry.name}.html").read_text(encoding="utf-8")
    for component in entry.components:
        assert f"<c-{component}" in page


def test_gallery_is_not_there_for_strangers_outside_demo_mode(
    client: Client, settings: object
) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.get("/ui/").status_code == 404
    assert client.get("/ui/button/").status_code == 404


def test_unknown_gallery_page_is_not_found(client: Client) -> None:
    assert client.get("/ui/nothing/").status_code == 404


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.name)
def test_templates_hold_no_inline_script_style_or_handler(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=\"", source)
    assert "<script" not in source
    assert "<style" not in source


def test_typed_text_is_escaped_in_attributes_and_text(client: Client) -> None:
    page = client.get("/ui/field/").content.decode()
    assert "&quot;引用&quot; と &lt;記号&gt; &amp; の入ることば" in page
    assert "<記号>" not in page
    assert "&amp;quot;" not in page


def test_field_links_hint_and_error_to_its_control(client: Client) -> None:
    page = client.get("/ui/field/").content.decode()
    assert 'aria-describedby="f-c-hint f-c-error" aria-invalid="true"' in page
    assert 'id="f-c-hint"' in page
    assert 'id="f-c-error"' in page


def test_icons_are_hidden_unless_they_have_a_label() -> None:
    assert 'aria-hidden="true"' in icons.draw("alert")
    assert 'role="img" aria-label="注意"' in icons.draw("alert", label="注意")
    assert 'aria-label="&lt;b&gt;"' in icons.draw("alert", label="<b>")


def test_unknown_icon_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        icons.draw("no-such-icon")
