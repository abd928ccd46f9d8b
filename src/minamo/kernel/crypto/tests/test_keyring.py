"""The key file: private, made once, seen by all processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from minamo.kernel.crypto import keyring
from minamo.kernel.crypto.api import KeyMissing, KeyringRefused, blind_index, blind_indexes
from minamo.kernel.crypto.sealing import seal, unseal

pytestmark = pytest.mark.usefixtures("own_keys")


def test_key_file_is_private_and_made_at_the_first_use(own_keys: Path) -> None:
    ring = keyring.current()
    assert own_keys.stat().st_mode & 0o777 == 0o600
    assert own_keys.parent.stat().st_mode & 0o777 == 0o700
    assert keyring.current() is ring
    assert [file.name for file in own_keys.parent.iterdir()] == ["field_keys.json"]


def test_key_file_open_to_others_is_refused(own_keys: Path) -> None:
    keyring.current()
    own_keys.chmod(0o640)
    with pytest.raises(KeyringRefused, match="chmod 600"):
        keyring.current()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "keys": {}}'])
def test_broken_key_file_is_refused_and_left_as_it_is(own_keys: Path, content: str) -> None:
    own_keys.parent.mkdir(mode=0o700)
    own_keys.write_text(content)
    own_keys.chmod(0o600)
    with pytest.raises(KeyringRefused, match="safe copy"):
        keyring.current()
    assert own_keys.read_text() == content


def test_short_key_is_refused(own_keys: Path) -> None:
    keyring.current()
    document = json.loads(own_keys.read_text())
    document["keys"][document["current"]] = "c2hvcnQ="
    own_keys.write_text(json.dumps(document))
    with pytest.raises(KeyringRefused, match="5 bytes"):
        keyring.current()


def test_added_key_seals_and_older_values_still_open() -> None:
    old = seal(b"a", place="p")
    key_id = keyring.add_key()
    new = seal(b"a", place="p")
    assert new.key_id == key_id != old.key_id
    assert unseal(old, place="p") == unseal(new, place="p") == b"a"


def test_key_added_by_another_process_is_seen(own_keys: Path) -> None:
    old_ring = keyring.current()
    _process(own_keys.parent.parent, "keyring.add_key()").communicate(timeout=60)
    assert keyring.current().current != old_ring.current
    assert seal(b"a", place="p").key_id == keyring.current().current


def test_value_of_a_missing_key_is_refused_with_the_key_id() -> None:
    token = seal(b"a", place="p")
    with pytest.raises(KeyMissing, match="k9-000000"):
        unseal(token.replace(token.key_id, "k9-000000"), place="p")


@pytest.mark.slow
def test_processes_starting_together_make_one_key_file(own_keys: Path) -> None:
    body = "print(keyring.current().current)"
    started = [_process(own_keys.parent.parent, body) for _ in range(4)]
    seen = {process.communicate(timeout=60)[0] for process in started}
    assert len(seen) == 1
    assert [file.name for file in own_keys.parent.iterdir()] == ["field_keys.json"]


@pytest.mark.slow
def test_keys_added_by_processes_at_once_are_all_kept(own_keys: Path, key_ids) -> None:
    keyring.current()
    started = [_process(own_keys.parent.parent, "keyring.add_key()") for _ in range(4)]
    for process in started:
        process.communicate(timeout=60)
    assert [process.returncode for process in started] == [0] * 4
    assert [key.split("-")[0] for key in key_ids()] == ["k1", "k2", "k3", "k4", "k5"]


def test_blind_index_is_stable_keyed_and_bound_to_its_purpose(
    settings: object, tmp_path: Path
) -> None:
    first = blind_index("0198234417", purpose="phone")
    assert len(first) == 32
    assert first == blind_index("0198234417", purpose="phone")
    assert blind_indexes(["0198234417"], purpose="phone") == [first]
    assert first != blind_index("0198234417", purpose="fax")
    keyring.add_key()
    assert first == blind_index("0198234417", purpose="phone")
    settings.DATA_DIR = tmp_path / "other"
    assert first != blind_index("0198234417", purpose="phone")


def _process(data_dir: Path, body: str) -> subprocess.Popen[str]:
    code = (
        "from pathlib import Path; from django.conf import settings\n"
        f"settings.configure(DATA_DIR=Path({str(data_dir)!r}))\n"
        f"from minamo.kernel.crypto import keyring\n{body}"
    )
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    )
