"""A small faithful counterpart of clamd: speaks `zINSTREAM` on a Unix socket.

Source: clamd(8) and clamd/session.c of ClamAV 1.0: chunks with a 4-byte length in network
order, end marked by zero, `StreamMaxLength` answered with `INSTREAM size limit exceeded. ERROR`
followed by closing the connection; replies of `z` commands end in NUL.
"""

import socket
import struct
import tempfile
import threading
from pathlib import Path
from types import TracebackType

# The harmless test file that every scanner reports. Source: EICAR.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """Serves one connection after another in a thread until closed."""

    def __init__(self, *, stream_max_bytes: int = 25 * 1024 * 1024, silent: bool = False) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.address = str(Path(self.folder.name) / "clamd.ctl")
        self.stream_max_bytes = stream_max_bytes
        self.silent = silent
        self.received: list[bytes] = []
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.address)
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Clamd":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Wakes the accepting thread, which a mere close would not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=5)
        self._listener.close()
        self.folder.cleanup()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self._answer(connection)
                except (ConnectionError, struct.error):
                    continue

    def _answer(self, connection: socket.socket) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += connection.recv(1)
        if command != b"zINSTREAM\0":
            connection.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack(">I", self._exactly(connection, 4))[0]:
            if len(content) + length > self.stream_max_bytes:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
            content += self._exactly(connection, length)
        self.received.append(content)
        if self.silent:
            return
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        connection.sendall(found)

    def _exactly(self, connection: socket.socket, count: int) -> bytes:
        content = b""
        while len(content) < count:
            part = connection.recv(min(65536, count - len(content)))
            if not part:
                raise ConnectionError
            content += part
        return content
