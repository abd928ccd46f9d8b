"""A version's document as a file: YAML as packs have it, JSON for machines."""

import json
from collections.abc import Mapping
from decimal import Decimal
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from minamo.plan.measures.schemas import PlanDocument

_WIDTH = 4096


def as_yaml(document: PlanDocument) -> str:
    """Return a document as a pack's file; loading it again gives the same document."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    # A sentence stays on its line, however long.
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(_plain(document.model_dump(exclude_defaults=True)), stream)
    return stream.getvalue()


def as_json(document: PlanDocument) -> str:
    """Return a document as JSON with every field, numbers as numbers."""
    return json.dumps(_plain(document.model_dump()), ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    """Return plain lists, texts and numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
