"""The database's own refusal to change a published version: triggers for both vendors.

Services refuse first, in words; the triggers stop whatever goes past them. A draft may
change in every way. Afterwards only the state (forward), `retired_at` and the hard
deadline may move, and a version is never deleted.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "a published version is immutable"
_TABLE = "definitions_procedureversion"
_FIXED = (
    "procedure_id",
    "number",
    "schema_version",
    "sha256",
    "change_class",
    "note",
    "created_at",
    "published_at",
    "published_by",
    "open_from",
)


def _changed(distinct: str, definition: str) -> str:
    tests = [f"OLD.{name} {distinct} NEW.{name}" for name in _FIXED]
    tests.append(f"OLD.{definition} {distinct} NEW.{definition}")
    # Draft → published → retired, never back.
    tests += ["NEW.state = 'draft'", "(OLD.state = 'retired' AND NEW.state <> 'retired')"]
    return f"OLD.state <> 'draft' AND ({' OR '.join(tests)})"


_SQLITE = {
    "definitions_version_fixed": f"""
        CREATE TRIGGER definitions_version_fixed BEFORE UPDATE ON {_TABLE}
        WHEN {_changed("IS NOT", "definition")}
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    "definitions_version_kept": f"""
        CREATE TRIGGER definitions_version_kept BEFORE DELETE ON {_TABLE}
        WHEN OLD.state <> 'draft'
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
}
_POSTGRESQL_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION definitions_version_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$;
"""
_POSTGRESQL = {
    "definitions_version_fixed": f"""
        CREATE TRIGGER definitions_version_fixed BEFORE UPDATE ON {_TABLE}
        FOR EACH ROW WHEN ({_changed("IS DISTINCT FROM", "definition")})
        EXECUTE FUNCTION definitions_version_refuse()""",
    "definitions_version_kept": f"""
        CREATE TRIGGER definitions_version_kept BEFORE DELETE ON {_TABLE}
        FOR EACH ROW WHEN (OLD.state <> 'draft')
        EXECUTE FUNCTION definitions_version_refuse()""",
}


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; those already there are replaced."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for statement in _triggers(connection).values():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: before the table is dropped or a test database is emptied."""
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            table = f" ON {_TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that are not in place."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return sorted(set(_triggers(connection)) - present)
