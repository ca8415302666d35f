"""Takes the README's pictures on a sample office of its own: the desk in Chromium, the first page of the issued PDF."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.site import site  # noqa: E402

FIRST_PAGE = """
from typesetting import reading
from issues.models import Issue
pdf = Issue.objects.issued().get().pdf.read()
open({path!r}, "wb").write(reading.page_png(pdf, 1, 620))
"""


def desk(url: str, password: str, path: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                  "--disable-background-networking", "--disable-component-update"],
        )  # fmt: skip
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN", base_url=url)
        page.goto("/")
        page.locator("[name=username]").fill("lu")
        page.locator("[name=password]").fill(password)
        page.locator("main [type=submit]").click()
        page.goto("/issues/2/")
        page.wait_for_selector("#col-pages img")
        page.wait_for_timeout(1000)
        page.screenshot(path=path)
        browser.close()


def main() -> None:
    docs = ROOT / "docs"
    docs.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as here, here.worker("--beat"), here.web():
        here.manage("demo")
        password = here.shell("from bulletin_cms.sample import PASSWORD; print(PASSWORD)")
        desk(here.url, password, docs / "desk.png")
        here.shell(FIRST_PAGE.format(path=str(docs / "page.png")))


if __name__ == "__main__":
    main()
