"""`GET /healthz`: whether this installation can do its work."""

import sqlite3

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from minamo.kernel.identity.api import access

from . import sqlite_health


@access.public
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 `{"status": "ok"}` when the database answers, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "unreachable"}, status=503)
    engine = f"sqlite {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else "postgresql"
    warnings = [w for w in [sqlite_health.warning()] if w]
    return JsonResponse({"status": "ok", "database": engine, "warnings": warnings})
