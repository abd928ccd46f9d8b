"""転居 from the phone to the plan's indicator, with and without scripts."""

import json
import time
import urllib.request
from ast import literal_eval
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ..servers import RunningMinamo
from .browser import Watcher, keep_picture, new_context
from .move import move_values
from .people import Citizen, Clerk, fill_page, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def web_applications(minamo: RunningMinamo) -> int:
    """Return the number that the public sees for R4-1-4."""
    with urllib.request.urlopen(f"{minamo.url}/api/v1/plan/measures", timeout=10) as response:
        items = json.load(response)["items"]
    measure = next(item for item in items if item["code"] == "R4-1-4")
    return int(float(measure["indicators"][0]["value"]))


def wait_for(number: int, minamo: RunningMinamo, seconds: float = 30) -> int:
    """Wait until the indicator shows a number; returns what it shows in the end."""
    deadline = time.monotonic() + seconds
    while web_applications(minamo) != number and time.monotonic() < deadline:
        time.sleep(0.5)
    return web_applications(minamo)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_move_travels_from_phone_to_plan(
    minamo: RunningMinamo, browser_program: Browser, pictures_folder: Path, scripts: bool
) -> None:
    watcher = Watcher()
    folder = pictures_folder / ("scripts" if scripts else "no-scripts")

    def look(page: Page, name: str) -> None:
        keep_picture(page, folder, name)

    phone = new_context(browser_program, minamo.url, phone=True, scripts=scripts)
    desk = new_context(browser_program, minamo.url, phone=False)
    citizen = Citizen(phone.new_page(), watcher, look, scripts=scripts)
    clerk = Clerk(desk.new_page(), watcher, look)
    before = web_applications(minamo)

    # She applies on her phone.
    citizen.apply(move_values())
    assert "受け取りました" in citizen.open_status()
    citizen.see("status-received")
    assert wait_for(before + 1, minamo) == before + 1

    # She notices a mistake and corrects it herself.
    press(citizen.page, "内容を直す")
    correct_residents(citizen, "4")
    assert "4人" in read_answers(citizen)

    # The clerk finds the case and sends it back.
    clerk.sign_in("hayasaka")
    clerk.see("inbox")
    clerk.open_case(citizen.reference)
    assert "小野寺" in clerk.words()
    clerk.see("case-received")
    clerk.act(
        "差し戻す",
        field="new_address",
        words="部屋番号が入っていませんでした。部屋番号を書きたしてください。",
    )
    assert "差し戻し中" in clerk.words()
    clerk.see("case-returned")

    # She fixes what was asked, and only that.
    words = citizen.open_status()
    assert "直してください" in words
    assert "部屋番号が入っていませんでした" in words
    citizen.see("status-returned")
    mend(citizen)
    assert "受け取りました" in citizen.open_status()

    # The clerk accepts and completes.
    clerk.open_case(citizen.reference)
    clerk.act("受け付ける")
    assert "処理中" in clerk.words()
    assert "手続きを進めています" in citizen.open_status()
    clerk.open_case(citizen.reference)
    clerk.act("完了")
    assert "完了" in clerk.words()
    clerk.see("case-completed")
    assert "終わりました" in citizen.open_status() or "完了" in citizen.words()
    citizen.see("status-completed")

    # The plan shows one more, and stays there.
    assert wait_for(before + 1, minamo) == before + 1
    citizen.page.goto("/plan/R4-1-4/")
    assert f"{before + 1}件" in citizen.words()
    citizen.see("plan-measure")

    watcher.assert_calm()
    assert_audited(minamo, citizen.reference)
    phone.close()
    desk.close()


def correct_residents(citizen: Citizen, number: str) -> None:
    """Change the number of residents through the check page's 変更 link."""
    if not citizen.page.url.rstrip("/").endswith("/check"):
        citizen.walk({})
    citizen.page.locator("main a[href*='/use/']").first.click()
    citizen.page.wait_for_load_state()
    fill_page(citizen.page, {"residents": number})
    citizen.next()
    citizen.walk({})
    citizen.send()


def mend(citizen: Citizen) -> None:
    """Fix the returned question on the status page and send it."""
    fill_page(citizen.page, {"new_address.building": "メゾン高松 101"})
    citizen.page.get_by_role("button", name="直して送る").click()
    citizen.page.wait_for_load_state()


def read_answers(citizen: Citizen) -> str:
    """Return the answers as the bureau has them."""
    citizen.open_status()
    press(citizen.page, "送った内容を見る")
    return citizen.words()


STEPS = [
    "procedures.case.submitted",
    "procedures.case.corrected",
    "procedures.case.returned",
    "procedures.case.resubmitted",
    "procedures.case.accepted",
    "procedures.case.completed",
]


def assert_audited(minamo: RunningMinamo, reference: str) -> None:
    """The chain holds, and every step of the journey is in it, in order."""
    verdict = json.loads(minamo.command("audit", "verify", "--json"))
    assert verdict["ok"] is True
    code = (
        "from minamo.kernel.audit.api import history;"
        "from minamo.procedures.api import Case;"
        f"case = Case.objects.get(reference={reference!r});"
        "print([e.action for e in history(case.subject).order_by('seq')])"
    )
    actions = minamo.python(code)
    done = [action for action in literal_eval(actions) if action in STEPS]
    assert done == STEPS
    assert "procedures.case.read" in actions or "read" in actions, "reading is an entry too"
