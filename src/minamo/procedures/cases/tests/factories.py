"""Cases in every state, made through the same verbs as everybody; for tests of all parts.

Traits are domain states: `submitted()`, `accepted()`, `returned()`, `completed()`,
`rejected()`, `withdrawn()`, `entered()`. Names and places come from fixed lists, the
procedures from Morioka's pack, handed to the section of the shared cast.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from minamo.contracts.actors import Actor, ActorKind
from minamo.kernel.identity.api import User
from minamo.kernel.testing import make_section
from minamo.procedures.cases import services
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.workflow import Channel
from minamo.procedures.definitions.compile import read_document
from minamo.procedures.definitions.models import Procedure, ProcedureVersion
from minamo.procedures.definitions.schema.document import ProcedureDocument
from minamo.procedures.definitions.services import publish_document

# Tuesday 24 November 2026, 10:00 in Tokyo; the day before was 勤労感謝の日.
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
APPLICANT = Actor(ActorKind.GUEST, "case", "申請者")
LOADER = Actor.system("tests")
SECTION = "kyuhaisui"
_FOLDER = Path(__file__).resolve().parents[5] / "packs/morioka/procedures"
_NAMES = (
    ("小野寺", "はるか", "オノデラ", "ハルカ"),
    ("及川", "修一", "オイカワ", "シュウイチ"),
    ("千葉", "ミツ", "チバ", "ミツ"),
    ("阿部", "賢治", "アベ", "ケンジ"),
)
_numbers = count(1)


@lru_cache(maxsize=8)
def _document(code: str) -> ProcedureDocument:
    text = (_FOLDER / f"{code}.yaml").read_text(encoding="utf-8")
    return read_document(YAML(typ="safe", pure=True).load(text))


def make_version(
    code: str = "service-start", *, section: str = SECTION, **changes: Any
) -> ProcedureVersion:
    """Return the published version of one of Morioka's procedures, worked on by `section`."""
    make_section(section)
    document = _document(code).model_copy(update={"section": section, **changes})
    publish_document(document=document, by=LOADER, at=NOW)
    version = Procedure.objects.select_related("active_version").get(code=code).active_version
    assert version is not None
    return version


def answers_for(code: str = "service-start", number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return complete canonical answers; `None` takes an answer out."""
    family, given, family_kana, given_kana = _NAMES[number % len(_NAMES)]
    place = {
        "postal_code": "0200013",
        "prefecture": "岩手県",
        "city": "盛岡市",
        "town": "愛宕町",
        "street": f"{number}-12",
        "building": "コーポいずみ 203",
    }
    answers: dict[str, Any] = {
        "user_type": "individual",
        "user_name": {
            "family": family,
            "given": given,
            "family_kana": family_kana,
            "given_kana": given_kana,
        },
        "phone": "09000004417",
        "email": "haruka.o@example.jp",
        "applicant_is_user": True,
        "consent": True,
        **_SPECIFIC[code](place, number),
        **changes,
    }
    return {key: value for key, value in answers.items() if value is not None}


def _start(place: Mapping[str, str], number: int) -> dict[str, Any]:
    return {
        "start_date": "2026-12-01",
        "start_time_band": "am",
        "service_address": place,
        "tap_number": f"0412{number:04d}",
        "use": "household",
        "residents": 2,
        "payment": "slip",
    }


def _stop(place: Mapping[str, str], number: int) -> dict[str, Any]:
    return {
        "reason": "move",
        "stop_date": "2026-12-01",
        "stop_time_band": "any",
        "tap_number": f"0412{number:04d}",
        "service_address": place,
        "new_address": place,
        "settlement": "debit",
    }


def _move(place: Mapping[str, str], number: int) -> dict[str, Any]:
    return {
        "inside_city": True,
        "stop_date": "2026-12-02",
        "start_date": "2026-12-01",
        "time_band": "any",
        "old_tap_number": f"0412{number:04d}",
        "old_address": place,
        "new_address": {**place, "street": "9-1"},
        "use": "household",
        "residents": 2,
        "settlement": "debit",
        "payment": "slip",
    }


_SPECIFIC = {"service-start": _start, "service-stop": _stop, "service-move": _move}


def submitted(
    code: str = "service-start",
    *,
    version: ProcedureVersion | None = None,
    channel: Channel = Channel.WEB,
    at: datetime = NOW,
    entered_by: User | None = None,
    **answers: Any,
) -> Case:
    """受付待ち: an application that has just arrived."""
    number = next(_numbers)
    return services.submit_case(
        version=version or make_version(code),
        answers=answers_for(code, number, **answers),
        channel=channel,
        by=APPLICANT,
        at=at,
        idempotency_key=f"factory-{number}",
        entered_by=entered_by,
    ).case


def accepted(*, by: User, at: datetime = NOW, **settings: Any) -> Case:
    """処理中: taken on by `by`."""
    return services.accept_case(case=submitted(at=at, **settings), by=by, at=at)


def returned(*, by: User, at: datetime = NOW, **settings: Any) -> Case:
    """差し戻し中: the applicant is asked to correct the address."""
    return services.return_case(
        case=submitted(at=at, **settings),
        by=by,
        at=at,
        message="部屋番号を書きたしてください。",
        fields=["service_address"],
    )


def completed(*, by: User, at: datetime = NOW, **settings: Any) -> Case:
    """完了: everything asked for was done."""
    return services.complete_case(case=accepted(by=by, at=at, **settings), by=by, at=at)


def rejected(*, by: User, at: datetime = NOW, **settings: Any) -> Case:
    """却下: refused with a reason."""
    return services.reject_case(
        case=submitted(at=at, **settings), by=by, at=at, reason="給水区域の外でした。"
    )


def withdrawn(*, at: datetime = NOW, **settings: Any) -> Case:
    """取下げ: called back by the applicant."""
    return services.withdraw_case(
        case=submitted(at=at, **settings), by=APPLICANT, at=at, reason="予定が変わった"
    )


def entered(*, by: User, at: datetime = NOW, **settings: Any) -> Case:
    """電話受付: typed in by a colleague for a caller."""
    return submitted(at=at, channel=Channel.PHONE, entered_by=by, **settings)
