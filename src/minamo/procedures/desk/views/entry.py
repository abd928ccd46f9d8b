"""Entry by staff for telephone, counter and paper: one long page, read back, then a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from minamo.kernel.calendar.api import DateRefused, parse_date
from minamo.kernel.files.api import StoredFile, UploadRefused, store
from minamo.kernel.identity.api import access, actor_of
from minamo.kernel.japanese.api import normalise_width

from ...cases.facts import facts_of
from ...cases.models import Case
from ...cases.policies import ENTER
from ...cases.reading import note_read
from ...cases.workflow import CHANNEL_LABELS, Channel, State
from ...definitions.forms import (
    FieldError,
    compile_version,
    effective_answers,
    file_fields,
    summary,
)
from ...definitions.models import Procedure, ProcedureVersion
from .. import services
from ..entry import EntryReading, entry_pages, read_entry
from .person import user_of

CHANNELS = (Channel.PHONE, Channel.COUNTER, Channel.PAPER)
MAX_AGE_DAYS = 60
_SALT = "desk.entry.files"
_OWN = ("_channel", "_date", "_time", "_override", "_key", "_files")


@dataclass(slots=True)
class Envelope:
    """What surrounds the answers: how and when they came, as typed and as read."""

    typed: dict[str, str]
    errors: list[FieldError] = field(default_factory=list)
    channel: Channel | None = None
    received_at: datetime | None = None

    def wrong(self, name: str) -> str:
        """Return the sentence at one of the inputs."""
        return next((e.message for e in self.errors if e.field == name), "")


@access.staff(ENTER)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose what the caller wants."""
    return render(request, "desk/entry_choose.html", {"procedures": list(_procedures())})


@access.staff(ENTER)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, procedure: str) -> HttpResponse:
    """Fill in for somebody else: the form, the read-back, the case."""
    found = get_object_or_404(_procedures(), code=procedure)
    version = found.active_version
    assert version is not None  # noqa: S101 (the query asks for it)
    now = timezone.now()
    if request.method == "GET":
        return _blank(request, version, now)
    envelope = _read_envelope(request, now)
    compiled = compile_version(version)
    stored, held, refused = _take_files(request, compiled)
    data = _posted(request)
    moment = envelope.received_at or now
    reading = read_entry(compiled, data, stored, held, now=moment)
    reading.errors += refused
    step = _step(request)
    override = envelope.typed["_override"]
    if (
        step in {"check", "submit"}
        and not envelope.errors
        and not reading.refused(override=override)
    ):
        if step == "submit":
            return _submit(request, version, envelope, reading)
        return _read_back(request, version, envelope, reading)
    loud = step in {"check", "submit"}
    return _form(request, version, envelope, reading, now=moment, loud=loud)


