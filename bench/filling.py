"""Many cases, the same ones each time, written straight into the table.

The clerk's section gets as many ended cases as asked for, and beside them open ones (a
busy week) and another section's, which row permission must keep out.
"""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year, to_wareki
from minamo.kernel.identity.api import Section, User
from minamo.procedures.api import Case, Procedure, ProcedureVersion, State
from minamo.procedures.cases.references import check_digit
from minamo.site.demo.cases import CHANNELS, PROCEDURES, answers_of
from minamo.site.demo.people import address, person

SEED = 20260401
# Of 33,000 cases a year, a week's worth is open.
OPEN_SHARE = 0.01
FOREIGN_SHARE = 0.10
SECTION, FOREIGN_SECTION = "keiei_kikaku", "kyuhaisui"
BATCH = 2_000
DAYS = 3 * 365
LEAST_AGE_DAYS = 14
# People repeat themselves; rows are sealed one by one all the same.
APPLICATIONS = 600
OPEN_STATES = (State.SUBMITTED, State.ACCEPTED, State.RETURNED)
ENDS = (State.COMPLETED, State.REJECTED, State.WITHDRAWN)
END_WEIGHTS = (92, 3, 5)


def fill(ended: int) -> None:
    """Write the cases, and let the database count them for its planner."""
    writer = _Writer(Random(SEED), timezone.now())
    for section, is_open, count in (
        (SECTION, False, ended),
        (SECTION, True, round(ended * OPEN_SHARE)),
        (FOREIGN_SECTION, False, round(ended * FOREIGN_SHARE)),
    ):
        writer.write(section, is_open=is_open, count=count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Writer:
    """Makes rows from one source of chance, with numbers that never repeat."""

    def __init__(self, chance: Random, now: datetime) -> None:
        self.chance, self.now = chance, now
        self.sections = {section.code: section for section in Section.objects.all()}
        self.people: list[User | None] = [
            None,
            *User.objects.filter(username__in=("hayasaka", "ishikawa")).order_by("username"),
        ]
        self.applications = [self._application() for _ in range(APPLICATIONS)]
        self.numbers: Iterator[int] = iter(chance.sample(range(10**6), 10**6))

    def write(self, section: str, *, is_open: bool, count: int) -> None:
        """Write cases of one section in batches."""
        for start in range(0, count, BATCH):
            size = min(BATCH, count - start)
            Case.objects.bulk_create([self._case(section, is_open) for _ in range(size)])

    def _application(self) -> tuple[ProcedureVersion, dict[str, Any], str, str, str]:
        codes = [code for code, _ in PROCEDURES]
        code = self.chance.choices(codes, [weight for _, weight in PROCEDURES])[0]
        version = Procedure.objects.select_related("active_version").get(code=code).active_version
        assert version is not None
        who, where = person(self.chance), address(self.chance)
        place = f"{where['city']}{where['town']}{where['street']}　{where['building']}".strip()
        answers = answers_of(code, who, self.chance, date(2026, 4, 1))
        return version, answers, f"{who.family} {who.given}", place, who.email

    def _case(self, section: str, is_open: bool) -> Case:
        chance = self.chance
        version, answers, name, place, email = chance.choice(self.applications)
        received = self._moment(is_open)
        state = chance.choice(OPEN_STATES) if is_open else chance.choices(ENDS, END_WEIGHTS)[0]
        ended = None if is_open else received + timedelta(hours=chance.randint(2, 200))
        number = next(self.numbers)
        channels = [channel for channel, _ in CHANNELS]
        weights = [weight for _, weight in CHANNELS]
        return Case(
            uuid=uuid.UUID(int=chance.getrandbits(128), version=4),
            reference=_reference(number, received),
            procedure_id=version.procedure_id,
            version=version,
            state=state.value,
            state_since=ended or received,
            channel=chance.choices(channels, weights)[0].value,
            section=self.sections[section],
            assignee=chance.choice(self.people),
            answers=answers,
            applicant_name=name,
            place=place,
            email=email,
            duplicate_index=f"{chance.getrandbits(128):032x}",
            idempotency_key=f"bench-{number}",
            fiscal_year=fiscal_year(received.date()),
            service_date=received.date() + timedelta(days=7),
            submitted_at=received,
            due_date=received.date() + timedelta(days=chance.randint(3, 9)),
            closed_at=ended,
        )

    def _moment(self, is_open: bool) -> datetime:
        days = (0, LEAST_AGE_DAYS) if is_open else (LEAST_AGE_DAYS, DAYS)
        day = timezone.localdate(self.now) - timedelta(days=self.chance.randint(*days) + 1)
        clock = time(self.chance.randint(7, 21), self.chance.randint(0, 59))
        return timezone.make_aware(datetime.combine(day, clock))


def _reference(number: int, received: datetime) -> str:
    digits = f"{number:06d}"
    digits += check_digit(digits)
    return f"R{to_wareki(received.date()).year}-B{digits[:3]}-{digits[3:]}"
