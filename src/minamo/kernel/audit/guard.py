"""The database's own refusal to change what was recorded: triggers for both vendors.

The triggers stop mistakes and ordinary attackers; whoever owns the database can drop
them, and then the hash chain tells.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "audit entries are append-only"
HEAD_MESSAGE = "the audit head only moves forward by one"

_SQLITE = {
    "audit_entry_no_update": f"""
        CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    "audit_entry_no_delete": f"""
        CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    "audit_head_forward": f"""
        CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_chainhead
        WHEN NEW.id <> OLD.id OR NEW.seq <> OLD.seq + 1
        BEGIN SELECT RAISE(ABORT, '{HEAD_MESSAGE}'); END""",
    "audit_head_no_delete": f"""
        CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_chainhead
        BEGIN SELECT RAISE(ABORT, '{HEAD_MESSAGE}'); END""",
}
_POSTGRESQL_FUNCTIONS = f"""
    CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$;
    CREATE OR REPLACE FUNCTION audit_head_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{HEAD_MESSAGE}'; END $$;
"""
_POSTGRESQL = {
    "audit_entry_no_update": """
        CREATE TRIGGER audit_entry_no_update BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    "audit_entry_no_truncate": """
        CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    "audit_head_forward": """
        CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_chainhead
        FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.seq <> OLD.seq + 1)
        EXECUTE FUNCTION audit_head_refuse()""",
    "audit_head_no_delete": """
        CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_chainhead
        FOR EACH ROW EXECUTE FUNCTION audit_head_refuse()""",
    "audit_head_no_truncate": """
        CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_chainhead
        FOR EACH STATEMENT EXECUTE FUNCTION audit_head_refuse()""",
}


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE


def _table_of(trigger: str) -> str:
    return "audit_chainhead" if trigger.startswith("audit_head") else "audit_entry"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; those already there are replaced."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTIONS)
        for statement in _triggers(connection).values():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: before the tables are dropped or a test database is emptied."""
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            table = f" ON {_table_of(name)}" if connection.vendor == "postgresql" else ""
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
