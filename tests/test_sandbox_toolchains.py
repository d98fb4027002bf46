"""Each language's tools really run inside the sandbox, alone and as a candidate."""

import asyncio
import sys
import time
import venv
from pathlib import Path

import pytest
from sandbox_room import LIMITS, cannot, chain, lines, make_room, run

from benchgen.sandbox import toolchains
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.plain import Plain
from benchgen.sandbox.spec import Job, Missing

GO_TEST = """package judge
import ("net/http"; "os"; "os/exec"; "strings"; "testing")
func TestIt(t *testing.T) {
    if http.StatusOK != 200 { t.Fatal() }
    build := exec.Command("go", "build", "-o", t.TempDir()+"/driver", "../driver")
    if out, err := build.CombinedOutput(); err != nil { t.Fatal(string(out)) }
    words := append(strings.Fields(os.Getenv("BENCHGEN_CANDIDATE")), build.Args[3])
    out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
    if err != nil || string(out) != "0 0\\n" { t.Fatal(err, string(out)) }
}
"""
GO_DRIVER = """package main
import ("fmt"; "os"; "path/filepath")
func main() {
    cache, _ := os.ReadDir("/tmp/gocache")
    built, _ := filepath.Glob("/tmp/go-build*/*")
    fmt.Println(len(cache), len(built))
}
"""
RUST_TEST = """#[test]
fn it() {
    let words = std::env::var("BENCHGEN_CANDIDATE").unwrap();
    let out = std::process::Command::new(words).arg(env!("CARGO_BIN_EXE_driver")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout), "0\\n", "{:?}", out);
}
"""
RUST_DRIVER = """fn main() {
    println!("{}", std::fs::read_dir("/tmp/target/debug/deps").unwrap().count());
}
"""
BROWSER = (
    "chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --user-data-dir=$TMPDIR/profile --dump-dom file:///box/page.html"
)


@pytest.fixture
def box():
    folder = make_box({})
    yield make_room(folder).box
    remove_tree(folder)


def needed(language):
    found = toolchains.for_language(language)
    if isinstance(found, Missing):
        cannot(f"{found.name} ({found.install})")
    return found


def write(box: Path, files):
    for name, text in files.items():
        (box / name).parent.mkdir(parents=True, exist_ok=True)
        (box / name).write_text(text)


