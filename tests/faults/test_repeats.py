"""The same thing sent again, by impatience or by accident, happens once."""

import threading
from collections.abc import Callable, Iterator

import pytest

from ..robot import Answer, Form, Robot
from .applicants import (
    CONFIRM,
    Receipt,
    draft_at_check,
    open_inquiry,
    receipt_on,
    token_of,
)
from .installation import Installation, installation

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.xdist_group("server")]


@pytest.fixture(scope="module")
def minamo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all repeats; each test sends a draft of its own."""
    with installation(tmp_path_factory.mktemp("repeats") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def template(minamo: Installation) -> str:
    """The token of a finished draft that is never sent itself."""
    return token_of(draft_at_check(Robot(minamo.url)))


@pytest.fixture
def token(minamo: Installation, template: str) -> str:
    """The token of a finished draft."""
    (token,) = minamo.ask("clone_draft", token=template, count=1)
    return token


def at_check(minamo: Installation, token: str) -> tuple[Robot, Answer]:
    """Return a browser that stands before the last button."""
    robot = Robot(minamo.url)
    return robot, robot.get(f"/apply/d/{token}/check/")


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """Do several things at the same moment and return what came back."""
    gate = threading.Barrier(len(acts))
    answers: list[Answer] = []

    def run(act: Callable[[], Answer]) -> None:
        gate.wait(10)
        answers.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == len(acts)
    return answers


def form_to(page: Answer, ending: str) -> Form:
    """Return the page's form that posts to an address with this ending."""
    return next(form for form in page.forms() if form.action.endswith(ending))


def sent_case(minamo: Installation, token: str) -> tuple[Robot, Receipt]:
    """Send a draft and open its status page's door."""
    robot, check = at_check(minamo, token)
    receipt = receipt_on(robot.post(check, CONFIRM))
    assert open_inquiry(robot, receipt).status == 200
    return robot, receipt


def assert_one_submission(minamo: Installation, receipt: Receipt) -> None:
    """Check that a case was made, written down and confirmed by mail exactly once."""
    case = minamo.ask("case", reference=receipt.reference)
    assert case["acts"]["procedures.case.submitted"] == 1
    assert case["mails"] == {"procedures.case.received": 1}
    assert case["revisions"] == 1
    assert case["state"] == "submitted"


def assert_nothing_beside_drafts(minamo: Installation) -> None:
    """Check that there are as many cases as sent applications, and an unbroken trail."""
    census = minamo.ask("census")
    assert len(census["references"]) == census["drafts_sent"] == census["audited"]
    assert census["cases_without_draft"] == 0
    assert census["chain"]["ok"], census["chain"]["message"]


@pytest.mark.parametrize("clicks", [2, 6])
def test_a_double_click_makes_one_case(minamo: Installation, token: str, clicks: int) -> None:
    robot, check = at_check(minamo, token)
    answers = at_once(*[lambda: robot.post(check, CONFIRM)] * clicks)
    receipts = {receipt_on(answer) for answer in answers}
    assert len(receipts) == 1
    assert_one_submission(minamo, receipts.pop())
    assert_nothing_beside_drafts(minamo)


def test_back_button_and_send_again_shows_the_same_receipt(
    minamo: Installation, token: str
) -> None:
    robot, check = at_check(minamo, token)
    first = receipt_on(robot.post(check, CONFIRM))
    # Back shows the page as it was kept by the browser, or asks the server for it again.
    assert receipt_on(robot.post(check, CONFIRM)) == first
    assert receipt_on(robot.get(f"/apply/d/{token}/check/")) == first
    assert receipt_on(robot.get(f"/apply/d/{token}/")) == first
    assert_one_submission(minamo, first)


def test_replay_of_the_very_same_request_makes_nothing_new(
    minamo: Installation, token: str
) -> None:
    robot, check = at_check(minamo, token)
    form = check.main_form()
    first = receipt_on(robot.post(check, CONFIRM, form=form))
    for _ in range(5):
        assert receipt_on(robot.post(check, CONFIRM, form=form)) == first
    assert_one_submission(minamo, first)
    assert_nothing_beside_drafts(minamo)


def test_two_tabs_and_two_devices_of_one_draft_make_one_case(
    minamo: Installation, token: str
) -> None:
    phone, on_phone = at_check(minamo, token)
    second_tab = phone.get(f"/apply/d/{token}/check/")
    desktop, on_desktop = at_check(minamo, token)
    answers = at_once(
        lambda: phone.post(on_phone, CONFIRM),
        lambda: phone.post(second_tab, CONFIRM),
        lambda: desktop.post(on_desktop, CONFIRM),
    )
    receipts = {receipt_on(answer) for answer in answers}
    assert len(receipts) == 1
    assert_one_submission(minamo, receipts.pop())


def test_a_tab_left_open_cannot_change_what_was_sent(minamo: Installation, token: str) -> None:
    robot, check = at_check(minamo, token)
    old_tab = robot.get(f"/apply/d/{token}/new_home/")
    assert old_tab.status == 200
    names = old_tab.main_form().names()
    receipt = receipt_on(robot.post(check, CONFIRM))
    before = minamo.ask("case", reference=receipt.reference)
    late = robot.post(old_tab, {"new_address.street": "9番9号"} if names else {})
    assert receipt_on(late) == receipt
    assert minamo.ask("case", reference=receipt.reference) == before


def test_a_fix_sent_twice_makes_one_revision(minamo: Installation, token: str) -> None:
    robot, receipt = sent_case(minamo, token)
    minamo.ask("send_back", reference=receipt.reference, fields=["new_address"])
    page = robot.get(f"/status/{receipt.reference}/")
    fix = form_to(page, "/fix/")
    typed = {"new_address.street": "2番8号"}

    def send() -> Answer:
        return robot.post(page, typed, form=fix, button=("_send", "1"))

    answers = [*at_once(send, send), send()]
    assert {answer.status for answer in answers} == {200}
    case = minamo.ask("case", reference=receipt.reference)
    assert case["revisions"] == 2
    assert case["acts"]["procedures.case.resubmitted"] == 1
    assert case["mails"]["procedures.case.revised"] == 1
    assert "2番8号" in case["place"]
    assert_nothing_beside_drafts(minamo)


def test_a_message_sent_twice_is_one_message(minamo: Installation, token: str) -> None:
    robot, receipt = sent_case(minamo, token)
    page = robot.get(f"/status/{receipt.reference}/")
    form = form_to(page, "/message/")

    def send() -> Answer:
        return robot.post(page, {"body": "夕方に電話をください。"}, form=form)

    answers = [*at_once(send, send), send()]
    assert {answer.status for answer in answers} == {200}
    case = minamo.ask("case", reference=receipt.reference)
    assert case["messages"] == 1
    assert case["acts"]["procedures.case.message_received"] == 1


def test_a_repeated_withdrawal_withdraws_once(minamo: Installation, token: str) -> None:
    robot, receipt = sent_case(minamo, token)
    page = robot.get(f"/status/{receipt.reference}/withdraw/")
    values = {"confirm": "on", "reason": "引っ越しがなくなりました。"}

    def send() -> Answer:
        return robot.post(page, values)

    answers = [*at_once(send, send), send()]
    # The late ones are led to the status page, which says what stands.
    assert {answer.status for answer in answers} == {200}
    case = minamo.ask("case", reference=receipt.reference)
    assert case["state"] == "withdrawn"
    assert case["acts"]["procedures.case.withdrawn"] == 1
    assert case["mails"]["procedures.case.withdrawn"] == 1
