"""What `[site]` says: the name of a site, its address, and pages of its owner from Markdown files."""

from __future__ import annotations

from benchgen.paths import slug
from benchgen.record import Record


class About(Record):
    """One page of the owner: its heading is its title and its name in the navigation."""

    title: str
    path: str
    text: str


class Appearance(Record):
    """`base_url` ends in a slash and is None where nobody has said where the site will lie."""

    title: str = "benchgen"
    base_url: str | None = None
    about: tuple[About, ...] = ()

    @property
    def everywhere(self) -> str:
        """What of it stands on every page, as one word: a text of the owner changes its own page only."""
        return repr((self.title, self.base_url, [(page.title, page.path) for page in self.about]))


def about(stem: str, text: str) -> About:
    """The page of a Markdown file named `stem`; its title is its first heading of the first level, else the name."""
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if line.startswith("# ")), None)
    title = lines[at].removeprefix("# ").strip() if at is not None else stem.replace("-", " ").replace("_", " ")
    rest = [line for number, line in enumerate(lines) if number != at]
    return About(title or stem, f"about/{slug(stem)}.html", "\n".join(rest).strip())
