"""Pages on disk: every core gives the same files, and an error in one of them is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchgen.errors import BenchgenError
from benchgen.pages.page import Page
from benchgen.pages.writing import FEWEST_A_CORE, write_file, write_pages


def pages(number: int, fails: int = -1) -> list[Page]:
    def render(index: int) -> bytes:
        if index == fails:
            raise BenchgenError(f"page {index} cannot be made")
        return f"{index} {os.getpid()}".encode()

    return [Page(f"a/{index % 7}/{index}.html", "key", lambda index=index: render(index)) for index in range(number)]


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_every_page_is_written_once_on_any_number_of_cores(tmp_path, cores):
    number = 3 * FEWEST_A_CORE + 5
    write_pages(tmp_path, pages(number), cores)
    found = contents(tmp_path)
    assert {path: text.split()[0] for path, text in found.items()} == {
        f"a/{index % 7}/{index}.html": str(index) for index in range(number)
    }
    assert len({text.split()[1] for text in found.values()}) == cores


def test_few_pages_stay_in_one_process(tmp_path):
    write_pages(tmp_path, pages(20), 4)
    assert {text.split()[1] for text in contents(tmp_path).values()} == {str(os.getpid())}


@pytest.mark.parametrize("fails", [0, 1, 2, 300])
def test_an_error_in_any_process_is_told(tmp_path, fails):
    with pytest.raises(BenchgenError, match=f"page {fails} cannot"):
        write_pages(tmp_path, pages(3 * FEWEST_A_CORE, fails), 3)


def test_no_child_is_left_behind(tmp_path):
    before = children()  # tests that ran before in this process may have left some
    with pytest.raises(BenchgenError):
        write_pages(tmp_path, pages(3 * FEWEST_A_CORE, 1), 3)
    assert children() <= before


def children() -> set[str]:
    """The processes whose parent is this one, ended ones that nobody waited for among them."""
    threads = Path("/proc/self/task").glob("*/children")
    return {child for thread in threads for child in thread.read_text().split()}


@pytest.mark.parametrize("path", ["../x", "/x", "a//x", "a/./x", "", "a\\x", "a/\0"])
def test_a_path_that_leads_out_is_refused_before_anything_is_written(tmp_path, path):
    with pytest.raises(BenchgenError, match="may not be written"):
        write_pages(tmp_path / "site", [Page("fine.html", "k", lambda: b""), Page(path, "k", lambda: b"")])
    assert not (tmp_path / "site").exists()


def test_a_file_is_replaced_whole(tmp_path):
    write_file(tmp_path / "x", b"one")
    write_file(tmp_path / "x", b"two")
    assert contents(tmp_path) == {"x": "two"}
