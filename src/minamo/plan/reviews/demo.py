"""The demo city's reviews: past years final, last year's half way, the plan's end begun."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from secrets import token_urlsafe

from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.calendar.api import add_business_days, fiscal_year, fiscal_year_period
from minamo.kernel.identity.api import Role, Section, User, add_membership, create_user

from ..measures.models import Plan
from ..measures.queries import current_plan
from . import figures, final, grades, queries, rounds, services
from .final import FinalEntry
from .models import FinalSheet, GradeScheme, ReviewSheet
from .rounds import Dues
from .services import Entry

BY = Actor.system("demo city")
SINCE = date(2026, 4, 1)
Direction = ReviewSheet.Direction
Decision = FinalSheet.Decision
# Colleagues in sections that the city's accounts do not reach: name, reading, section, role.
COLLEAGUES = (
    ("千葉 美咲", "チバ ミサキ", "somu", "clerk"),
    ("菊池 亮", "キクチ リョウ", "suido_iji", "clerk"),
    ("高橋 勉", "タカハシ ツトム", "suido_iji", "manager"),
    ("工藤 由美", "クドウ ユミ", "gesuido_seibi", "clerk"),
    ("熊谷 浩", "クマガイ ヒロシ", "gesuido_seibi", "manager"),
    ("小野寺 学", "オノデラ マナブ", "kyuhaisui", "manager"),
    ("阿部 千尋", "アベ チヒロ", "suido_kensetsu", "clerk"),
    ("伊藤 健二", "イトウ ケンジ", "josui", "clerk"),
    ("村上 香織", "ムラカミ カオリ", "gesuido_shisetsu", "clerk"),
    ("吉田 隆", "ヨシダ タカシ", "suido_kensetsu", "manager"),
    ("三浦 聡", "ミウラ サトシ", "josui", "manager"),
    ("中村 恵子", "ナカムラ ケイコ", "gesuido_shisetsu", "manager"),
)
# How far last year's sheets have come, from the first measure to the last.
PLACES = (6, 6, 5, 1, 2, 4, 0, 3, 3, 2, 2, 1, 1, 0, 2, -1, 5, 1, 0, -1, 4, 2)
ACTIVITIES = (
    "{title}の運用を続け、使い方の問い合わせに答える資料を作り直した。月に一度、課の中で実績を確かめた。",
    "{title}について、前の年度に出た意見をもとに手順を見直し、年度の半ばから新しい手順で進めた。",
    "{title}のため、関係する課と打ち合わせを4回行い、役割と日程を決めた。",
)
ISSUES = (
    "担当者が変わると、進め方が引き継がれにくい。",
    "繁忙期に作業が重なり、記録が遅れることがあった。",
    "利用する人がまだ限られている。",
)
CAUSES = (
    "手順書が古く、今のやり方と合っていないため。",
    "他の事業と日程が重なり、予定より着手が遅れたため。",
    "周知が窓口での案内だけだったため。",
)
NOTES = {
    Direction.KEEP: "",
    Direction.CHANGE: "手順書を作り直し、担当を2人にする。",
    Direction.EXTEND: "対象をほかの業務にも広げる。",
    Direction.END: "役割を終えたため。",
}


@dataclass(frozen=True, slots=True)
class _People:
    """Who takes which step; None where a section has nobody in the demo city."""

    writers: Mapping[str, User]
    heads: Mapping[str, User]
    planner: User


def fill(*, staff: Mapping[str, User], now: datetime, chance: Random) -> None:
    """Review every year of the plan that is over, the last of them half way."""
    today = timezone.localdate(now)
    plan = current_plan(today)
    scheme = GradeScheme.objects.filter(is_default=True).first()
    if plan is None or scheme is None:
        return
    people = _people(staff)
    years = list(_years(plan, today))
    for year in years:
        _fill_year(plan, scheme, year, people, now, chance, is_last=year == years[-1])
    if years and years[-1] == plan.last_fiscal_year:
        _fill_final(plan, scheme, people, now, chance)


def _years(plan: Plan, today: date) -> Iterator[int]:
    last = min(plan.last_fiscal_year, fiscal_year(today) - 1)
    yield from range(plan.first_fiscal_year, last + 1)


def _people(staff: Mapping[str, User]) -> _People:
    writers = {"keiei_kikaku": staff["hayasaka"], "kyuhaisui": staff["oikawa"]}
    heads = {"keiei_kikaku": staff["omori"]}
    if "sasaki" in staff:
        heads["somu"] = staff["sasaki"]
    for number, (name, kana, section, role) in enumerate(COLLEAGUES, start=1):
        user = _colleague(f"shokuin{number:02}", name, kana, section, role)
        if user is not None:
            (heads if role == "manager" else writers)[section] = user
    return _People(writers, heads, staff["fujiwara"])


def _colleague(username: str, name: str, kana: str, section: str, role: str) -> User | None:
    """Return a colleague nobody signs in as; None in a town without this section or role."""
    place = Section.objects.filter(code=section).first()
    held = Role.objects.filter(key=role).first()
    if place is None or held is None:
        return None
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    user = create_user(
        username=username,
        display_name=name,
        kana=kana,
        kind="staff",
        password=token_urlsafe(24),
        by=BY,
    )
    add_membership(user=user, section=place, role=held, valid_from=SINCE, by=BY)
    return user


def _fill_year(
    plan: Plan,
    scheme: GradeScheme,
    year: int,
    people: _People,
    now: datetime,
    chance: Random,
    *,
    is_last: bool,
) -> None:
    """Review one year: in the months after it, or until today for the last one."""
    at = now - timedelta(days=40) if is_last else _after(year)
    first = timezone.localdate(at)
    days = (25, 36, 46, 60) if is_last else (21, 28, 42, 56)
    dues = Dues(*(add_business_days(first + timedelta(days=number), 0) for number in days))
    round_ = rounds.open_round(
        plan=plan, fiscal_year=year, scheme=scheme, dues=dues, by=people.planner, at=at
    )
    sheets = list(queries.sheets_of(round_).exclude(state=ReviewSheet.State.ENDED))
    for place, sheet in enumerate(sheets):
        steps = PLACES[place % len(PLACES)] if is_last else len(PLACES)
        # The meeting on which a past year was discussed was before its due day.
        _take(sheet, steps, people, at if is_last else at + timedelta(days=50), chance)


def _after(year: int) -> datetime:
    end = fiscal_year_period(year).last_date + timedelta(days=20)
    return timezone.make_aware(datetime(end.year, end.month, end.day, 10))  # noqa: DTZ001


def _take(sheet: ReviewSheet, steps: int, people: _People, at: datetime, chance: Random) -> None:
    """Take a sheet some steps along its way; it stays where a section lacks the person."""
    section = sheet.measure.in_charge.all()[0].section.code
    writer, head = people.writers.get(section), people.heads.get(section)
    if writer is None or steps == 0:
        return
    services.write_sheet(sheet=sheet, entry=_entry(sheet, at, chance), by=writer, at=at)
    if steps == 1:
        return
    services.submit(sheet=sheet, by=writer, at=at)
    if head is None:
        return
    if steps < 0:
        words = "取組内容に、問い合わせの件数も書いてください。"
        services.send_back(sheet=sheet, words=words, by=head, at=at)
        return
    verbs: tuple[Callable[[], object], ...] = (
        lambda: services.confirm(sheet=sheet, by=head, at=at),
        lambda: services.collect(sheet=sheet, by=people.planner, at=at),
        lambda: services.discuss(
            sheet=sheet,
            meeting_on=timezone.localdate(at),
            words=chance.choice(("このまま進める。", "関係する課で進み方を共有する。", "")),
            by=people.planner,
            at=at,
        ),
        lambda: services.finalise(sheet=sheet, by=people.planner, at=at),
    )
    for verb in verbs[: steps - 2]:
        verb()


def _entry(sheet: ReviewSheet, at: datetime, chance: Random) -> Entry:
    found = figures.figures_for(sheet.round, sheet.measure.code, on=timezone.localdate(at))
    proposed = services.suggestion_for(sheet, found).letter
    direction = chance.choices(
        (Direction.KEEP, Direction.CHANGE, Direction.EXTEND), weights=(6, 3, 1)
    )[0]
    return Entry(
        grade=proposed or "B",
        grade_reason="" if proposed else "予定した作業は、年度の中で終えた。",
        activities=chance.choice(ACTIVITIES).format(title=sheet.measure.title),
        issues=chance.choice(ISSUES),
        causes=chance.choice(CAUSES),
        direction=direction,
        direction_note=NOTES[direction],
    )


def _fill_final(
    plan: Plan, scheme: GradeScheme, people: _People, now: datetime, chance: Random
) -> None:
    """Begin the final review: some measures written, a few of them decided."""
    review = final.open_final(
        plan=plan,
        scheme=scheme,
        due=timezone.localdate(now) + timedelta(days=17),
        by=people.planner,
        at=now - timedelta(days=12),
    )
    for sheet in queries.final_sheets(review):
        writer = people.writers.get(sheet.measure.in_charge.all()[0].section.code)
        if sheet.state != FinalSheet.State.OPEN or writer is None or chance.random() < 0.4:
            continue
        entry = _final_entry(sheet, _letters(scheme), chance)
        final.write_final(sheet=sheet, entry=entry, by=writer, at=now)
        if chance.random() < 0.5:
            final.decide_final(
                sheet=sheet,
                decision=entry.decision,
                note=entry.decision_note,
                by=people.planner,
                at=now,
            )


def _letters(scheme: GradeScheme) -> Sequence[str]:
    return [grade.letter for grade in grades.as_scheme(scheme).grades]


def _final_entry(sheet: FinalSheet, letters: Sequence[str], chance: Random) -> FinalEntry:
    decision = chance.choices(
        (Decision.CARRY, Decision.CARRY_CHANGED, Decision.DONE), weights=(5, 3, 2)
    )[0]
    notes = {Decision.CARRY_CHANGED: "目標の数を見直し、対象の業務を広げる。"}
    return FinalEntry(
        grade=chance.choice(letters[:3]),
        conclusion=f"{sheet.measure.title}は、計画の期間を通して運用が定着した。残った課題は後継の取り組みで扱う。",
        decision=decision,
        decision_note=notes.get(decision, ""),
    )