def test_python_runs_pytest(box):
    write(box, {"tests/test_it.py": "def test_it(): assert True"})
    argv = ("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    outcome = run(Job(argv, box, LIMITS, nested=True, toolchains=needed("python")))
    assert "1 passed" in lines(outcome)[-1]


def test_node_runs_with_workers_and_files(box):
    work = "require(`fs`).writeFileSync(`/tmp/home/a`, `hi`); process.stdout.write(`up`)"
    code = f"new (require('worker_threads').Worker)('{work}', {{eval: true}})"
    for prefix in ("", "$BENCHGEN_CANDIDATE "):
        argv = ("sh", "-c", f'{prefix}node -e "$0"', code)
        outcome = run(Job(argv, box, LIMITS, nested=True, toolchains=needed("javascript")))
        assert lines(outcome) == ["up"]


def test_go_tests_a_candidate_in_seconds_without_showing_it_the_cache(box):
    write(box, {"go.mod": "module it\n\ngo 1.21\n", "judge/it_test.go": GO_TEST, "driver/main.go": GO_DRIVER})
    chains = needed("go")
    assert chains[0].seeds
    start = time.monotonic()
    outcome = run(Job(("go", "test", "./judge/"), box, LIMITS, nested=True, toolchains=chains))
    assert lines(outcome)[0].startswith("ok")
    assert time.monotonic() - start < 15


def test_the_warm_cache_cannot_be_changed_by_a_job(box):
    chains = needed("go")
    code = 'for f in $(find /tmp/gocache -name "*-d" | head -3); do echo x >"$f"; done; rm -rf /run/benchgen/seed-0/*'
    source = chains[0].seeds[0].source
    before = sorted(path.name for path in source.iterdir())
    sizes = [path.stat().st_size for path in sorted(source.glob("*/*-d"))]
    run(Job(("sh", "-c", code), box, LIMITS, toolchains=chains))
    assert sorted(path.name for path in source.iterdir()) == before
    assert [path.stat().st_size for path in sorted(source.glob("*/*-d"))] == sizes


def test_cargo_tests_a_candidate_without_showing_it_the_judges_program(box):
    write(
        box,
        {
            "Cargo.toml": '[package]\nname = "it"\nversion = "0.1.0"\nedition = "2021"\n',
            "src/bin/driver.rs": RUST_DRIVER,
            "tests/judge.rs": RUST_TEST,
        },
    )
    argv = ("cargo", "test", "--offline", "--test", "judge")
    outcome = run(Job(argv, box, LIMITS, nested=True, toolchains=needed("rust")))
    assert "test result: ok. 1 passed" in "\n".join(lines(outcome))


def test_a_cpp_program_is_compiled_and_runs_as_a_candidate(box):
    write(box, {"it.cpp": "#include <concepts>\n#include <iostream>\nint main() { std::cout << __cplusplus; }"})
    code = "g++ -std=c++20 -o /tmp/it it.cpp && $BENCHGEN_CANDIDATE /tmp/it"
    outcome = run(Job(("sh", "-c", code), box, LIMITS, nested=True, toolchains=needed("cpp")))
    assert int(lines(outcome)[0]) > 201703


@pytest.mark.browser
def test_chromium_shows_a_page_as_a_candidate(box):
    write(box, {"page.html": "<script>document.title = 'moved'; document.write(1 + 2)</script>"})
    argv = ("sh", "-c", f"$BENCHGEN_CANDIDATE sh -c '{BROWSER}'")
    outcome = run(Job(argv, box, LIMITS, nested=True, toolchains=needed("html")))
    assert "<title>moved</title>" in outcome.stdout.text() and "3</body>" in outcome.stdout.text(), outcome


def test_of_a_virtual_environment_only_its_own_parts_are_shown(tmp_path):
    for name in ("bin", "lib", "benchmark_results", "tasks"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyvenv.cfg").touch()
    assert sorted(part.name for part in toolchains._parts(tmp_path)) == ["bin", "lib", "pyvenv.cfg"]
    assert list(toolchains._parts(tmp_path / "lib")) == [tmp_path / "lib"]


def test_python_of_a_project_that_is_its_own_environment_runs_and_sees_no_results(box, tmp_path, monkeypatch):
    home = tmp_path / "project"
    venv.create(home, symlinks=True)
    (home / "benchmark_results").mkdir()
    monkeypatch.setattr(sys, "prefix", str(home))
    monkeypatch.setattr(sys, "executable", str(home / "bin" / "python"))
    code = f"import os, sys; print(sys.prefix, os.listdir({str(home)!r}))"
    outcome = run(Job(("python", "-c", code), box, LIMITS, toolchains=(toolchains._python(),)))
    seen = lines(outcome)[0]
    assert seen.startswith(str(home)) and "benchmark_results" not in seen and "bin" in seen


def test_a_missing_tool_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    found = toolchains.find.__wrapped__()
    assert found["go"] == Missing("go", "Go 1.21 or newer: apt install golang-go, or go.dev/dl")
    assert found["python"].name == "python"


def test_an_old_tool_counts_as_missing(monkeypatch, tmp_path):
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho v16.20.2\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert isinstance(toolchains.find.__wrapped__()["node"], Missing)


def test_a_tool_that_would_show_the_home_folder_counts_as_missing(monkeypatch):
    binds = chain("python").binds
    if not binds:
        pytest.skip("the system's own Python needs nothing shown")
    monkeypatch.setenv("HOME", str(binds[0]))
    assert isinstance(toolchains.find.__wrapped__()["python"], Missing)


def test_all_tools_are_found_quickly():
    start = time.monotonic()
    toolchains.find.__wrapped__()
    assert time.monotonic() - start < 5


def test_without_a_sandbox_the_tools_run_too(box):
    outcome = asyncio.run(Plain().run(Job(("python", "-c", "print(1)"), box, LIMITS, toolchains=needed("python"))))
    assert lines(outcome) == ["1"]
