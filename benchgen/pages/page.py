"""One page of the site: where it is, what decides its bytes, and how to make them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from benchgen import codec
from benchgen.record import Record
from benchgen.records.run import RunConfig


class Renderer(Protocol):
    """What pages need of `render`: templates to text, the static files, and a name for all that decides how it looks.

    `fingerprint` changes whenever templates, static files, sources or versions do. `assets` maps page paths
    (`assets/<name>.<hash>.css`) to bytes; some are of use to the pages of a server only.
    """

    @property
    def fingerprint(self) -> str: ...

    def page(self, template: str, panel: object, *, page_path: str, live: bool) -> str: ...

    def one_file(self, title: str, sheets: Sequence[tuple[str, str]], pictures: Mapping[str, bytes]) -> str: ...

    def component(self, name: str, panel: object) -> str: ...

    def assets(self, *, live: bool) -> Mapping[str, bytes]: ...


class Page(Record):
    """A path below the site's root and a function to its bytes; equal keys mean equal bytes."""

    path: str
    key: str
    render: Callable[[], bytes]


def key_of(*parts: bytes | str) -> str:
    """A short name for everything that decides a page's bytes; parts cannot run into each other."""
    spelled = [part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts]
    lengths = " ".join([str(len(part)) for part in spelled])
    return hashlib.blake2b(b"".join((lengths.encode(), b"\0", *spelled)), digest_size=12).hexdigest()


def hash_of(content: bytes) -> bytes:
    """A line or a file as one short part of a key."""
    return hashlib.blake2b(content, digest_size=16).digest()


class Seen(Record):
    """How much of a run its pages were listed from: so many bytes of its log, which hash to `log`, and so many rows.

    `inputs` names what decides the pages of its attempts besides their lines.
    """

    inputs: str = ""
    log: str = ""
    bytes: int = 0
    rows: int = 0


def keeps_none(path: str) -> bool:
    """For a listing of every page."""
    return False


class Listing(Record):
    """The pages of a part of the site; of those left out, `keeps` says which stand as they were.

    `seen` is for the next listing.
    """

    pages: Iterator[Page]
    keeps: Callable[[str], bool] = keeps_none
    seen: Seen = Seen()


class Maker(Record):
    """Makes pages with one renderer; `live` pages have the controls that need a server.

    With `solutions` the pages may show references and mutants, and what built-in models answered with them.
    """

    renderer: Renderer
    live: bool = False
    solutions: bool = False

    @property
    def looks(self) -> str:
        """A name for all that decides how pages look besides what they show."""
        return key_of(self.renderer.fingerprint, str(self.live), str(self.solutions))

    def withholds(self, config: RunConfig, model_id: str) -> bool:
        """Whether this model's answers would give a task's solution away, and may not."""
        return not self.solutions and config.gives_away(model_id)

    def page(self, path: str, template: str, view: object) -> Page:
        """A page of a template whose bytes the view alone decides."""
        key = key_of(self.looks, template, path, codec.compact(view))
        return Page(path, key, lambda: self.html(path, template, view))

    def html(self, path: str, template: str, view: object) -> bytes:
        text = self.renderer.page(template, view, page_path=path, live=self.live)
        return text.encode("utf-8", "replace")

    def data(self, path: str, content: bytes) -> Page:
        """A page that is its content: data, an asset, a fixed file."""
        return Page(path, key_of(content), lambda: content)
