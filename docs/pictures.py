"""Make the pictures of this documentation from a running demo city.

`python -m docs.pictures --url http://127.0.0.1:8000` walks the five-minute tour in a real
Chromium and writes `docs/pictures/*.png`, in few colours so that they stay small. It files
one case, sends it back, mends and completes it: use a demo city of its own.
"""

import argparse
import io
import sys
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page
from tests.journeys.browser import Watcher, chromium, new_context
from tests.journeys.move import move_values
from tests.journeys.people import Citizen, Clerk, fill_page, press

FOLDER = Path(__file__).parent / "pictures"
COLOURS = 96
MAX_HEIGHT_PX = {390: 1000, 1280: 900}
SECONDS_FOR_MAIL = 30
MEASURE = "/plan/R4-1-4/"


class Calm(Watcher):
    """A watcher for pictures: faults are the journeys' business, not ours."""

    def axe(self, page: Page) -> None:
        """Look at nothing."""


def keep(page: Page, name: str) -> None:
    """Write a picture of the page's upper part."""
    width = page.viewport_size["width"] if page.viewport_size else 1280
    shot = page.screenshot(full_page=True, animations="disabled")
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    height = min(picture.height, MAX_HEIGHT_PX[width] * picture.width // width)
    write(picture.crop((0, 0, picture.width, height)), name)


def write(picture: Image.Image, name: str) -> None:
    """Write a picture in few colours under its name."""
    FOLDER.mkdir(exist_ok=True)
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


def side_by_side(left: str, right: str, name: str) -> None:
    """Write one picture of two, a phone beside a desk."""
    phone, desk = (Image.open(FOLDER / f"{n}.png").convert("RGB") for n in (left, right))
    desk = desk.resize((desk.width * 3 // 4, desk.height * 3 // 4), Image.Resampling.LANCZOS)
    phone = phone.resize(
        (phone.width * desk.height // phone.height, desk.height), Image.Resampling.LANCZOS
    )
    gap = 24
    sheet = Image.new("RGB", (phone.width + gap + desk.width, desk.height), "white")
    sheet.paste(phone, (0, 0))
    sheet.paste(desk, (phone.width + gap, 0))
    write(sheet, name)


def shown(page: Page, name: str) -> None:
    """Keep the pages of the walk that the tour shows."""
    if name in {"home", "when", "check", "receipt", "status-received", "status-returned"}:
        keep(page, f"phone-{name}")


def number_of(page: Page) -> Image.Image:
    """Open the measure and return the picture of its number, without the chart."""
    page.goto(MEASURE)
    card = page.get_by_role("heading", name="ウェブで受け付けた").locator("xpath=ancestor::section")
    card.scroll_into_view_if_needed()
    picture = Image.open(io.BytesIO(card.screenshot(animations="disabled"))).convert("RGB")
    return picture.crop((0, 0, picture.width, 210))


def stacked(above: Image.Image, below: Image.Image) -> Image.Image:
    """Return one picture above another."""
    sheet = Image.new("RGB", (above.width, above.height + 16 + below.height), "white")
    sheet.paste(above, (0, 0))
    sheet.paste(below, (0, above.height + 16))
    return sheet


def mailbox(page: Page, words: str) -> None:
    """Wait until the demo mailbox has a mail with these words, open and keep it."""
    deadline = time.monotonic() + SECONDS_FOR_MAIL
    page.goto("/demo/mailbox/")
    while words not in page.inner_text("main") and time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        page.reload()
    page.locator("main a[href*='/demo/mailbox/']", has_text=words).first.click()
    page.wait_for_load_state()
    keep(page, "mail")


def send_back(clerk: Clerk) -> None:
    """Fill the form that sends a case back, keep it, and send."""
    press(clerk.page, "差し戻す")
    fill_page(
        clerk.page,
        {
            "field": "new_address",
            "words": "部屋番号が入っていませんでした。部屋番号を書きたしてください。",
        },
    )
    write(viewport(clerk.page), "desk-return")
    clerk.page.locator("main form .mn-actions button").first.click()
    clerk.page.wait_for_load_state()


def viewport(page: Page) -> Image.Image:
    """Return what is seen without scrolling."""
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def tour(url: str) -> None:
    """Walk the five-minute tour once."""
    with chromium() as program:
        phone = new_context(program, url, phone=True)
        desk = new_context(program, url, phone=False)
        citizen = Citizen(phone.new_page(), Calm(), shown)
        clerk = Clerk(desk.new_page(), Calm(), shown)
        before = number_of(clerk.page)
        citizen.apply(move_values())
        citizen.open_status()
        citizen.see("status-received")
        mailbox(clerk.page, citizen.reference)
        clerk.page.goto("/accounts/login/")
        clerk.page.get_by_text("hayasaka").first.scroll_into_view_if_needed()
        write(viewport(clerk.page), "sign-in")
        clerk.sign_in("hayasaka")
        keep(clerk.page, "desk-inbox")
        clerk.open_case(citizen.reference)
        write(viewport(clerk.page), "desk-case")
        send_back(clerk)
        citizen.open_status()
        citizen.see("status-returned")
        fill_page(citizen.page, {"new_address.building": "メゾン高松 101"})
        citizen.page.get_by_role("button", name="直して送る").click()
        citizen.page.wait_for_load_state()
        clerk.open_case(citizen.reference)
        clerk.act("受け付ける")
        clerk.act("完了")
        write(viewport(clerk.page), "desk-completed")
        write(stacked(before, number_of(clerk.page)), "plan-moves")
        clerk.page.goto("/plan/")
        keep(clerk.page, "plan")
    side_by_side("phone-status-received", "desk-case", "overview")


def main() -> int:
    """Make all pictures and say how large they are together."""
    options = argparse.ArgumentParser(description="Make the documentation's pictures.")
    options.add_argument("--url", default="http://127.0.0.1:8000", help="a running demo city")
    tour(options.parse_args().url.rstrip("/"))
    files = sorted(FOLDER.glob("*.png"))
    total = sum(file.stat().st_size for file in files)
    sys.stdout.write(f"{len(files)} pictures, {total / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
