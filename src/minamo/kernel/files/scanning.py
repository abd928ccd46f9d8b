"""Asking for malware: clamd when it is configured, else a scanner that says nobody looked."""

import socket
import struct
from pathlib import Path

from django.conf import settings

from minamo.contracts.ports import MalwareScanner, ScannerUnavailable, ScanVerdict

CHUNK_BYTES = 64 * 1024
TIMEOUT_SECONDS = 30
_MAX_REPLY_BYTES = 4096


class NullScanner:
    """Stands where no scanner is configured; every file passes and is marked as not scanned."""

    def scan(self, path: Path) -> ScanVerdict:
        """Return clean, by nobody."""
        return ScanVerdict(clean=True, scanner="")


class ClamdScanner:
    """Speaks clamd's INSTREAM over its Unix socket or `host:port`.

    Source: clamd(8), section COMMANDS: `zINSTREAM\\0`, chunks of a 4-byte big-endian length
    and data, a zero length at the end; the reply is `stream: OK` or `stream: NAME FOUND`.
    """

    def __init__(self, address: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.address = address
        self.timeout_seconds = timeout_seconds

    def scan(self, path: Path) -> ScanVerdict:
        """Return clamd's verdict.

        Raises: ScannerUnavailable when clamd cannot be reached, breaks off or reports an error.
        """
        try:
            with self._connect() as connection:
                self._send(connection, path)
                reply = self._read(connection)
        except OSError as error:
            raise ScannerUnavailable(f"clamd at {self.address}: {error}") from error
        return self._verdict(reply)

    def _connect(self) -> socket.socket:
        host, colon, port = self.address.rpartition(":")
        if colon and port.isdigit():
            return socket.create_connection((host.strip("[]"), int(port)), self.timeout_seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.timeout_seconds)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection

    def _send(self, connection: socket.socket, path: Path) -> None:
        connection.sendall(b"zINSTREAM\0")
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # clamd closes early when its size limit is reached, after writing why.
            pass

    def _read(self, connection: socket.socket) -> str:
        received = b""
        while not received.endswith(b"\0") and len(received) < _MAX_REPLY_BYTES:
            part = connection.recv(1024)
            if not part:
                break
            received += part
        return received.rstrip(b"\0").decode("utf-8", "replace").strip()

    def _verdict(self, reply: str) -> ScanVerdict:
        answer = reply.removeprefix("stream:").strip()
        if answer == "OK":
            return ScanVerdict(clean=True, scanner="clamd")
        if answer.endswith(" FOUND"):
            return ScanVerdict(
                clean=False, scanner="clamd", finding=answer.removesuffix(" FOUND").strip()
            )
        raise ScannerUnavailable(f"clamd answered {reply[:200]!r}")


_registered: MalwareScanner | None = None


def register_scanner(scanner: MalwareScanner | None) -> None:
    """Use another scanner than clamd; None goes back to the settings."""
    global _registered
    _registered = scanner


def current_scanner() -> MalwareScanner:
    """Return the registered scanner, clamd when `CLAMD_SOCKET` is set, or the null scanner."""
    if _registered is not None:
        return _registered
    return ClamdScanner(settings.CLAMD_SOCKET) if settings.CLAMD_SOCKET else NullScanner()
