"""Looks into the records of a running installation, as a process beside it.

`python -m tests.faults.records` reads one JSON list `[question, arguments]` a line and answers
one line of JSON, `{"answer": …}` or `{"error": …}`, until its input ends. It has the
installation's environment, so it opens the same database with the same keys.
"""

import json
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any


def clone_draft(token: str, count: int) -> list[str]:
    """Begin `count` more drafts with the answers of the draft that a token opens."""
    from django.utils import timezone

    from minamo.contracts.actors import Actor
    from minamo.procedures.portal.models import Draft
    from minamo.procedures.portal.services import start_draft
    from minamo.procedures.portal.tokens import hash_token

    source = Draft.objects.select_related("version").get(token_hash=hash_token(token))
    tokens = []
    for _ in range(count):
        # The system's own actor has no address, so no limit by address counts these.
        begun = start_draft(
            version=source.version, by=Actor.system("fault test"), at=timezone.now()
        )
        begun.draft.answers = source.answers
        begun.draft.save(update_fields=["answers"])
        tokens.append(begun.token)
    return tokens


def census() -> dict[str, Any]:
    """Count everything that must fit together after a crash."""
    from django.db.models import Count, Q

    from minamo.kernel.audit.api import Entry, verify
    from minamo.kernel.notify.models import OutgoingMail
    from minamo.procedures.cases.models import Case, CaseRevision
    from minamo.procedures.portal.models import Draft

    chain = verify()
    # A correction is a sent draft too, but made no case.
    new = Q(from_drafts__corrects__isnull=True)
    # Reading them all proves that every sealed answer still opens with its key.
    readable = sum(1 for case in Case.objects.all().iterator() if case.answers)
    return {
        "references": sorted(Case.objects.values_list("reference", flat=True)),
        "readable": readable,
        "drafts_sent": Draft.objects.filter(sent_at__isnull=False, corrects__isnull=True).count(),
        "cases_without_draft": Case.objects.annotate(n=Count("from_drafts", filter=new))
        .exclude(n=1)
        .count(),
        "revisions": CaseRevision.objects.count(),
        "audited": Entry.objects.filter(action="procedures.case.submitted").count(),
        "confirmations": OutgoingMail.objects.filter(notice="procedures.case.received").count(),
        "chain": {"ok": chain.ok, "message": chain.message},
        "damage": _damage(),
    }


def _damage() -> list[str]:
    """Return what the engine's own check finds wrong."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            found = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            return found + [str(row) for row in cursor.fetchall()]
        # Every index must agree with its table; heap rows are read by the counts above.
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(
            "SELECT c.relname, bt_index_check(c.oid, true) FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE a.amname = 'btree' AND n.nspname = 'public' AND i.indisvalid"
        )
        cursor.fetchall()
    return []


def case(reference: str) -> dict[str, Any]:
    """Return where a case stands and how often each thing was done to it."""
    from minamo.kernel.audit.api import history
    from minamo.kernel.notify.models import OutgoingMail
    from minamo.procedures.cases.models import Case

    found = Case.objects.get(reference=reference)
    mails = OutgoingMail.objects.filter(subject_id=str(found.uuid))
    return {
        "state": found.state,
        "revisions": found.revisions.count(),
        "messages": found.messages.count(),
        "place": found.place,
        "acts": Counter(entry.action for entry in history(found.subject)),
        "mails": Counter(mails.values_list("notice", flat=True)),
    }


def send_back(reference: str, fields: list[str]) -> None:
    """Send a case back for correction, as a clerk of its section."""
    from django.utils import timezone

    from minamo.contracts.actors import Actor
    from minamo.kernel.identity.api import Role, User, add_membership, create_user
    from minamo.procedures.cases.models import Case
    from minamo.procedures.cases.services import accept_case, return_case

    found = Case.objects.get(reference=reference)
    clerk = User.objects.filter(username="sendback").first()
    if clerk is None:
        by = Actor.system("fault test")
        clerk = create_user(username="sendback", display_name="担当者", kind="staff", by=by)
        role = Role.objects.get(key="clerk")
        today = timezone.localdate()
        add_membership(user=clerk, section=found.section, role=role, valid_from=today, by=by)
    accept_case(case=found, by=clerk, at=timezone.now())
    return_case(
        case=found, by=clerk, at=timezone.now(), message="番地を直してください。", fields=fields
    )


def queue_mails(count: int) -> None:
    """Queue mails through the outbox, all in one transaction."""
    from django.db import transaction

    from minamo.contracts.subjects import SubjectRef
    from minamo.kernel.notify.api import Notice, Recipient, register, send

    register(
        Notice(
            key="fault.letter",
            label="障害の試し",
            subject_template="手紙 {{ number }}",
            body_template="手紙の本文 {{ number }}",
        )
    )
    with transaction.atomic():
        for number in range(count):
            send(
                notice="fault.letter",
                to=Recipient(email=f"resident{number}@residents.example"),
                context={"number": number},
                subject=SubjectRef("fault.letter", str(number)),
                unique_key=f"fault.letter:{number}",
            )


def letters() -> dict[str, Any]:
    """Return how far the mails of `queue_mails` have come."""
    from minamo.kernel.notify.models import MailboxMail, OutgoingMail

    outbox = OutgoingMail.objects.filter(notice="fault.letter")
    return {
        "states": Counter(outbox.values_list("state", flat=True)),
        "arrived": Counter(
            title for mail in MailboxMail.objects.all() if (title := mail.title).startswith("手紙 ")
        ),
    }


QUESTIONS: dict[str, Callable[..., Any]] = {
    f.__name__: f for f in (clone_draft, census, case, send_back, queue_mails, letters)
}


def main() -> None:
    """Answer one question after the other."""
    import django

    django.setup()
    for line in sys.stdin:
        question, arguments = json.loads(line)
        reply: dict[str, Any]
        try:
            reply = {"answer": QUESTIONS[question](**arguments)}
        except Exception:
            reply = {"error": traceback.format_exc()}
        sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
