"""A page of a browser, with everything that goes wrong on it."""

from __future__ import annotations

from playwright.sync_api import Page, Request


class Watched:
    """A page and everything that went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("requestfailed", self._failed)
        page.on(
            "response",
            lambda answer: self.faults.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None,
        )

    def _failed(self, request: Request) -> None:
        """A request that the next page cut short did not fail."""
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.failure}: {request.url}")
