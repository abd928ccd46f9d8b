"""Fetching a feed from a machine that nobody here controls: bounded in time, size and reach."""

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import httpcore
import httpx

from .addresses import AddressRefused, Policy, check_address, checked_url

SECONDS = 10.0
MOST_BYTES = 2 * 1024 * 1024
MOST_REDIRECTS = 3
LONGEST_ETAG = 200
AGENT = "Minamo plan feed reader"
Clock = Callable[[], float]


class Failure(StrEnum):
    """Why there is no new copy; the value is the heading people read."""

    UNREACHABLE = "つながらない"
    TOO_LARGE = "大きすぎる"
    TOO_SLOW = "遅すぎる"
    WRONG_SHAPE = "形がちがう"
    OLD = "古い"
    NOT_ALLOWED = "取りに行けないアドレス"


class FetchFailed(Exception):
    """No feed was received; `failure` and `words` say why."""

    def __init__(self, failure: Failure, words: str) -> None:
        super().__init__(words)
        self.failure = failure
        self.words = words


@dataclass(frozen=True, slots=True)
class Received:
    """What the other side sent; `body` None: it says that nothing changed (304)."""

    body: bytes | None
    etag: str = ""


def fetch(address: str, *, policy: Policy, etag: str = "", seconds: float = SECONDS) -> Received:
    """Fetch a document, all in all within the time, following at most three redirects.

    Raises: FetchFailed.
    """
    deadline = _Deadline(seconds)
    try:
        with httpx.Client(
            transport=_Transport(policy, deadline),
            trust_env=False,
            follow_redirects=False,
            headers={
                "User-Agent": AGENT,
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
            timeout=seconds,
        ) as client:
            return _follow(client, address, etag=etag, deadline=deadline)
    except AddressRefused as error:
        raise FetchFailed(Failure.NOT_ALLOWED, error.words) from error
    except (httpcore.TimeoutException, httpx.TimeoutException, TimeoutError) as error:
        raise FetchFailed(
            Failure.TOO_SLOW, f"{seconds:g}秒で受け取り終わりませんでした。"
        ) from error
    except (httpcore.NetworkError, httpx.HTTPError, OSError) as error:
        raise FetchFailed(Failure.UNREACHABLE, _network_words(error)) from error
    except (httpcore.ProtocolError, httpx.InvalidURL, ValueError) as error:
        raise FetchFailed(Failure.UNREACHABLE, "相手の答えがウェブの形ではありません。") from error


def _follow(client: httpx.Client, address: str, *, etag: str, deadline: "_Deadline") -> Received:
    url = checked_url(address)
    headers = {"If-None-Match": etag} if etag else {}
    for _ in range(MOST_REDIRECTS + 1):
        with client.stream("GET", url, headers=headers) as response:
            if not response.has_redirect_location:
                return _received(response, deadline)
            # Checked anew: a redirect may lead to where nobody would have let it begin.
            url = checked_url(str(url.join(response.headers["Location"])))
    raise FetchFailed(Failure.UNREACHABLE, f"転送が{MOST_REDIRECTS}回をこえました。")


def _received(response: httpx.Response, deadline: "_Deadline") -> Received:
    if response.status_code == httpx.codes.NOT_MODIFIED:
        return Received(None)
    if response.status_code != httpx.codes.OK:
        raise FetchFailed(
            Failure.UNREACHABLE,
            f"相手が「{response.status_code}」と答えました。アドレスを確かめてください。",
        )
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise FetchFailed(Failure.WRONG_SHAPE, "JSONではないものが返ってきました（Content-Type）。")
    length = response.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > MOST_BYTES:
        raise _too_large()
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    body = bytearray()
    for piece in _plain_pieces(response.iter_raw(), encoding):
        deadline.left()
        body += piece
        if len(body) > MOST_BYTES:
            raise _too_large()
    return Received(bytes(body), etag=response.headers.get("ETag", "")[:LONGEST_ETAG])


def _plain_pieces(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield the body unpacked, never more than the limit at once, however it was packed."""
    if encoding in {"", "identity"}:
        yield from pieces
        return
    if encoding not in {"gzip", "x-gzip"}:
        raise FetchFailed(Failure.WRONG_SHAPE, "読めない圧縮のしかたで送られてきました。")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for piece in pieces:
            yield unpacker.decompress(piece, MOST_BYTES + 1)
            if unpacker.unconsumed_tail:
                raise _too_large()
    except zlib.error as error:
        raise FetchFailed(Failure.WRONG_SHAPE, "圧縮がこわれていて読めません。") from error
    if not unpacker.eof:
        raise FetchFailed(Failure.WRONG_SHAPE, "圧縮が途中で切れていて読めません。")


def _network_words(error: Exception) -> str:
    # httpcore hands the reason over as the argument of its own error.
    if any(isinstance(reason, ssl.SSLError) for reason in (error, *error.args)):
        return "つながりましたが、相手の証明書を確かめられません。"
    return "つながりません。相手が止まっているか、アドレスがちがいます。"


def _too_large() -> FetchFailed:
    return FetchFailed(
        Failure.TOO_LARGE, f"{MOST_BYTES // 1024 // 1024}MBより大きいため、やめました。"
    )


class _Deadline:
    """The one end of time for everything: names, connections, headers, body."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises: TimeoutError when there are none.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError
        return left


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends with the deadline.

    A sender that gives one byte a second never lets a single read time out.
    """

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(
            ssl_context,  # type: ignore[arg-type]
            server_hostname,
            self._deadline.left(),
        )
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to addresses that the policy allows, and to exactly the ones it looked at.

    The name is resolved once, here: a name that answers differently the second time
    (DNS rebinding) gains nothing.
    """

    def __init__(self, policy: Policy, deadline: _Deadline) -> None:
        self._policy = policy
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolved(host, port)
        for address in addresses:
            # All of them: one public address must not carry a private one along.
            check_address(address, self._policy)
        return _TimedStream(self._connected(addresses, port, socket_options), self._deadline)

    def _connected(
        self,
        addresses: Sequence[str],
        port: int,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first address that answers."""
        for place, address in enumerate(addresses, start=1):
            try:
                return self._inner.connect_tcp(
                    address, port, self._deadline.left(), None, socket_options
                )
            except httpcore.ConnectError:
                if place == len(addresses):
                    raise
        raise httpcore.ConnectError("no address")

    def _resolved(self, host: str, port: int) -> list[str]:
        """Return the addresses of a name; the system's resolver has no time limit of its own."""
        resolver = ThreadPoolExecutor(max_workers=1)
        try:
            asked = resolver.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
            found = asked.result(timeout=self._deadline.left())
        finally:
            resolver.shutdown(wait=False, cancel_futures=True)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Transport(httpx.BaseTransport):
    """httpx over connections that the guard makes."""

    def __init__(self, policy: Policy, deadline: _Deadline) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=_GuardedBackend(policy, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status, headers=response.headers, stream=_Pieces(response)
        )

    def close(self) -> None:
        self._pool.close()


class _Pieces(httpx.SyncByteStream):
    """The body as it comes."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
