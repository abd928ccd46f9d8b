"""Block changes of published versions in the database itself.

A later migration that rebuilds the table must install the guard again: SQLite drops a
table's triggers with it. `guard.missing` and its test watch for that.
"""

from django.db import migrations

from minamo.procedures.definitions import guard


def install(apps, schema_editor):
    guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("definitions", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
