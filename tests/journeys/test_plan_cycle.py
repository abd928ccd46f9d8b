"""The plan's yearly cycle by five people: record, close, review, propose, adopt, publish, report."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ..servers import RunningMinamo
from .browser import Watcher, new_context
from .people import Clerk, fill_page, press
from .plan_forms import PROPOSAL, REVIEW

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VALUE_OF = "/desk/plan/indicators/R4-1-1/web_direct_debit_applications/"
CLOSED_YEAR = 2025


class Bureau:
    """Everybody who works on the plan, each in a browser of their own."""

    def __init__(self, minamo: RunningMinamo, browser: Browser, pictures: Path) -> None:
        self.minamo, self.browser, self.pictures = minamo, browser, pictures
        self.watcher = Watcher()
        self.clerks: dict[str, Clerk] = {}

    def of(self, name: str) -> Clerk:
        """Return somebody, signed in."""
        if name not in self.clerks:
            page = new_context(self.browser, self.minamo.url, phone=name == "omori").new_page()
            self.clerks[name] = Clerk(page, self.watcher, self._look)
            self.clerks[name].sign_in(name)
        return self.clerks[name]

    def go(self, name: str, address: str) -> Page:
        """Send somebody to a page, and look at it."""
        clerk = self.of(name)
        answer = clerk.page.goto(address)
        assert answer is not None
        assert answer.status == 200, (name, address, answer.status)
        self.watcher.axe(clerk.page)
        return clerk.page

    def audited(self) -> set[str]:
        """Return every act of the plan in the audit chain, which must be whole."""
        text = self.minamo.python(
            "import json; from minamo.kernel.audit.api import verify;"
            "from minamo.kernel.audit.models import Entry; assert verify().ok;"
            "print(json.dumps(sorted(set(Entry.objects.filter(action__startswith='plan.')"
            ".values_list('action', flat=True)))))"
        )
        return set(json.loads(text))

    def _look(self, page: Page, name: str) -> None:
        self.pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.pictures / f"plan-{name}.png", full_page=True)


@pytest.fixture
def bureau(
    minamo: RunningMinamo, browser_program: Browser, pictures_folder: Path
) -> Iterator[Bureau]:
    """The people of the demo city."""
    bureau = Bureau(minamo, browser_program, pictures_folder)
    yield bureau
    for clerk in bureau.clerks.values():
        clerk.page.context.close()


def save(page: Page, name: str) -> None:
    """Press a button and see that nothing was refused."""
    press(page, name)
    assert not page.locator(".mn-errors").count(), page.inner_text("main")


def test_a_whole_year_of_the_plan(bureau: Bureau) -> None:
    record_a_value(bureau)
    close_the_year(bureau)
    review_in_three_roles(bureau)
    propose_and_adopt(bureau)
    publish_the_next_version(bureau)
    print_the_report(bureau)
    assert bureau.audited() >= {
        "plan.indicator.recorded",
        "plan.year.closed",
        "plan.review.submitted",
        "plan.review.confirmed",
        "plan.review.final",
        "plan.proposal.handed_in",
        "plan.proposal.decided",
        "plan.revision.published",
        "plan.version.published",
        "plan.report.published",
    }
    bureau.watcher.assert_calm()


def record_a_value(bureau: Bureau) -> None:
    page = bureau.go("hayasaka", f"{VALUE_OF}record/")
    page.fill("#value", "千二百")
    page.fill("#source", "料金システムの月報による")
    press(page, "記録する")
    assert "数字だけを入れてください" in page.inner_text("main")
    assert page.input_value("#source") == "料金システムの月報による"
    page.fill("#value", "１，２３４")
    save(page, "記録する")
    assert "1,234件" in page.inner_text("main")
    bureau.of("hayasaka").see("recorded")


def close_the_year(bureau: Bureau) -> None:
    page = bureau.go("fujiwara", f"/desk/plan/years/{CLOSED_YEAR}/close/")
    bureau.of("fujiwara").see("close-year")
    save(page, "令和7年度を確定する")
    assert "確定ずみ" in page.inner_text("main")


def review_in_three_roles(bureau: Bureau) -> None:
    """Write a sheet in the section, confirm it as its head, collect, discuss and make it final."""
    page = bureau.go("hayasaka", "/desk/plan/mine/")
    bureau.of("hayasaka").see("mine")
    page.locator("main a", has_text="現状評価の記入").first.click()
    page.wait_for_load_state()
    sheet = page.url
    page.goto(f"{sheet}edit/")
    bureau.of("hayasaka").see("review-empty")
    page.locator("button[name=act][value=submit]").click()
    page.wait_for_load_state()
    assert page.locator(".mn-errors").count(), "an empty sheet is not handed in"
    fill_page(page, REVIEW)
    if page.locator("input[name=grade]").count():
        page.locator("input[name=grade]").first.check()
    page.locator("input[name=direction]").first.check()
    page.locator("button[name=act][value=submit]").click()
    page.wait_for_load_state()
    assert not page.locator(".mn-errors").count(), page.inner_text("main")
    bureau.go("omori", sheet)
    save(bureau.of("omori").page, "確認する")
    bureau.of("omori").see("review-confirmed")
    page = bureau.go("fujiwara", sheet)
    save(page, "取りまとめる")
    page = bureau.go("fujiwara", sheet)
    press(page, "会議の画面を開く")
    bureau.of("fujiwara").see("review-meeting")
    fill_page(page, {"meeting_on": "2026-11-20", "meeting_words": "このまま続ける"})
    save(page, "協議済みにして次へ")
    page = bureau.go("fujiwara", sheet)
    save(page, "確定する")
    words = bureau.go("omori", sheet).inner_text("main")
    assert REVIEW["activities"] in words
    code = re.search(r"R\d-\d-\d+", words)
    assert code is not None
    public = bureau.go("omori", f"/plan/{code[0]}/").inner_text("main")
    assert "毎年度の現状評価" in public
    assert REVIEW["activities"] in public


def propose_and_adopt(bureau: Bureau) -> None:
    page = bureau.go("hayasaka", "/desk/plan/proposals/new/")
    fill_page(page, {name: text for name, text in PROPOSAL.items() if name != "title"})
    save_proposal(page)
    assert page.locator(".mn-errors").count() or "件名" in page.inner_text("main")
    page.fill("#title", PROPOSAL["title"])
    save_proposal(page)
    if "/edit" in page.url or "/new" in page.url:
        page.goto(re.sub(r"edit/$", "", page.url))
    bureau.of("hayasaka").see("proposal")
    address = page.url
    save(page, "提出する")
    for who in ("omori", "fujiwara", "fujiwara", "fujiwara", "fujiwara"):
        page = bureau.go(who, f"{address}decide/")
        page.locator("input[name=outcome]").first.check()
        page.fill("#held_on", "2026-11-20")
        page.fill("#body", "デジタル推進チーム会議")
        page.fill("#attendees", "次長、総務課長、各課長補佐")
        save(page, "この内容で記録する")
    assert "採用されました" in page.inner_text("main")
    bureau.of("fujiwara").see("adopted")


def save_proposal(page: Page) -> None:
    page.locator("main button[name=act][value=save]").last.click()
    page.wait_for_load_state()


def publish_the_next_version(bureau: Bureau) -> None:
    page = bureau.go("fujiwara", "/desk/plan/revisions/")
    page.locator("main a[href*='/desk/plan/revisions/']").first.click()
    page.wait_for_load_state()
    bureau.of("fujiwara").see("revision")
    press(page, "公開に進む")
    page.locator("#month").select_option(index=1)
    page.fill("#reason", "新しい取り組みを加えるため")
    save(page, "改定として公開する")
    page = bureau.go("omori", "/plan/versions/")
    assert "新しい取り組みを加えるため" in page.inner_text("main")
    page = bureau.go("omori", "/plan/")
    assert PROPOSAL["title"] in page.inner_text("main")


def print_the_report(bureau: Bureau) -> None:
    page = bureau.go("fujiwara", "/desk/plan/reports/")
    page.locator("#year").select_option(str(CLOSED_YEAR))
    save(page, "報告書を作る")
    for _ in range(60):
        page.goto("/desk/plan/reports/")
        if page.get_by_role("button", name=re.compile("^公開する")).count():
            break
        page.wait_for_timeout(1000)
    bureau.of("fujiwara").see("report")
    page.get_by_role("button", name=re.compile("^公開する")).first.click()
    page.wait_for_load_state()
    page = bureau.go("omori", "/plan/open-data/")
    address = page.locator("main a[href$='.pdf']").first.get_attribute("href")
    pdf = page.request.get(f"{bureau.minamo.url}{address}").body()
    assert pdf.startswith(b"%PDF")
