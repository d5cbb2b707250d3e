"""The HTML report in a real browser (Debian's chromium and chromedriver; skipped without them)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from respin import Edit, RestoreResult, SpinReport, apply_edits
from respin.report import Span
from respin.reports import Checked, html
from respin.reports.lines import Lines

selenium = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
DRIVER, BROWSER = shutil.which("chromedriver"), shutil.which("chromium")
pytestmark = pytest.mark.skipif(not (DRIVER and BROWSER), reason="no chromium on this machine")
HOSTILE = (
    "The provide chain <script>window.hacked = 1</script> and <img src=x onerror='window.hacked = 2'> "
    "within </textarea><script>window.hacked = 3</script> the area\u2028 & more."
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from selenium.webdriver.chrome.service import Service

    options = selenium.ChromeOptions()
    options.binary_location = BROWSER
    with tempfile.TemporaryDirectory() as profile:
        for flag in (
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
            "--disable-quic", "--disable-background-networking", "--disable-component-update",
            f"--user-data-dir={profile}",
        ):  # fmt: skip
            options.add_argument(flag)
        driver = selenium.Chrome(options=options, service=Service(DRIVER))
        yield driver
        driver.quit()


def _page(folder: Path) -> Path:
    edits = []
    for spun, original, confidence in (("provide", "supply", 0.97), ("within", "in", 0.5)):
        start = HOSTILE.index(spun)
        edits.append(
            Edit(start, start + len(spun), spun, original, confidence, "news",
                 (("<b>other</b>", 0.3),), "<script>window.hacked = 4</script>")
        )  # fmt: skip
    report = SpinReport(
        True, 1.0, 0.5, 0.8, "news", {"news": 1.0}, (Span(0, len(HOSTILE), 0.4),), 20, ("'x'",)
    )
    result = RestoreResult(apply_edits(HOSTILE, edits), tuple(edits), report)
    checked = Checked(
        "<script>window.hacked = 5</script>.txt", HOSTILE, result, tuple(edits), Lines(HOSTILE)
    )
    path = folder / "report.html"
    path.write_text(html.dumps([checked]), encoding="utf-8")
    return path


def test_the_page_works_and_runs_nothing_of_the_input(browser: Any, tmp_path: Path) -> None:
    browser.get(_page(tmp_path).as_uri())

    def output() -> str:
        return str(browser.execute_script("return document.querySelector('textarea').value"))

    assert browser.execute_script("return window.hacked") is None
    both = HOSTILE.replace("provide", "supply").replace("within", "in")
    assert output() == both
    buttons = browser.find_elements("css selector", "button.edit")
    assert len(buttons) == 2
    buttons[0].click()
    assert output() == HOSTILE.replace("within", "in")
    assert buttons[0].get_attribute("aria-pressed") == "false"
    browser.find_element("css selector", "button.none").click()
    assert output() == HOSTILE
    browser.find_element("css selector", "button.sure").click()
    assert output() == HOSTILE.replace("provide", "supply")
    browser.find_element("css selector", "button.all").click()
    assert output() == both


def test_the_keyboard_is_enough(browser: Any, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.get(_page(tmp_path).as_uri())
    body = browser.find_element("css selector", "body")
    body.send_keys("n")
    active = browser.switch_to.active_element
    assert "provide" in active.text
    note = browser.find_elements("css selector", ".note")[0]
    assert note.is_displayed()
    assert "<script>" in note.text  # shown as text
    active.send_keys(Keys.ENTER)
    assert active.get_attribute("aria-pressed") == "false"
    active.send_keys("n")
    assert "within" in browser.switch_to.active_element.text
    browser.switch_to.active_element.send_keys("p")
    assert "provide" in browser.switch_to.active_element.text
