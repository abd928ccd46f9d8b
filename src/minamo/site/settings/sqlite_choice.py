"""Put the bundled SQLite in the place of the system's before Django imports it.

The system's SQLite 3.7.0–3.51.2 can corrupt a WAL that is reset while another
process reads it (fixed in 3.51.3). Source: https://sqlite.org/wal.html
"""

import sys

try:
    import pysqlite3
except ImportError:  # linux-aarch64 has no wheel; /healthz warns when the system's is affected
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = sys.modules["pysqlite3.dbapi2"]
