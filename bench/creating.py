"""Claim: an application with audit, outbox, search and mail costs at most four bare INSERTs."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.identity.api import Section, access, actor_of
from minamo.procedures.api import Channel, ProcedureVersion, submit_case
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.tokens import hash_token, new_token
from minamo.site.demo.cases import answers_of
from minamo.site.demo.people import person

from .claims import Claim, alternated, cpu_ms
from .filling import SECTION
from .house import House

BAR = 4.0
TIMES = 40
APPLICATIONS = 200
CODE = "service-start"
_numbers = count(1)
# Made before anything is measured: inventing answers is no part of a claim.
_answers: list[dict[str, Any]] = []
_keys: dict[str, str] = {}


@access.public
def create(request: HttpRequest) -> HttpResponse:
    """Submit the application that a form names, through the service every channel uses."""
    submission = submit_case(
        version=_version(),
        answers=_answers[int(request.POST["number"]) % len(_answers)],
        channel=Channel.WEB,
        by=actor_of(request),
        at=timezone.now(),
        idempotency_key=request.POST["key"],
    )
    return redirect(f"/{submission.case.reference}")


def claims(house: House) -> Iterator[Claim]:
    """Measure the create beside the INSERT; the note tells the parts and the whole journey."""
    chance, today = Random(CODE), timezone.localdate()
    _answers.extend(answers_of(CODE, person(chance), chance, today) for _ in range(APPLICATIONS))
    version, section = _version(), Section.objects.get(code=SECTION)
    _keys.update(
        procedure=str(version.procedure_id), version=str(version.pk), section=str(section.pk)
    )
    created, inserted = alternated(
        partial(_post, house, "/bench/create/"),
        partial(_post, house, "/bench/insert/"),
        times=TIMES,
    )
    clear = cpu_ms(partial(_post, house, "/bench/insert-clear/"), times=TIMES)
    service = cpu_ms(_submit, times=TIMES)
    journey = _journey(house)
    yield Claim(
        name="create a case with audit, outbox, search and mail",
        measured=created,
        unit="ms CPU",
        bar=BAR,
        baseline=inserted,
        baseline_name="a bare view with one INSERT of the same row",
        note=f"[bare view with one INSERT into a table in clear {clear:.2f} ms; service alone "
        f"{service:.2f} ms; sending a citizen's checked draft {journey:.2f} ms]",
    )


def _post(house: House, address: str) -> None:
    house.guest.post(address, _form(), expect=302)


def _form() -> dict[str, str]:
    """Return the same form for each of the views."""
    number = next(_numbers)
    return {
        "number": str(number),
        "key": f"bench-create-{number:08d}",
        "name": "小野寺 はるか",
        "place": "盛岡市愛宕町90番150号　コーポいずみ 203",
        "email": "resident0001@residents.example",
        "answers": json.dumps(_answers[number % len(_answers)]),
        **_keys,
    }


def _version() -> ProcedureVersion:
    """Return what a submission needs of the version; its definition is compiled already."""
    needed = ("number", "sha256", "procedure__code", "procedure__title", "procedure__section_code")
    versions = ProcedureVersion.objects.select_related("procedure").only(*needed)
    return versions.get(procedure__code=CODE, state="published")


def _submit() -> None:
    number = next(_numbers)
    submit_case(
        version=_version(),
        answers=_answers[number % len(_answers)],
        channel=Channel.WEB,
        by=Actor.system("bench"),
        at=timezone.now(),
        idempotency_key=f"bench-service-{number}",
    )


def _journey(house: House) -> float:
    """Return the CPU of the citizen's last click: validation, sending, the redirect."""
    tokens = [_draft() for _ in range(TIMES)]
    return cpu_ms(
        lambda: house.guest.post(f"/apply/d/{tokens.pop()}/check/", {"confirm": "1"}, expect=302),
        times=TIMES,
    )


def _draft() -> str:
    token, now = new_token(), timezone.now()
    Draft.objects.create(
        token_hash=hash_token(token),
        version=_version(),
        answers=_answers[next(_numbers) % len(_answers)],
        typed={},
        created_at=now,
        saved_at=now,
        expires_at=now + timedelta(days=30),
    )
    return token
