"""Packs written into a folder of the test."""

from pathlib import Path
from textwrap import dedent

from minamo.contracts.actors import Actor

OPERATOR = Actor.system("tests")

MANIFEST = """
    kind: pack
    name: trial
    title: ためしのパック
    version: "1.0"
    utility:
      name: 水沢原市上下水道局
      municipality: 水沢原市
      prefecture: 岩手県
      municipality_code: "000000"
"""


def write_pack(folder: Path, **documents: str) -> Path:
    """Write a pack; keyword `wells` becomes `wells.yaml`, `pack` replaces the cover sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"pack": MANIFEST, **documents}.items():
        (folder / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")
    return folder
