"""How far it is from a report's front page to an answer: clicks, pixels, requests and bytes, for anybody's report.

    python scripts/bench/journey.py URL WORDS [CLICK…] [--width 1280] [--dark] [--picture FILE]

CLICK is a selector of Playwright, or text to click. WORDS are what answers the question; `px` is how far they lie
outside the window once they are there. Bytes are those of bodies as they are kept, whatever a server packs.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass

from playwright.sync_api import Error, Page, Response, sync_playwright

HEIGHT = 800
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
BEYOND = """element => {
  const box = element.getBoundingClientRect();
  const view = document.documentElement;
  return {down: Math.max(0, box.bottom - innerHeight), right: Math.max(0, box.right - view.clientWidth)};
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Received:
    """What came over the wire so far."""

    requests: int = 0
    bytes: int = 0

    def count(self, response: Response) -> None:
        """Adds one response; a body that the browser has not kept, as of a redirect, weighs nothing."""
        self.requests += 1
        try:
            self.bytes += len(response.body())
        except Error:
            return


def main(said: argparse.Namespace) -> None:
    """Prints one line."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": said.width, "height": HEIGHT}, color_scheme="dark" if said.dark else "light"
        )
        responses: list[Response] = []
        page.on("response", lambda one: responses.append(one))
        print(_walk(page, said, responses))
        browser.close()


def _walk(page: Page, said: argparse.Namespace, responses: list[Response]) -> str:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(said.url, wait_until="load")
    for click in said.clicks:
        found = page.locator(click) if click.startswith(("css=", "xpath=")) else page.get_by_text(click, exact=True)
        found.first.click(timeout=20_000)
    answer = page.get_by_text(said.words).first
    answer.wait_for(state="attached", timeout=20_000)
    page.wait_for_load_state("networkidle")
    beyond = answer.evaluate(BEYOND)
    received = Received()
    for response in responses:
        received.count(response)
    busy = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}["TaskDuration"]
    if said.picture:
        page.screenshot(path=said.picture)
    paint = page.evaluate(FIRST_PAINT)
    return (
        f"{len(said.clicks)} clicks · {beyond['down']:.0f} px down, {beyond['right']:.0f} px right"
        f" · {received.requests} requests, {received.bytes / 1e3:.0f} KB"
        f" · first paint {paint or 0:.0f} ms · main thread {1000 * busy:.0f} ms"
        f"{' · page scrolls sideways' if page.evaluate(SIDEWAYS) else ''}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("words")
    parser.add_argument("clicks", nargs="*")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--picture")
    main(parser.parse_args())
