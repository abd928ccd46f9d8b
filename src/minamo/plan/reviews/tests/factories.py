"""A small plan with its review, and people to take the steps."""

from datetime import UTC, date, datetime
from pathlib import Path

from ruamel.yaml import YAML

from minamo.contracts.actors import Actor
from minamo.kernel import testing
from minamo.kernel.identity.api import User
from minamo.plan.measures.models import Plan
from minamo.plan.measures.tests.factories import indicator, make_plan, measure
from minamo.plan.reviews import rounds, services
from minamo.plan.reviews.grades import load_grades
from minamo.plan.reviews.models import GradeScheme, ReviewRound, ReviewSheet
from minamo.plan.reviews.rounds import Dues
from minamo.plan.reviews.rules import Scheme, scheme_from
from minamo.plan.reviews.schemas import GradesDocument
from minamo.plan.reviews.services import Entry

OPERATOR = Actor.system("tests")
PACKS = Path(__file__).resolve().parents[5] / "packs"
# The plan of the tests runs R8–R10; its first year is reviewed in May 2027.
AT = datetime(2027, 5, 6, 1, 0, tzinfo=UTC)
TODAY = "2027-05-06T10:00:00+09:00"
DUES = Dues(date(2027, 5, 20), date(2027, 5, 27), date(2027, 6, 10), date(2027, 6, 24))
WHOLE = Entry(
    grade="B",
    grade_reason="予定した案内は、すべて終えました。",
    activities="窓口で案内を配りました。",
    issues="高齢の方の利用が少ない。",
    causes="画面の字が小さい。",
    direction="keep",
)
STEPS = ("submit", "confirm", "collect", "discuss", "finalise")


def grades_document() -> GradesDocument:
    """Return Morioka's schemes as the pack writes them."""
    text = (PACKS / "morioka" / "grades.yaml").read_text(encoding="utf-8")
    return GradesDocument.model_validate(YAML(typ="safe").load(text))


def scheme(key: str = "sample_abcd") -> Scheme:
    """Return one of the schemes for the rules."""
    found = next(each for each in grades_document().schemes if each.key == key)
    return scheme_from(found.model_dump(mode="json"))


def load_schemes() -> None:
    """Load the schemes of Morioka's pack."""
    load_grades(grades_document(), by=OPERATOR, path="grades.yaml")


def plan_of(*codes: str, section: str = "kyuhaisui") -> Plan:
    """Return a plan whose measures a section is in charge of."""
    return make_plan(
        *(
            measure(code, sections=[section], indicators=[indicator(metric="")])
            for code in codes or ("R8-1-1",)
        )
    )


def open_round(
    by: User, *, plan: Plan | None = None, key: str = "sample_abcd", dues: Dues = DUES
) -> ReviewRound:
    """Return the opened review of the plan's first year."""
    load_schemes()
    return rounds.open_round(
        plan=plan or plan_of(),
        fiscal_year=2026,
        scheme=GradeScheme.objects.get(key=key),
        dues=dues,
        by=by,
        at=AT,
    )


def sheet_of(round_: ReviewRound, code: str = "R8-1-1") -> ReviewSheet:
    """Return a measure's sheet."""
    return ReviewSheet.objects.get(round=round_, measure__code=code)


def bring(sheet: ReviewSheet, cast: testing.Cast, *, to: str, entry: Entry = WHOLE) -> ReviewSheet:
    """Take a sheet along its way up to one step."""
    services.write_sheet(sheet=sheet, entry=entry, by=cast.clerk, at=AT)
    verbs = {
        "submit": lambda: services.submit(sheet=sheet, by=cast.clerk, at=AT),
        "confirm": lambda: services.confirm(sheet=sheet, by=cast.manager, at=AT),
        "collect": lambda: services.collect(sheet=sheet, by=cast.planner, at=AT),
        "discuss": lambda: services.discuss(
            sheet=sheet,
            meeting_on=date(2027, 5, 1),
            words="このまま続けます。",
            by=cast.planner,
            at=AT,
        ),
        "finalise": lambda: services.finalise(sheet=sheet, by=cast.planner, at=AT),
    }
    for step in STEPS[: STEPS.index(to) + 1] if to in STEPS else ():
        verbs[step]()
    sheet.refresh_from_db()
    return sheet
