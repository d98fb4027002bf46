"""Runs against an endpoint over HTTP, by the command: outcomes, money, limits, retries, keys."""

from __future__ import annotations

import asyncio
import json
import signal
import time

import pytest
import scripted_server as server
import toys

CANARY = "sk-canary-0123456789abcdefghij"
QUICK = ("--max-retries", 0, "--timeout", 5)


@pytest.fixture
def tasks(tmp_path):
    return toys.make_catalog(tmp_path / "tasks", 2)


def configure(tmp_path, scripted, more: str = "") -> None:
    text = f'[endpoints.house]\nbase_url = "{scripted.url}"\nkey_env = "HOUSE_KEY"\n{more}'
    (tmp_path / "benchgen.toml").write_text(text)


def bench(tmp_path, *words: object):
    return toys.run(*words, "--tasks-dir", tmp_path / "tasks", cwd=tmp_path, HOUSE_KEY=CANARY)


def run(tmp_path, *words: object):
    return bench(tmp_path, "run", "all", "-m", "house/m", *QUICK, *words)


def summary(tmp_path) -> dict:
    return json.loads((tmp_path / "benchmark_results" / "latest_summary.json").read_text())


def events(tmp_path, kind: str) -> list[dict]:
    return [event for event in toys.events(tmp_path / "benchmark_results") if event["type"] == kind]


def test_a_missing_key_is_named_with_its_place_and_nothing_is_written(tmp_path, tasks):
    done = toys.run("run", "all", "-m", "openrouter/x/y", "--tasks-dir", tasks, cwd=tmp_path, OPENROUTER_API_KEY="")
    assert done.returncode == 1
    assert "OPENROUTER_API_KEY is not set" in done.stderr
    assert ".env" in done.stderr
    assert not (tmp_path / "benchmark_results").exists()


def test_a_provider_that_refuses_is_an_api_error_out_of_every_rate_and_a_retry_mends_it(tmp_path, tasks):
    with server.scripted(server.refused(500, f"bad key {CANARY}")) as scripted:
        configure(tmp_path, scripted)
        done = run(tmp_path)
        assert done.returncode == 4, done.stderr
        assert summary(tmp_path)["status_counts"] == {"api_error": 2}
        assert summary(tmp_path)["metrics"]["pass_at_1"] == {"house/m": None}
        scripted.script = [server.streamed()]
        again = bench(tmp_path, "retry", "latest", "--only", "api-errors")
    assert again.returncode == 0, again.stderr
    assert summary(tmp_path)["status_counts"] == {"error": 2}
    assert len(events(tmp_path, "attempt_superseded")) == 2
    written = [path for path in tmp_path.joinpath("benchmark_results").rglob("*") if path.is_file()]
    assert not [path for path in written if CANARY.encode() in path.read_bytes()]
    assert CANARY not in done.stdout + done.stderr + again.stderr


def test_a_limit_stops_the_run_with_a_warning_before_and_a_higher_one_goes_on(tmp_path, tasks):
    costly = server.whole(usage={**server.USAGE, "cost": 0.45})
    words = ("--samples", 4, "--workers", 1, "-j", 1)
    with server.scripted(costly) as scripted:
        configure(tmp_path, scripted)
        done = run(tmp_path, "--max-cost", 1, *words)
        assert done.returncode == 4
        limits = events(tmp_path, "limit_reached")
        assert [(limit["limit"], limit["warning"]) for limit in limits] == [("max_cost", True), ("max_cost", False)]
        assert len(events(tmp_path, "answer_received")) == 2  # a third would be past the limit
        stuck = bench(tmp_path, "resume", "latest")
        assert stuck.returncode == 4
        assert len(events(tmp_path, "answer_received")) == 2  # a third would be past the limit
        on = bench(tmp_path, "resume", "latest", "--max-cost", 100)
    assert on.returncode == 0, on.stderr
    assert sum(event["cost_nanousd"] for event in events(tmp_path, "answer_received")) == 8 * 450_000_000
    assert summary(tmp_path)["cost_usd"] == pytest.approx(3.6)


