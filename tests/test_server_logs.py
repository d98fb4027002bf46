"""A run's logs over HTTP and on its page: by offset, whatever they hold and however long they are."""

from __future__ import annotations

import pytest
from factories import RUN_ID, make_run, run_config
from server_room import listening, serving

from benchgen.store.tails import WINDOW, last_lines, lines_before, lines_since

LOG = f"/api/runs/{RUN_ID}/log"
GIGABYTE = 10**9


@pytest.fixture
def going(tmp_path):
    return make_run(tmp_path / "results", run_config(tasks=4), finished=False, upto=1, artifacts=False)


@pytest.fixture
def server(going):
    with serving(going.parent) as one:
        yield one


def test_a_reader_goes_on_where_it_stopped(server, going):
    log = going / "stderr.log"
    log.write_text("one\ntwo\nthr")
    first = server.json(LOG)
    assert (first["lines"], first["start"], first["offset"], first["size"]) == (["one", "two"], 0, 8, 11)
    log.write_text("one\ntwo\nthree\n")
    assert server.json(f"{LOG}?offset=8")["lines"] == ["three"]
    assert server.json(f"{LOG}?stream=stdout") == {
        "stream": "stdout", "lines": [], "start": 0, "offset": 0, "skipped": 0, "size": 0,
    }  # fmt: skip


def test_a_log_is_read_back_to_its_first_line_without_gap_or_repeat(tmp_path):
    log = tmp_path / "stderr.log"
    lines = [f"line {number} {'x' * (number % 90)}" for number in range(9000)]
    log.write_text("\n".join(lines) + "\n")
    tail = last_lines(log, 200)
    found = list(tail.lines)
    while tail.start:
        tail = lines_before(log, tail.start)
        found = [*tail.lines, *found]
    assert found == lines
    assert len(lines_since(log, tail.offset).lines) > 0


def test_of_a_log_of_a_gigabyte_a_window_is_read(server, going):
    with (going / "stderr.log").open("wb") as file:
        file.truncate(GIGABYTE)
        file.seek(GIGABYTE)
        file.write(b"\nthe last line\n")
    for query in ("", f"?offset={GIGABYTE // 2}", f"?before={GIGABYTE}", "?offset=0"):
        assert len(server.get(f"{LOG}{query}").content) < 8 * WINDOW
    assert server.json(LOG)["lines"][-1] == "the last line"
    assert server.json(f"{LOG}?offset=0")["skipped"] > GIGABYTE // 2
    assert "the last line" in server.get(f"/run/{RUN_ID}/index.html").text


def test_no_link_leads_a_log_elsewhere(server, going, tmp_path):
    (tmp_path / "secret").write_text("secret\n")
    (going / "stderr.log").symlink_to(tmp_path / "secret")
    assert server.json(LOG)["lines"] == []
    assert "secret" not in server.get(f"/run/{RUN_ID}/index.html").text


def test_escapes_of_a_terminal_do_not_reach_the_page(server, going):
    (going / "stderr.log").write_bytes(b"\x1b[31mred\x1b[0m \xe2\x80\xae\xff<b>\n")
    assert server.json(LOG)["lines"] == ["red \ufffd<b>"]
    assert "&lt;b&gt;" in server.get(f"/run/{RUN_ID}/index.html").text


@pytest.mark.parametrize("query", ["stream=events", "offset=-1", "offset=x", "before=1e9", "offset=" + "9" * 40])
def test_what_is_no_place_in_a_log_is_refused(server, query):
    assert server.get(f"{LOG}?{query}").status_code == 400


def test_a_page_is_told_that_a_log_has_grown(server, going):
    with listening(server, f"/api/pages/stream?page=run/{RUN_ID}/index.html") as events:
        (going / "stderr.log").write_text("a line\n")
        sizes = (data["sizes"] for _, data, _ in events if data["id"] == "log")
        assert any(size == {"stderr": 7, "stdout": 0} for size in sizes)
