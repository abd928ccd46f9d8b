"""Real sockets: a server in this process that is as hostile as it gets."""

import gzip
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from minamo.plan.neighbours import fetching
from minamo.plan.neighbours.addresses import AddressRefused, Policy, check_address, checked_url
from minamo.plan.neighbours.fetching import Failure, FetchFailed, fetch

from .factories import (
    Answer,
    Handler,
    bomb,
    drip_body,
    drip_head,
    endless,
    feed,
    redirect,
    send,
    serving,
    written,
)

HERE = Policy(allows_loopback=True)
GOOD = written(feed())
PACKED = gzip.compress(GOOD)


def failure_of(answer: Answer, *, seconds: float = 5) -> FetchFailed:
    with serving(feed=answer) as (address, _), pytest.raises(FetchFailed) as failed:
        fetch(f"{address}/feed", policy=HERE, seconds=seconds)
    return failed.value


def test_a_good_feed_comes_with_its_etag_and_a_304_without_a_body() -> None:
    def conditional(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == '"v1"':
            handler.send_response(304)
            handler.end_headers()
        else:
            send(GOOD, headers={"ETag": '"v1"'})(handler)

    with serving(feed=conditional) as (address, asked):
        first = fetch(f"{address}/feed", policy=HERE)
        again = fetch(f"{address}/feed", policy=HERE, etag=first.etag)
    assert first.body == GOOD
    assert again.body is None
    assert [etag for _, etag in asked] == ["", '"v1"']


def test_gzip_is_read_although_nobody_asked_for_it() -> None:
    packed = send(gzip.compress(GOOD), headers={"Content-Encoding": "gzip"})
    with serving(feed=packed) as (address, _):
        assert fetch(f"{address}/feed", policy=HERE).body == GOOD


@pytest.mark.parametrize(
    ("answer", "failure", "words"),
    [
        (send(b"", status=404), Failure.UNREACHABLE, "404"),
        (send(b"", status=500), Failure.UNREACHABLE, "500"),
        (send(GOOD, kind="text/html"), Failure.WRONG_SHAPE, "JSONではない"),
        (send(b"xxxx", headers={"Content-Encoding": "gzip"}), Failure.WRONG_SHAPE, "こわれて"),
        (send(PACKED[:-9], headers={"Content-Encoding": "gzip"}), Failure.WRONG_SHAPE, "途中"),
        (send(b"x", headers={"Content-Encoding": "br"}), Failure.WRONG_SHAPE, "読めない圧縮"),
        (send(b" " * (fetching.MOST_BYTES + 1)), Failure.TOO_LARGE, "2MB"),
        (endless, Failure.TOO_LARGE, "2MB"),
        (bomb, Failure.TOO_LARGE, "2MB"),
        (redirect("/feed"), Failure.UNREACHABLE, "3回"),
        (redirect("ftp://127.0.0.1/x"), Failure.NOT_ALLOWED, "https://"),
        (redirect("http://a:b@127.0.0.1/x"), Failure.NOT_ALLOWED, "パスワード"),
        (redirect("http://169.254.169.254/latest"), Failure.NOT_ALLOWED, "169.254.169.254"),
        (redirect("http://10.0.0.1/x"), Failure.NOT_ALLOWED, "NEIGHBOURS_ALLOW_PRIVATE"),
        (redirect("http://[::ffff:169.254.169.254]/x"), Failure.NOT_ALLOWED, "169.254"),
        (redirect("http://127.0.0.1:22/x"), Failure.NOT_ALLOWED, "22番"),
    ],
)
def test_each_way_of_being_wrong_has_its_words(
    answer: Answer, failure: Failure, words: str
) -> None:
    found = failure_of(answer)
    assert found.failure is failure
    assert words in found.words


@pytest.mark.parametrize("answer", [drip_body, drip_head, lambda handler: time.sleep(3)])
def test_slowness_of_any_kind_ends_with_the_one_deadline(answer: Answer) -> None:
    found = failure_of(answer, seconds=0.5)
    assert found.failure is Failure.TOO_SLOW
    assert "0.5秒" in found.words


def test_three_redirects_are_followed_and_each_is_looked_at() -> None:
    with serving(a=redirect("/b"), b=redirect("/c"), c=redirect("/feed"), feed=send(GOOD)) as (
        address,
        asked,
    ):
        assert fetch(f"{address}/a", policy=HERE).body == GOOD
    assert len(asked) == 4


def test_an_answer_that_is_no_http_is_told() -> None:
    def rubbish(handler: Handler) -> None:
        handler.wfile.write(b"220 mail.example ESMTP\r\n")

    assert failure_of(rubbish).failure is Failure.UNREACHABLE


def test_nobody_listening_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchFailed) as failed:
        fetch(f"http://127.0.0.1:{port}/", policy=HERE)
    assert failed.value.failure is Failure.UNREACHABLE


