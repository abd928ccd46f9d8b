"""The engine's own table of words."""

from django.db import migrations

POSTGRESQL = [
    "CREATE TABLE search_words (rowid bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX search_words_gin ON search_words USING gin (words)",
]
SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5(words, {content}detail=full, tokenize='ascii')"
)
# Keeping only the index halves the table; before this version such a table refuses DELETE.
SQLITE_WITHOUT_CONTENT = (3, 43)
DROP = "DROP TABLE search_words"


def create(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)
        return
    is_able = connection.Database.sqlite_version_info >= SQLITE_WITHOUT_CONTENT
    content = "content='', contentless_delete=1, " if is_able else ""
    schema_editor.execute(SQLITE.format(content=content))


def drop(apps, schema_editor):
    schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
