"""Where a feed may be fetched from: pure checks of an address before and after its name is known."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import httpx

LONGEST_URL = 500
# Below 1024 only the web's own ports: a feed must not become a way to talk to mail or SSH.
WEB_PORTS = frozenset({80, 443})
FIRST_FREE_PORT, LAST_PORT = 1024, 65535
_Address = IPv4Address | IPv6Address
_PRIVATE = tuple(
    ip_network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
# Metadata services of clouds inside ranges that a closed network may use.
_METADATA = frozenset(map(ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")))
_NAT64 = ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """An address is none to fetch from; `words` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Policy:
    """Which addresses are allowed beside public ones."""

    allows_private: bool = False
    allows_loopback: bool = False


def checked_url(text: str) -> httpx.URL:
    """Return a typed or redirected address in parts.

    Raises: AddressRefused unless it is a plain http(s) address without credentials.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_URL:
        raise AddressRefused(f"アドレスを{LONGEST_URL}字までで入れてください。")
    if any(ord(c) <= 32 or ord(c) == 127 for c in text):
        raise AddressRefused("アドレスに、空白や見えない文字が入っています。")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused("アドレスの形を確かめてください。") from error
    if url.scheme not in {"http", "https"}:
        raise AddressRefused("アドレスは https:// か http:// で始めてください。")
    if url.userinfo or "@" in urlsplit(text).netloc:
        raise AddressRefused("アドレスに、利用者名やパスワードは入れられません。")
    if not url.host:
        raise AddressRefused("アドレスに、相手の名前がありません。")
    port = url.port
    if port is not None and not 0 < port <= LAST_PORT:
        raise AddressRefused("アドレスの形を確かめてください。")
    if port is not None and port < FIRST_FREE_PORT and port not in WEB_PORTS:
        raise AddressRefused(f"{port}番のポートへは取りに行けません。")
    if (literal := _literal(url.host)) is not None and _is_never(literal):
        raise AddressRefused(_refusal(literal))
    return url


def check_address(text: str, policy: Policy) -> None:
    """Let a resolved address pass.

    Raises: AddressRefused for link-local, metadata, loopback, private and special addresses.
    """
    literal = _literal(text)
    if literal is None:
        raise AddressRefused("相手の名前から、アドレスがわかりません。")
    if literal.is_loopback:
        if not policy.allows_loopback:
            raise AddressRefused("この機械自身へは取りに行けません。")
        return
    if _is_never(literal):
        raise AddressRefused(_refusal(literal))
    if any(literal in net for net in _PRIVATE if net.version == literal.version):
        if not policy.allows_private:
            raise AddressRefused(
                "内側のネットワークのアドレスです。取りに行くには、"
                "設定 NEIGHBOURS_ALLOW_PRIVATE が要ります。"
            )
        return
    if not literal.is_global:
        raise AddressRefused(_refusal(literal))


def _literal(host: str) -> _Address | None:
    try:
        found = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        # What carries an IPv4 address inside is judged by that one.
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if found.sixtofour is not None:
            return found.sixtofour
        if found in _NAT64:
            return IPv4Address(int(found) & 0xFFFFFFFF)
    return found


def _is_never(address: _Address) -> bool:
    return (
        address in _METADATA
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or (address.is_reserved and not address.is_loopback)
    )


def _refusal(address: _Address) -> str:
    return f"{address} は、ふつうの相手のアドレスではないため、取りに行けません。"
