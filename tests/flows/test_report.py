"""The report in a real browser: text present, nothing fetched, hanzi drawn."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"),
        reason="chromium is missing: Debian's packages chromium and fonts-noto-cjk have it",
    ),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    source = out / "in"
    source.mkdir()
    for name in ("mirror.txt", "kun.txt", "clean-forest.txt", "utf-8-as-latin-1.txt", "table.csv"):
        shutil.copy(ROOT / "sample_data" / "archive" / name, source)
    hostile = "发布时间:2023-01-01\n<script>document.title='hit'</script><img src='http://198.51.100.1/x'>锟斤拷\n"
    (source / "hostile.txt").write_text(hostile, "utf-8")
    mojimend = str(Path(sys.executable).parent / "mojimend")
    subprocess.run([mojimend, "run", str(source), "-o", str(out / "out")], check=False, capture_output=True)
    return out / "out" / "latest" / "report" / "index.html"


def test_the_report_in_chromium(report: Path, tmp_path: Path) -> None:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Error as error:
            pytest.fail(f"chromium does not start: {error}")
        page = browser.new_page(viewport={"width": 1200, "height": 1600})
        asked: list[str] = []
        problems: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("requestfailed", lambda request: problems.append(request.url))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(report.as_uri())
        text = page.inner_text("body")
        for wanted in (
            "修复报告",
            "Repair report",
            "隔离区",
            "Quarantine",
            "锟斤拷",
            "mirror site",
            "字段完整性",
            "清溪县",
        ):
            assert wanted in text
        assert page.title() != "hit"
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert problems == []
        assert page.locator("del").count() > 0
        assert page.locator("ins").count() > 0
        assert _hanzi_are_drawn(page)
        assert len(page.screenshot(path=tmp_path / "report.png")) > 20_000
        page.click("text=Data Docs")
        page.click("text=articles")
        status = "e => getComputedStyle(e, '::before').content"
        assert "通过" in page.locator(".fa-check-circle").first.evaluate(status)
        assert "title shows no sign of damage" in page.inner_text("body")
        page.screenshot(path=tmp_path / "data_docs.png")
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert problems == []
        browser.close()


def _hanzi_are_drawn(page: Page) -> bool:
    """Say whether two hanzi look different: without a font all of them are the same empty box."""
    script = """() => ['一', '龍'].map(c => { const k = document.createElement('canvas').getContext('2d');
        k.font = '40px ' + getComputedStyle(document.body).fontFamily; k.fillText(c, 5, 60);
        return k.getImageData(0, 0, 80, 80).data.reduce((a, b) => a + b, 0) })"""
    one, dragon = page.evaluate(script)
    return bool(one > 0 and dragon > one)