def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchFailed) as failed:
        fetch("https://tonari.example/feed", policy=HERE)
    assert failed.value.failure is Failure.UNREACHABLE


def test_a_resolver_that_never_answers_ends_with_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(2))
    with pytest.raises(FetchFailed) as failed:
        fetch("https://tonari.example/feed", policy=HERE, seconds=0.2)
    assert failed.value.failure is Failure.TOO_SLOW


def test_tls_without_a_certificate_is_told() -> None:
    with serving(feed=send(GOOD)) as (address, _), pytest.raises(FetchFailed) as failed:
        fetch(address.replace("http:", "https:") + "/feed", policy=HERE, seconds=3)
    assert failed.value.failure is Failure.UNREACHABLE
    assert "証明書" in failed.value.words


def test_this_machine_is_no_neighbour_unless_the_demo_allows_it() -> None:
    with serving(feed=send(GOOD)) as (address, asked):
        for host in (address, address.replace("127.0.0.1", "localhost")):
            with pytest.raises(FetchFailed) as failed:
                fetch(f"{host}/feed", policy=Policy())
            assert failed.value.failure is Failure.NOT_ALLOWED
    assert asked == []


def test_a_name_that_leads_to_one_forbidden_address_is_refused_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolving("203.0.114.7", "169.254.169.254"))
    with pytest.raises(FetchFailed) as failed:
        fetch("https://tonari.example/feed", policy=HERE)
    assert failed.value.failure is Failure.NOT_ALLOWED


def test_a_name_is_resolved_once_so_that_it_cannot_change_its_mind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(feed=send(GOOD)) as (address, _):
        port = address.rpartition(":")[2]
        real, asked = socket.getaddrinfo, []

        def first_good_then_bad(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            # `create_connection` asks too, but for the address that was looked at.
            asked.append(host)
            if host == "tonari.example":
                answer = "127.0.0.1" if asked.count(host) == 1 else "10.9.9.9"
                return _resolving(answer)(host, port)
            return real(host, port, *args, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", first_good_then_bad)
        assert fetch(f"http://tonari.example:{port}/feed", policy=HERE).body == GOOD
    assert asked.count("tonari.example") == 1


@pytest.mark.parametrize(
    "address",
    [
        "169.254.1.1",
        "169.254.169.254",
        "fe80::1",
        "fe80::1%eth0",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "240.0.0.1",
        "255.255.255.255",
        "100.100.100.200",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "192.0.2.1",
        "no address",
    ],
)
def test_special_addresses_are_never_allowed(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(address, Policy(allows_private=True, allows_loopback=True))


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "::ffff:10.0.0.1"]
)
def test_private_addresses_need_the_setting(address: str) -> None:
    with pytest.raises(AddressRefused, match="NEIGHBOURS_ALLOW_PRIVATE"):
        check_address(address, Policy())
    check_address(address, Policy(allows_private=True))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_loopback_needs_the_demo(address: str) -> None:
    with pytest.raises(AddressRefused, match="この機械"):
        check_address(address, Policy(allows_private=True))
    check_address(address, Policy(allows_loopback=True))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111"])
def test_public_addresses_are_allowed(address: str) -> None:
    check_address(address, Policy())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "アドレスを"),
        ("https://" + "a" * 600, "500字"),
        ("ftp://a.example/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://user:secret@a.example/", "パスワード"),
        ("https://@a.example/", "パスワード"),
        ("https:///feed", "相手の名前"),
        ("https://a.example:25/", "25番"),
        ("https://a.exa mple/", "空白"),
        ("https://a.example/\nx", "空白"),
        ("http://169.254.169.254/", "取りに行けません"),
        ("http://[fe80::1]/", "取りに行けません"),
        ("https://a.example:99999/", "形"),
    ],
)
def test_a_typed_address_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        checked_url(text)
    assert words in refused.value.words


@pytest.mark.parametrize(
    "text",
    ["https://a.example/plan/feed.json", "http://10.0.0.1:8000/x", "https://水道.example/feed"],
)
def test_a_plain_address_is_taken(text: str) -> None:
    assert checked_url(f" {text} ").host


def _resolving(*addresses: str) -> Callable[..., Any]:
    def answer(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    return answer