@access.staff(ENTER)
@require_safe
def entered(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the numbers to read out to the caller; only to the colleague who entered them."""
    case = get_object_or_404(
        Case.objects.select_related("procedure", "section"), reference=reference
    )
    if case.entered_by_id != user_of(request).pk:
        return redirect("desk:case", reference=reference)
    note_read(actor=actor_of(request), subject=case.subject, fields=["secret"], at=timezone.now())
    return render(request, "desk/entered.html", {"case": case})


def _procedures() -> Any:
    return (
        Procedure.objects.filter(retired_at__isnull=True, active_version__state="published")
        .select_related("active_version")
        .order_by("list_order", "code")
    )


def _blank(request: HttpRequest, version: ProcedureVersion, now: datetime) -> HttpResponse:
    local = timezone.localtime(now)
    typed = dict.fromkeys(_OWN, "") | {
        "_date": local.date().isoformat(),
        "_time": f"{local:%H:%M}",
        "_key": str(uuid4()),
    }
    channel = request.GET.get("channel", "")
    typed["_channel"] = channel if channel in {c.value for c in CHANNELS} else ""
    return _form(request, version, Envelope(typed), None, now=now, loud=False)


def _form(
    request: HttpRequest,
    version: ProcedureVersion,
    envelope: Envelope,
    reading: EntryReading | None,
    *,
    now: datetime,
    loud: bool,
) -> HttpResponse:
    compiled = compile_version(version)
    errors = [*envelope.errors, *(reading.errors if reading else [])] if loud else []
    raw = _posted(request) if reading else None
    held = _held_files(reading.answers, compiled) if reading else {}
    context = {
        "procedure": version.procedure,
        "document": compiled.document,
        "pages": entry_pages(compiled, reading, raw=raw, now=now, show_errors=loud, files=held),
        "reading": reading if loud else None,
        "errors": errors,
        "typed": {name.strip("_"): value for name, value in envelope.typed.items()},
        "wrong": {name.strip("_"): envelope.wrong(name) if loud else "" for name in _OWN},
        "files_token": _sign(reading.answers, compiled) if reading else "",
        "channels": [(c.value, CHANNEL_LABELS[c]) for c in CHANNELS],
        "unseen": bool(loud and reading and reading.unseen and not errors),
        "has_files": bool(file_fields(compiled)),
    }
    status = 422 if errors or (reading and loud) else 200
    return render(request, "desk/entry.html", context, status=status)


def _read_back(
    request: HttpRequest, version: ProcedureVersion, envelope: Envelope, reading: EntryReading
) -> HttpResponse:
    compiled = compile_version(version)
    assert envelope.received_at is not None  # noqa: S101 (no envelope errors)
    answers = effective_answers(
        compiled, reading.answers, today=timezone.localdate(envelope.received_at)
    )
    facts = facts_of(version, answers, received=envelope.received_at)
    twins = Case.objects.none()
    if facts.duplicate_index:
        twins = Case.objects.filter(
            procedure=version.procedure, duplicate_index=facts.duplicate_index
        ).exclude(state=State.WITHDRAWN)
    kept = [(k, v) for k, vs in _posted(request).items() for v in vs if not k.endswith(".remove")]
    kept += [(name, envelope.typed[name]) for name in _OWN if name != "_files"]
    context = {
        "procedure": version.procedure,
        "pages": summary(
            compiled,
            reading.answers,
            files=_held_files(reading.answers, compiled),
            today=timezone.localdate(envelope.received_at),
        ),
        "channel": CHANNEL_LABELS[envelope.channel] if envelope.channel else "",
        "received_at": envelope.received_at,
        "due_date": facts.due_date,
        "blocks": reading.blocks,
        "warnings": reading.warnings,
        "override": envelope.typed["_override"],
        "twins": list(twins.select_related("procedure").order_by("-submitted_at")[:5]),
        "kept": [*kept, ("_files", _sign(reading.answers, compiled))],
    }
    return render(request, "desk/entry_check.html", context)


def _submit(
    request: HttpRequest, version: ProcedureVersion, envelope: Envelope, reading: EntryReading
) -> HttpResponse:
    assert envelope.channel is not None  # noqa: S101 (no envelope errors)
    assert envelope.received_at is not None  # noqa: S101
    compiled = compile_version(version)
    submission = services.enter_case(
        version=version,
        answers=effective_answers(
            compiled, reading.answers, today=timezone.localdate(envelope.received_at)
        ),
        channel=envelope.channel,
        by=user_of(request),
        received_at=envelope.received_at,
        idempotency_key=f"desk:{envelope.typed['_key']}",
        overridden=[block.field for block in reading.blocks],
        override_reason=envelope.typed["_override"].strip() if reading.blocks else "",
    )
    return redirect("desk:entered", reference=submission.case.reference)


def _read_envelope(request: HttpRequest, now: datetime) -> Envelope:
    envelope = Envelope({name: request.POST.get(name, "") for name in _OWN})
    typed = envelope.typed
    try:
        envelope.channel = Channel(typed["_channel"])
    except ValueError:
        envelope.channel = None
    if envelope.channel not in CHANNELS:
        _add(envelope, "_channel", "envelope-channel-1", "どこから受けたかを選んでください")
    if not _is_uuid(typed["_key"]):
        typed["_key"] = str(uuid4())
    if len(typed["_override"]) > 200:
        _add(envelope, "_override", "envelope-override", "理由は200字までで書いてください")
    envelope.received_at = _read_moment(envelope, now)
    return envelope


def _read_moment(envelope: Envelope, now: datetime) -> datetime | None:
    try:
        day = parse_date(envelope.typed["_date"])
    except DateRefused as refused:
        _add(envelope, "_date", "envelope-date", refused.message_ja)
        return None
    text = normalise_width(envelope.typed["_time"]).strip()
    try:
        clock = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 (a clock time only)
    except ValueError:
        _add(envelope, "_time", "envelope-time", "受けた時刻を、14:05のように入れてください")
        return None
    moment = timezone.make_aware(datetime.combine(day, clock))
    if moment > now:
        if moment - now < timedelta(minutes=2):
            return now
        _add(
            envelope,
            "_date",
            "envelope-date",
            "受けた日時が先になっています。日時を確かめてください",
        )
        return None
    if now - moment > timedelta(days=MAX_AGE_DAYS):
        _add(
            envelope,
            "_date",
            "envelope-date",
            f"受けた日が{MAX_AGE_DAYS}日より前です。日付を確かめてください",
        )
        return None
    return moment


def _add(envelope: Envelope, name: str, input_id: str, message: str) -> None:
    envelope.errors.append(FieldError("", name, input_id, f"entry{name}", message))


def _posted(request: HttpRequest) -> dict[str, list[str]]:
    return {
        name: request.POST.getlist(name)
        for name in request.POST
        if name in ("_lookup", "_shown")
        or not (name.startswith("_") or name == "csrfmiddlewaretoken")
    }


def _step(request: HttpRequest) -> str:
    if "_lookup" in request.POST:
        return "refresh"
    return request.POST.get("_step", "refresh")


def _take_files(
    request: HttpRequest, compiled: Any
) -> tuple[Mapping[str, Sequence[StoredFile]], dict[str, Any], list[FieldError]]:
    """Store what was just uploaded; files of earlier rounds come back by their signed token."""
    stored: dict[str, list[StoredFile]] = {}
    refused: list[FieldError] = []
    for key in file_fields(compiled):
        for upload in request.FILES.getlist(key):
            try:
                stored.setdefault(key, []).append(
                    store(upload=upload, purpose="procedures.case", by=actor_of(request))
                )
            except UploadRefused as no:
                page = compiled.page_of.get(key, "")
                refused.append(FieldError(page, key, f"f-{key}", no.code, no.message_ja))
    try:
        held = signing.loads(request.POST.get("_files", ""), salt=_SALT, max_age=86_400)
    except signing.BadSignature:
        held = {}
    return stored, dict(held), refused


def _sign(answers: Mapping[str, Any], compiled: Any) -> str:
    held = {key: answers[key] for key in file_fields(compiled) if answers.get(key)}
    return signing.dumps(held, salt=_SALT)


def _held_files(answers: Mapping[str, Any], compiled: Any) -> dict[str, list[StoredFile]]:
    wanted = {key: answers.get(key) or [] for key in file_fields(compiled)}
    uuids = [uuid for values in wanted.values() for uuid in values]
    found = {str(f.uuid): f for f in StoredFile.objects.filter(uuid__in=uuids)} if uuids else {}
    return {key: [found[u] for u in values if u in found] for key, values in wanted.items()}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
