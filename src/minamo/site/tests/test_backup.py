"""A backup is one only when it was read back: the real commands on a real installation."""

import json
import os
import secrets
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers import REPOSITORY, PostgresCluster

from minamo.site.backup.container import BackupRefused
from minamo.site.backup.restoration import _extract

pytestmark = pytest.mark.slow


class Installation:
    """An installation in a folder of its own, driven by the command."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in {"SECRET_KEY", "DATABASE_URL"}},
            "DATA_DIR": str(folder),
            "DEMO": "1",
        }
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        if database_url:
            self.environment["DATABASE_URL"] = database_url

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def minamo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "minamo.site", *arguments)

    def entries(self) -> int:
        return int(json.loads(self.minamo("audit", "verify", "--json").stdout)["entries"])


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("backup") / "data"
    folder.mkdir()
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        with PostgresCluster() as cluster:
            made = Installation(folder, cluster.create_database(f"b_{secrets.token_hex(4)}"))
            # pg_dump and friends of the cluster's own version.
            made.environment["PATH"] = f"{cluster.binaries}:{made.environment['PATH']}"
            yield _filled(made)
        return
    yield _filled(Installation(folder, ""))


def _filled(made: Installation) -> Installation:
    assert made.run("manage.py", "migrate", "-v0").returncode == 0
    assert made.minamo("pack", "load", str(REPOSITORY / "packs" / "morioka")).returncode == 0
    return made


def test_drill_compares_everything(installation: Installation) -> None:
    done = installation.minamo("backup", "drill", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["tables"] > 20
    assert result["rows"] > 50
    assert not list(installation.folder.glob(".drill-*")), "the drill leaves nothing behind"


def test_restored_installation_is_what_it_was(installation: Installation) -> None:
    before = installation.entries()
    made = json.loads(installation.minamo("backup", "create", "--json").stdout)
    assert "minamo-" in made["path"]
    change = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE']='minamo.site.settings';"
        "import django; django.setup();"
        "from minamo.kernel.identity.api import create_user;"
        "from minamo.contracts.actors import Actor;"
        "create_user(username='late', display_name='後から', kind='staff',"
        " password='a-long-password-1', by=Actor.system('tests'))"
    )
    assert installation.run("-c", change).returncode == 0
    assert installation.entries() > before
    done = installation.minamo("backup", "restore", made["path"], "--yes")
    assert done.returncode == 0, done.stderr
    assert installation.entries() == before


def test_damaged_backup_and_foreign_key_are_refused(installation: Installation) -> None:
    made = json.loads(installation.minamo("backup", "create", "--json").stdout)
    whole = Path(made["path"]).read_bytes()
    before = installation.entries()
    damaged = Path(made["path"]).with_name("damaged.backup")
    damaged.write_bytes(whole[:-200])
    done = installation.minamo("backup", "restore", str(damaged), "--yes")
    assert done.returncode == 1
    assert "cut short" in done.stderr
    other = Installation(installation.folder, installation.environment.get("DATABASE_URL", ""))
    other.environment["BACKUP_KEY"] = "another key"
    done = other.minamo("backup", "restore", made["path"], "--yes")
    assert done.returncode == 1
    assert installation.entries() == before


def test_keys_are_not_in_a_backup_and_not_readable_by_others(installation: Installation) -> None:
    folder = installation.folder / "secrets"
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    loose = folder / "secret_key"
    loose.chmod(0o644)
    try:
        done = installation.minamo("audit", "verify")
        assert done.returncode != 0
        assert "chmod 600" in done.stderr
    finally:
        loose.chmod(0o600)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("../outside", tarfile.REGTYPE, "outside itself"),
        ("/etc/outside", tarfile.REGTYPE, "outside itself"),
        ("files/link", tarfile.SYMTYPE, "no file"),
        ("files/pipe", tarfile.FIFOTYPE, "no file"),
    ],
)
def test_an_archive_with_anything_but_files_below_itself_is_refused(
    tmp_path: Path, name: str, kind: bytes, words: str
) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    archive = tmp_path / "archive.tar"
    with tarfile.open(archive, "w") as tar:
        tar.addfile(member)
    target = tmp_path / "target"
    target.mkdir()
    with tarfile.open(archive) as tar, pytest.raises(BackupRefused, match=words):
        _extract(tar, target)
    assert list(target.iterdir()) == []
