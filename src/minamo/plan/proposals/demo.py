"""Proposals of the fictional city: one being written, one on its way, one sent back, one adopted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from minamo.kernel.identity.api import Section, User
from minamo.plan.measures.queries import current_plan

from . import services
from .models import DecisionRecord, Proposal
from .routes import current_route
from .services import Facts, Ruling

Outcome = DecisionRecord.Outcome
_TEAM = "次長（事務）、総務課長、各課の課長補佐"


def fill(*, staff: Mapping[str, User], now: datetime, chance: Random) -> None:
    """Write proposals that stand at different stages, through the services people use."""
    plan = current_plan(timezone.localdate(now))
    if plan is None or current_route() is None:
        return
    sections = {section.code: section for section in Section.objects.all()}
    year = timezone.localdate(now).year
    clerk, head, planner = staff["hayasaka"], staff["omori"], staff["fujiwara"]

    def propose(section: str, facts: Facts, by: User) -> Proposal:
        return services.create_proposal(plan=plan, section=sections[section], facts=facts, by=by)

    adopted = propose("keiei_kikaku", _bills(year), clerk)
    adopted = services.hand_in(proposal=adopted, by=clerk, at=now - timedelta(days=60))
    adopted = _decided(adopted, head, now - timedelta(days=56), body="経営企画課長")
    adopted = _decided(adopted, planner, now - timedelta(days=49), body="総務課")
    adopted = _decided(adopted, planner, now - timedelta(days=40), attendees=_TEAM)
    adopted = _decided(adopted, planner, now - timedelta(days=26), attendees="管理者、次長、部長")
    _decided(
        adopted,
        planner,
        now - timedelta(days=12),
        outcome=Outcome.ADOPT,
        attendees="部長、各課長",
        reason="検針票の印刷をやめた分で、毎年の費用をまかなえる。",
    )

    under_way = propose("keiei_kikaku", _calls(year), clerk)
    services.comment(
        proposal=under_way, body="文面の例を添付します。", by=clerk, at=now - timedelta(days=21)
    )
    under_way = services.hand_in(proposal=under_way, by=clerk, at=now - timedelta(days=20))
    under_way = _decided(under_way, head, now - timedelta(days=18), body="経営企画課長")
    under_way = _decided(under_way, planner, now - timedelta(days=6), body="総務課")
    services.comment(
        proposal=under_way,
        body="件数は昨年度の実績ですか。次の会議までに確かめてください。",
        by=planner,
        at=now - timedelta(days=5),
    )

    mended = propose("keiei_kikaku", _rooms(year), staff["ishikawa"])
    mended = services.hand_in(proposal=mended, by=staff["ishikawa"], at=now - timedelta(days=9))
    mended = _decided(mended, head, now - timedelta(days=8), body="経営企画課長")
    _decided(
        mended,
        planner,
        now - timedelta(days=chance.randint(2, 4)),
        body="総務課",
        outcome=Outcome.RETURN,
        reason="毎年の費用の根拠がありません。見積もりをつけてください。",
    )

    propose("kyuhaisui", _photographs(year), staff["oikawa"])


def _decided(
    proposal: Proposal,
    by: User,
    at: datetime,
    *,
    outcome: DecisionRecord.Outcome = Outcome.FORWARD,
    body: str = "",
    attendees: str = "",
    reason: str = "",
) -> Proposal:
    stage = str(proposal.stages[proposal.stage]["title"])
    ruling = Ruling(outcome, timezone.localdate(at), body or stage, attendees, reason)
    return services.decide(proposal=proposal, ruling=ruling, by=by, at=at)


def _bills(year: int) -> Facts:
    return Facts(
        title="検針のお知らせの電子化",
        goal=1,
        category="実施・実施予定",
        content="紙でお渡ししている検針のお知らせを、希望する方にはメールで送ります。",
        steps=(
            {"fiscal_year": year, "text": "仕様検討"},
            {"fiscal_year": year + 1, "text": "サービス実施"},
        ),
        indicators=(
            _indicator(
                "メールで受け取る契約の割合", kind="ratio", unit="%", target="20", year=year + 2
            ),
        ),
        initial_cost_yen=1_800_000,
        yearly_cost_yen=360_000,
        cost_note="印刷と用紙が毎年およそ90万円減る見込みです。",
        sheet=_sheet(
            "検針のお知らせの作成",
            before=(Decimal("2.5"), 21_000, 3),
            after=(Decimal("1.8"), 21_000, 2),
            problems="紙の補充と印字ずれの直しに手がかかります。なくしたという問い合わせもあります。",
            improvement="希望する方にはメールで送り、紙は希望しない方だけにします。",
            as_is=[
                ("検針員", "メーターを読む", "1", "端末"),
                ("検針員", "お知らせを刷って入れる", "1", "紙"),
                ("料金担当", "問い合わせに答える", "0.5", "電話"),
            ],
            to_be=[
                ("検針員", "メーターを読む", "1", "端末"),
                ("システム", "お知らせをメールで送る", "", "メール"),
                ("料金担当", "問い合わせに答える", "0.3", "電話"),
            ],
        ),
    )


def _calls(year: int) -> Facts:
    return Facts(
        title="引っ越し時期の電話を減らす案内の自動化",
        goal=1,
        category="導入検討",
        content="3月と4月に多い問い合わせに、ウェブの案内が先に答えるようにします。",
        steps=(
            {"fiscal_year": year, "text": "導入検討"},
            {"fiscal_year": year + 1, "text": "試行"},
        ),
        indicators=(
            _indicator("3月と4月の電話の件数", direction="down", target="2400", year=year + 1),
        ),
        initial_cost_yen=600_000,
        yearly_cost_yen=240_000,
        cost_note="案内の文面は職員が作ります。",
        sheet=_sheet(
            "引っ越しの問い合わせへの回答",
            before=(Decimal(6), 4_200, 5),
            after=(Decimal(6), 2_400, 5),
            problems="3月と4月は電話がつながりにくく、窓口の仕事が止まります。",
            improvement="よくある質問に、申し込みのページの中で答えます。",
            as_is=[
                ("市民", "電話をかける", "4", "電話"),
                ("お客さまセンター", "内容を聞き取る", "2", "電話"),
                ("料金担当", "調べて答える", "4", "料金システム"),
            ],
            to_be=[
                ("市民", "ページで質問を選ぶ", "1", "スマートフォン"),
                ("案内の画面", "答えと申し込みの入口を出す", "", "ウェブ"),
                ("料金担当", "残った質問に答える", "4", "電話"),
            ],
        ),
    )


def _rooms(year: int) -> Facts:
    calls = _calls(year)
    return replace(
        calls,
        title="会議室の予約の電子化",
        goal=3,
        content="紙の予約表をやめ、庁内の画面で会議室を予約します。",
        indicators=(
            _indicator("画面からの予約の割合", kind="ratio", unit="%", target="90", year=year + 1),
        ),
        yearly_cost_yen=120_000,
        cost_note="",
        sheet=_sheet(
            "会議室の予約",
            before=(Decimal(8), 900, 1),
            after=(Decimal(2), 900, 1),
            problems="予約表が1階にしかなく、見に行く時間がかかります。",
            improvement="自分の席から空きを見て予約します。",
            as_is=[
                ("使う人", "予約表を見に行く", "5", "紙"),
                ("総務課", "重なりを調べて直す", "3", "紙"),
            ],
            to_be=[("使う人", "画面で空きを選ぶ", "2", "庁内の画面")],
        ),
    )


def _photographs(year: int) -> Facts:
    return Facts(
        title="竣工検査の写真の受け取りの電子化",
        goal=1,
        category="導入検討",
        content="",
        steps=({"fiscal_year": year + 1, "text": "仕様検討"},),
        sheet={"business": "竣工検査の書類の受け取り", "problems": "写真の束を綴じて運びます。"},
    )


def _indicator(
    label: str,
    *,
    kind: str = "per_year",
    unit: str = "件",
    direction: str = "up",
    target: str,
    year: int,
) -> dict[str, str]:
    return {
        "label": label,
        "kind": kind,
        "unit": unit,
        "direction": direction,
        "target": target,
        "target_year": str(year),
        "definition": "年度のうちに数えます。",
    }


def _sheet(
    business: str,
    *,
    before: tuple[Decimal, int, int],
    after: tuple[Decimal, int, int],
    problems: str,
    improvement: str,
    as_is: list[tuple[str, str, str, str]],
    to_be: list[tuple[str, str, str, str]],
) -> dict[str, Any]:
    names = ("who", "what", "minutes", "tool")
    return {
        "business": business,
        "regularity": "fixed",
        "core": "non_core",
        "before_minutes": before[0],
        "before_count": before[1],
        "before_people": before[2],
        "after_minutes": after[0],
        "after_count": after[1],
        "after_people": after[2],
        "outsourcing": "印刷は委託できます。判断は職員が行います。",
        "digitisation": "入力から送付まで、画面の中でできます。",
        "problems": problems,
        "improvement": improvement,
        "measurement": "実施の前と後の1か月で、1件にかかる分を10件ずつはかります。",
        "as_is": [dict(zip(names, step, strict=True)) for step in as_is],
        "to_be": [dict(zip(names, step, strict=True)) for step in to_be],
    }