def test_ten_lanes_keep_within_a_limit_of_money(tmp_path, tasks):
    costly = server.whole(usage={**server.USAGE, "cost": 0.1})

    async def slow(request, body):
        await asyncio.sleep(0.2)
        return await costly(request, body)

    with server.scripted(slow) as scripted:
        configure(tmp_path, scripted)
        done = run(tmp_path, "--max-cost", 1, "--samples", 20, "-j", 10)
        assert scripted.most_under_way > 1
        assert len(scripted.asked) == 10
    assert done.returncode == 4
    assert "max_cost reached: $1.0000 of $1.0000" in done.stderr
    assert summary(tmp_path)["cost_usd"] == pytest.approx(1)


def test_the_time_that_an_earlier_start_took_counts_after_a_resume(tmp_path, tasks):
    with server.scripted(server.streamed(pause=0.5)) as scripted:
        configure(tmp_path, scripted)
        run(tmp_path, "--max-time", 2, "--samples", 10, "-j", 1, "--workers", 1)
        first = len(scripted.asked)
        assert 0 < first < 10
        stuck = bench(tmp_path, "resume", "latest")
        assert (stuck.returncode, len(scripted.asked)) == (4, first)
        on = bench(tmp_path, "resume", "latest", "--max-time", 600)
    assert on.returncode == 0, on.stderr
    assert len(events(tmp_path, "attempt_finished")) == 20
    assert [limit["limit"] for limit in events(tmp_path, "limit_reached")][-1] == "max_time"


def test_an_estimate_is_said_before_the_run_and_an_unknown_price_too(tmp_path, tasks):
    with server.scripted() as scripted:
        configure(tmp_path, scripted, '[prices."house/m"]\ninput = 3\noutput = 15\n')
        known = run(tmp_path, "--dry-run")
        configure(tmp_path, scripted)
        unknown = run(tmp_path, "--dry-run")
    assert "estimate" in known.stderr
    assert "$0.0" in known.stderr
    assert "the price of house/m is unknown" in unknown.stderr


def test_the_rows_of_a_dataset_are_estimated_too(tmp_path):
    rows = (json.dumps({"id": str(number), "prompt": "x" * 400_000}) for number in range(10))
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    with server.scripted() as scripted:
        configure(tmp_path, scripted, '[prices."house/m"]\ninput = 3\noutput = 15\n')
        done = toys.run("run", "rows.jsonl", "-m", "house/m", "--dry-run", cwd=tmp_path, HOUSE_KEY=CANARY)
    assert "estimate 1,000,000 prompt tokens for $3.0000; $3.1500 if answers" in done.stderr


def test_retries_machines_and_thinking_are_on_record(tmp_path, tasks):
    again = server.refused(503, **{"Retry-After": "0"})
    with server.scripted(again, server.streamed()) as scripted:
        configure(tmp_path, scripted, "[infra.box]\nhourly_usd = 3600\n")
        bench(tmp_path, "run", "toy_0", "-m", "house/m", "--thinking-level", "high")
        assert scripted.asked[0]["reasoning_effort"] == "high"
    (retry,) = events(tmp_path, "provider_retry")
    assert (retry["http_status"], retry["provider"]) == (503, "house")
    assert sum(event["cost_nanousd"] for event in events(tmp_path, "cost")) > 0
    (folder,) = tmp_path.glob("benchmark_results/run_*/toy_0__house_m__sample00")
    assert '"reasoning_effort": "high"' in (folder / "response.json").read_text()


BLOCK = """File: adding.py
<<<<<<< SEARCH
    raise NotImplementedError
=======
    return a + b
>>>>>>> REPLACE
"""


def test_an_answer_in_search_and_replace_blocks_is_asked_for_applied_and_passes(tmp_path, tasks):
    with server.scripted(server.whole(BLOCK)) as scripted:
        configure(tmp_path, scripted)
        done = bench(tmp_path, "run", "toy_0", "-m", "house/m", "--edit-format", "search_replace")
        assert "<<<<<<< SEARCH" in scripted.asked[0]["messages"][-1]["content"]
    assert done.returncode == 0, done.stderr
    (finished,) = events(tmp_path, "attempt_finished")
    patch = finished["outcome"]["patch"]
    assert (finished["outcome"]["category"], patch["edit_format"], patch["files"]) == (
        None,
        "search_replace",
        ["adding.py"],
    )


