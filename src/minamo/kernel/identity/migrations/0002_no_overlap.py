"""The database refuses the same membership twice on one day.

An exclusion constraint would need the btree_gist extension on PostgreSQL and does not
exist on SQLite, so both get a trigger; the services lock the user's row first.
"""

from django.db import migrations

MESSAGE = "the same membership already holds on one of these days"
TABLES = {
    "identity_membership": ("user_id", "section_id", "role_id"),
    "identity_installermember": ("user_id", "company_id"),
}


def _overlap(table, columns):  # table and column names are the constants above
    same = " AND ".join(f"other.{column} = NEW.{column}" for column in columns)
    return f"""EXISTS (
        SELECT 1 FROM {table} other WHERE {same} AND other.id <> NEW.id
        AND (NEW.valid_to IS NULL OR other.valid_from < NEW.valid_to)
        AND (other.valid_to IS NULL OR other.valid_to > NEW.valid_from))"""  # noqa: S608


def install(apps, schema_editor):
    for table, columns in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"""CREATE FUNCTION {table}_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF {_overlap(table, columns)} THEN
                RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'exclusion_violation'; END IF;
                RETURN NEW; END $$"""
            )
            schema_editor.execute(
                f"""CREATE TRIGGER {table}_no_overlap BEFORE INSERT OR UPDATE ON {table}
                FOR EACH ROW EXECUTE FUNCTION {table}_refuse_overlap()"""
            )
            continue
        for verb in ("INSERT", "UPDATE"):
            schema_editor.execute(
                # AFTER, because a row being inserted has no id before.
                f"""CREATE TRIGGER {table}_no_overlap_{verb.lower()} AFTER {verb} ON {table}
                WHEN {_overlap(table, columns)}
                BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
            )


def remove(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_no_overlap ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_refuse_overlap()")
            continue
        for verb in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_overlap_{verb}")


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
