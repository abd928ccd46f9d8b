import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from minamo.kernel.packs import schemas
from minamo.kernel.packs.reader import read_folder

PACKS = Path(__file__).resolve().parents[5] / "packs"


def test_published_schemas_are_current() -> None:
    assert schemas.stale(schemas.FOLDER) == [], "run: python -m minamo.kernel.packs.schemas"


def test_a_stale_folder_is_brought_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "left-over.json").write_text("{}", encoding="utf-8")
    assert schemas.main(["--check", "--folder", str(tmp_path)]) == 1
    assert "left-over.json is not current" in capsys.readouterr().out
    assert schemas.main(["--folder", str(tmp_path)]) == 0
    assert schemas.main(["--check", "--folder", str(tmp_path)]) == 0
    assert not (tmp_path / "left-over.json").exists()


@pytest.mark.parametrize("name", ["morioka", "sample"])
def test_the_packs_we_ship_fit_the_published_schemas(name: str) -> None:
    """Editors check packs against these files, so they must accept what we ship."""
    documents, problems = read_folder(PACKS / name)
    assert problems == []
    for document in documents:
        schema = json.loads((schemas.FOLDER / f"{document.data['kind']}.json").read_text())
        # Dates are text in JSON; YAML reads them as dates.
        plain = json.loads(json.dumps(document.data, default=str))
        jsonschema.validate(plain, schema)
    assert YAML(typ="safe").load((PACKS / name / "pack.yaml").read_text())["name"] == name
