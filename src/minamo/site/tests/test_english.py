"""The citizen side in English: what is not translated says that it is Japanese."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from minamo.contracts.actors import Actor
from minamo.kernel.notify.models import OutgoingMail
from minamo.kernel.packs.api import load
from minamo.kernel.testing import make_role, make_staff
from minamo.kernel.ui.api import errors, forget_identity
from minamo.kernel.ui.wording import language
from minamo.procedures.cases.models import Case
from minamo.procedures.definitions.tests.factories import NOW
from minamo.procedures.definitions.tests.walks import MOVE, START, STOP
from minamo.procedures.portal.tests.factories import send_back

pytestmark = pytest.mark.django_db
JAPANESE = re.compile("[぀-ヿ㐀-鿿ｦ-ﾟ]")
READ_ALOUD = ("aria-label", "placeholder", "alt", "title")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Unmarked(HTMLParser):
    """Collects Japanese words outside of everything that says `lang="ja"`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []

    @property
    def is_skipped(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # What people typed stands in inputs as it is.
        skipped = tag in ("script", "style", "textarea") or given.get("lang") == "ja"
        inside = given.get("lang") != "en" and (self.is_skipped or skipped)
        if not inside:
            self.found += [
                f"{name}={text}"
                for name in READ_ALOUD
                if (text := given.get(name)) and JAPANESE.search(text)
            ]
        if tag not in VOID:
            self.open.append((tag, inside))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.is_skipped and JAPANESE.search(data):
            self.found.append(data.strip())


def unmarked(page: str) -> list[str]:
    parser = Unmarked()
    parser.feed(page)
    return parser.found


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def morioka(db: None) -> Iterator[None]:
    load(settings.PACKS_DIR / "morioka", by=Actor.system("tests"))
    forget_identity()
    yield
    forget_identity()


@pytest.fixture
def reader(client: Client) -> Client:
    """A browser whose reader has pressed `English`."""
    client.post(reverse("ui:language"), {"language": "en", "next": "/"})
    return client


def page_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def walk(client: Client, code: str, typed: dict[str, str]) -> tuple[str, list[str]]:
    """Answer a procedure page by page; return the draft's token and every page seen."""
    answer = client.post(reverse("portal:start", args=[code]))
    address = str(answer.headers["Location"])
    token, seen = address.split("/")[3], []
    while "/check/" not in address:
        seen.append(page_of(client.get(address)))
        answer = client.post(address, {**typed, "_next": "1"})
        assert answer.status_code == 302, unmarked(page_of(answer))
        address = str(answer.headers["Location"])
    return token, seen


@pytest.mark.parametrize(
    ("code", "typed"), [("service-start", START), ("service-stop", STOP), ("service-move", MOVE)]
)
def test_an_application_from_start_to_status_is_in_english(
    reader: Client, code: str, typed: dict[str, str]
) -> None:
    start = page_of(reader.get(reverse("portal:start", args=[code])))
    token, questions = walk(reader, code, typed)
    check = reader.get(reverse("portal:check", args=[token]))
    saved = reader.get(reverse("portal:saved", args=[token]))
    sent = reader.post(reverse("portal:check", args=[token]), {"confirm": "yes", "_send": "1"})
    receipt = reader.get(sent.headers["Location"])
    case = Case.objects.get()
    pages = [start, *questions, *map(page_of, (check, saved, receipt))]
    for name in ("status", "answers", "withdraw"):
        pages.append(page_of(reader.get(reverse(f"portal:{name}", args=[case.reference]))))

    assert len(questions) > 5
    for page in pages:
        assert '<html lang="en"' in page
        assert unmarked(page) == []
    assert "required" in questions[0]
    assert "Check your answers before sending" in page_of(check)
    assert '<ruby lang="ja">小野寺' in page_of(check)


@pytest.mark.parametrize(
    "name", ["home", "procedures", "inquiry", "first", "ui:privacy", "ui:accessibility"]
)
def test_pages_to_read_are_in_english(reader: Client, name: str) -> None:
    page = page_of(reader.get(reverse(name if ":" in name else f"portal:{name}")))
    assert unmarked(page) == []
    assert "Morioka City Water and Sewerage Bureau" in page


def test_english_words_find_a_procedure(reader: Client) -> None:
    page = page_of(reader.get(reverse("portal:procedures"), {"q": "moving"}))
    assert "Moving within Morioka" in page
    assert unmarked(page) == []


def test_mistakes_are_told_in_english(reader: Client) -> None:
    answer = reader.post(reverse("portal:start", args=["service-start"]))
    first = str(answer.headers["Location"])
    page = page_of(reader.post(first, {"start_date.year": "8", "_next": "1"}))
    assert "Error: please correct" in page
    assert "First day of use: please enter year, month and day" in page
    assert unmarked(page) == []

    page = page_of(reader.post(first, {"_next": "1"}))
    assert "First day of use: please answer this" in page


def test_a_wrong_inquiry_is_refused_in_english(reader: Client) -> None:
    page = page_of(
        reader.post(reverse("portal:inquiry"), {"reference": "R8-S000-0000", "secret": "1"})
    )
    assert "The reference number or the secret number is wrong" in page
    assert unmarked(page) == []


def test_what_staff_write_stays_japanese_and_is_marked(reader: Client) -> None:
    token, _ = walk(reader, "service-start", START)
    reader.post(reverse("portal:check", args=[token]), {"confirm": "yes", "_send": "1"})
    case = Case.objects.get()
    staff = make_staff(
        "t-clerk", "佐藤", section=case.section, role=make_role("clerk"), valid_from=NOW.date()
    )
    send_back(case, by=staff, fields=["service_address"])

    page = page_of(reader.get(reverse("portal:status", args=[case.reference])))
    assert "番地がわかりませんでした" in page
    assert "Please correct 1 place(s) only" in page
    assert unmarked(page) == []


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_error_pages_are_in_english(reader: Client, status: int) -> None:
    assert unmarked(page_of(reader.get("/no-such-page/"))) == []
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    request.session = reader.session
    with translation.override("en"):
        assert unmarked(page_of(errors.respond(request, status, reference="abc"))) == []


def test_the_plan_says_that_it_is_in_japanese(reader: Client) -> None:
    page = page_of(reader.get(reverse("plan:plan")))
    assert '<main id="main" tabindex="-1" lang="ja">' in page
    assert "This page is in Japanese only." in page


def test_the_desk_speaks_japanese_whatever_the_browser_prefers(client: Client) -> None:
    page = page_of(client.get(reverse("account_login"), headers={"Accept-Language": "en"}))
    assert '<html lang="ja"' in page
    assert language() == "ja"


def test_mail_to_an_english_reader_is_whole_japanese(reader: Client) -> None:
    token, _ = walk(reader, "service-start", START)
    reader.post(reverse("portal:check", args=[token]), {"confirm": "yes", "_send": "1"})
    body = OutgoingMail.objects.get().body
    assert "令和8年" in body
    assert "2026," not in body
    assert "December" not in body


def test_japanese_pages_are_not_marked(client: Client) -> None:
    page = page_of(client.get(reverse("portal:start", args=["service-start"])))
    assert '<html lang="ja"' in page
    assert '<span lang="ja">' not in page