def test_a_key_that_an_endpoint_repeats_is_in_no_file_and_on_no_page(tmp_path, tasks):
    async def repeating(request, body):
        told = f"I was sent {request.headers['Authorization']}"
        return await (server.refused(400, told) if scripted.asked[1:] else server.whole(told))(request, body)

    with server.scripted(repeating) as scripted:
        configure(tmp_path, scripted)
        (tmp_path / ".env").write_text(f"HOUSE_KEY={CANARY}\n")
        words = ("--tasks-dir", tasks, "--json")
        done = toys.run("run", "all", "-m", "house/m", "--note", f"key {CANARY}", *words, cwd=tmp_path)
        assert scripted.headers[0]["Authorization"] == f"Bearer {CANARY}"
    built = toys.run("build", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".env"]
    assert any(b"I was sent" in path.read_bytes() for path in written if path.suffix == ".html")
    assert not [path for path in written if CANARY.encode() in path.read_bytes()]
    assert CANARY not in done.stdout + done.stderr + built.stdout + built.stderr


def test_prices_show_own_ones_listed_ones_and_say_when_there_is_none(tmp_path):
    (tmp_path / "benchgen.toml").write_text('[prices."house/gpt-4o-mine"]\ninput = 0.2\noutput = 0.6\n')
    found = json.loads(toys.run("prices", "gpt-4o", "--json", cwd=tmp_path).stdout)
    own = next(one for one in found if one["model"] == "house/gpt-4o-mine")
    listed = next(one for one in found if one["model"] == "openai/gpt-4o")
    assert (own["input"], own["output"], own["source"]) == (0.2, 0.6, "settings")
    assert listed["source"] == "genai-prices"
    assert 0 < listed["input"] < listed["output"]
    none = toys.run("prices", "no-such-model", cwd=tmp_path)
    assert none.returncode == 1
    assert '[prices."endpoint/model"]' in none.stderr


def wait_for(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_another_terminal_cancels_a_run_and_a_second_runner_is_refused(tmp_path, tasks):
    with server.scripted(server.streamed(pause=1.0)) as scripted:
        configure(tmp_path, scripted)
        words = ("run", "all", "-m", "house/m", "--samples", 30, "-j", 1, "--workers", 1)
        process = toys.start(*words, "--tasks-dir", tasks, cwd=tmp_path, HOUSE_KEY=CANARY)
        wait_for(lambda: scripted.asked)
        second = bench(tmp_path, "resume", "latest")
        canceled = toys.run("cancel", "latest", cwd=tmp_path)
        process.communicate(timeout=60)
    assert second.returncode == 1
    assert "is running this run" in second.stderr
    assert canceled.returncode == 0, canceled.stderr
    assert "was asked to stop" in canceled.stderr
    assert process.returncode == 130
    assert events(tmp_path, "run_finished")[-1]["status"] == "canceled"


def test_a_run_that_nobody_runs_is_canceled_on_record(tmp_path, tasks):
    with server.scripted(server.hanging) as scripted:
        configure(tmp_path, scripted)
        process = toys.start("run", "all", "-m", "house/m", "--tasks-dir", tasks, cwd=tmp_path, HOUSE_KEY=CANARY)
        wait_for(lambda: scripted.asked)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    done = toys.run("cancel", "latest", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["status"] == "canceled"
    assert summary(tmp_path)["status"] == "canceled"


def test_the_doctor_tries_each_endpoint_and_masks_keys(tmp_path):
    with server.scripted() as scripted:
        configure(tmp_path, scripted)
        well = toys.run("doctor", "--json", cwd=tmp_path, HOUSE_KEY=CANARY)
    ill = toys.run("doctor", "--json", cwd=tmp_path, HOUSE_KEY=CANARY)
    found = [{one["name"]: one for one in json.loads(done.stdout)["findings"]} for done in (well, ill)]
    assert found[0]["house"]["state"] == "ok"
    assert found[0]["HOUSE_KEY"]["what"] == "set in the shell"
    assert found[1]["house"]["state"] == "broken"
    assert "start it" in found[1]["house"]["advice"]
    assert ill.returncode == 1
    assert CANARY not in well.stdout + well.stderr + ill.stdout + ill.stderr


def test_ctrl_c_at_the_last_moment_prints_no_traceback(tmp_path, tasks):
    with server.scripted() as scripted:
        configure(tmp_path, scripted)
        process = toys.start("run", "all", "-m", "house/m", "--tasks-dir", tasks, cwd=tmp_path, HOUSE_KEY=CANARY)
        wait_for(lambda: "results " in process.stderr.readline())
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    assert process.returncode == 0
