"""A small procedure, and people who go through it as a browser without script would."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from minamo.contracts.actors import Actor, ActorKind
from minamo.kernel.identity.api import User
from minamo.kernel.testing import make_section
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.services import accept_case, return_case
from minamo.procedures.definitions.compile import (
    canonical_json,
    compile_document,
    fingerprint,
    read_document,
)
from minamo.procedures.definitions.models import Procedure, ProcedureVersion

# Tuesday 24 November 2026, 10:00 in Tokyo; 3 November and 23 November were holidays.
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
GUEST = Actor(ActorKind.GUEST, "anonymous", "未サインインの方", "address-1")
CODE = "test-start"

DEFINITION: dict[str, Any] = {
    "code": CODE,
    "title": {"ja": "水道の使用開始"},
    "kana": "すいどうのしようかいし",
    "summary": "引っ越してきたとき",
    "section": "kyuhaisui",
    "category": "use",
    "reference_letter": "K",
    "lead": "使いはじめる日と場所をお聞きします。",
    "minutes_needed": 5,
    "lead_time": {"business_days": 3, "cut_off": "17:00", "max_days_ahead": 90},
    "fields": [
        {
            "key": "start_date",
            "kind": "date",
            "label": {"ja": "使いはじめる日"},
            "window": "lead_time",
            "required": True,
        },
        {
            "key": "place",
            "kind": "address",
            "label": {"ja": "使う場所"},
            "required": True,
            "within": {"prefecture": "岩手県", "city": "盛岡市"},
        },
        {
            "key": "payer",
            "kind": "choice",
            "label": {"ja": "使う方"},
            "required": True,
            "options": [
                {"value": "person", "label": {"ja": "個人"}},
                {"value": "company", "label": {"ja": "会社・お店"}},
                {"value": "site", "label": {"ja": "工事のため"}},
            ],
        },
        {"key": "nickname", "kind": "text", "label": {"ja": "屋号"}},
        {
            "key": "company",
            "kind": "organisation",
            "label": {"ja": "会社の名前"},
            "required": True,
        },
        {"key": "name", "kind": "name", "label": {"ja": "氏名"}, "required": True},
        {"key": "phone", "kind": "phone", "label": {"ja": "電話番号"}, "required": True},
        {"key": "email", "kind": "email", "label": {"ja": "メール"}},
        {"key": "photo", "kind": "photo", "label": {"ja": "入口の写真"}, "max_files": 1},
        {"key": "papers", "kind": "file", "label": {"ja": "書類"}, "max_files": 2},
    ],
    "pages": [
        {"key": "when", "title": {"ja": "日にちと場所"}, "fields": ["start_date", "place"]},
        {"key": "kind", "title": {"ja": "使う方の種類"}, "fields": ["payer", "nickname"]},
        {"key": "firm", "title": {"ja": "会社"}, "fields": ["company"]},
        {"key": "who", "title": {"ja": "使う方"}, "fields": ["name", "phone", "email"]},
        {"key": "photo", "title": {"ja": "写真"}, "fields": ["photo", "papers"]},
    ],
    "exits": [
        {
            "key": "call",
            "title": {"ja": "お電話ください"},
            "lines": ["工事のための水は、お電話で受け付けています。"],
        }
    ],
    "rules": [
        {
            "key": "firm_when_company",
            "when": {"==": [{"var": "payer"}, "company"]},
            "then": [{"show": ["company"]}, {"show": ["nickname"]}],
        },
        {
            "key": "leave",
            "when": {"==": [{"var": "payer"}, "site"]},
            "then": [{"exit_page": "call"}],
        },
    ],
    "case": {
        "applicant": ["company", "name"],
        "email": "email",
        "phone": "phone",
        "place": ["place"],
        "wanted_date": ["start_date"],
    },
}

WHEN = {
    "start_date.era": "令和",
    "start_date.year": "8",
    "start_date.month": "12",
    "start_date.day": "7",
    "place.postal_code": "020-0013",
    "place.town": "愛宕町",
    "place.street": "4番12号",
    "place.building": "コーポいずみ 203",
}
KIND = {"payer": "person"}
WHO = {
    "name.family": "小野寺",
    "name.given": "はるか",
    "name.family_kana": "おのでら",
    "name.given_kana": "はるか",
    "phone": "090-0000-4417",
    "email": "haruka.o@example.jp",
}
PAGES: dict[str, dict[str, str]] = {"when": WHEN, "kind": KIND, "who": WHO, "photo": {}}


def make_version(**changes: Any) -> ProcedureVersion:
    """Return a published version of the test procedure; `changes` go into its definition."""
    make_section("kyuhaisui")
    compiled = compile_document(read_document(DEFINITION | changes))
    document = compiled.document
    definition = canonical_json(document)
    procedure = Procedure.objects.create(
        code=document.code,
        kind=document.audience,
        title=document.title.ja,
        kana=document.kana,
        summary=document.summary,
        section_code=document.section,
        category=document.category,
    )
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=1,
        state="published",
        definition=definition,
        sha256=fingerprint(definition),
        created_at=NOW,
        published_at=NOW,
        published_by="試験",
        open_from=document.opening.open_from,
        closes_at=document.opening.closes_at,
    )
    procedure.active_version = version
    procedure.save(update_fields=["active_version"])
    return version


def begin(client: Client) -> str:
    """Press 「申し込みをはじめる」 and return the draft's token."""
    answer = client.post(reverse("portal:start", args=[CODE]))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"]).split("/")[3]


def page_address(token: str, page: str) -> str:
    """Return the address of one page of a draft."""
    return reverse("portal:page", args=[token, page])


def answer_page(
    client: Client, token: str, page: str, data: dict[str, Any], button: str = "_next"
) -> Any:
    """Post one page by one of its buttons."""
    return client.post(page_address(token, page), {**data, button: "1"})


def fill(client: Client, **pages: dict[str, Any]) -> str:
    """Answer all pages and return the token; `pages` replaces what a page is answered with."""
    token = begin(client)
    for page, data in (PAGES | pages).items():
        answer = answer_page(client, token, page, data)
        assert answer.status_code == 302, answer.content.decode()
    return token


def send(client: Client, token: str) -> Any:
    """Tick the box of the check page and press 「この内容で申し込む」."""
    return client.post(reverse("portal:check", args=[token]), {"confirm": "yes", "_send": "1"})


def apply_once(client: Client, **pages: dict[str, Any]) -> Case:
    """Go the whole way and return the case."""
    before = set(Case.objects.values_list("pk", flat=True))
    answer = send(client, fill(client, **pages))
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.exclude(pk__in=before).get()


def picture(name: str = "entrance.jpg", colour: str = "navy") -> SimpleUploadedFile:
    """Return a small photograph as a phone would send it."""
    stream = BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/jpeg")


def send_back(case: Case, *, by: User, fields: list[str], at: datetime = NOW) -> Case:
    """差し戻し with a message, as staff would."""
    accept_case(case=case, by=by, at=at)
    return return_case(
        case=case,
        by=by,
        at=at,
        message="番地がわかりませんでした。番地を入れてください。",
        fields=fields,
    )
