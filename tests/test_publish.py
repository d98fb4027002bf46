"""Publishing against real repositories: the branch holds the site and nothing else, least of all a secret."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from factories import make_run
from fake_renderer import FakeRenderer

from benchgen.build import FOLDS, MANIFEST, build
from benchgen.errors import BenchgenError, UsageError
from benchgen.pages.listing import Site
from benchgen.publish import Target, publish
from benchgen.redact import Redactor
from benchgen.store import checkpoints
from benchgen.store.runs import Results

SECRET = "correct-horse-battery"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def _own_git_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(checkpoints, "FEWEST_ROWS", 1)
    make_run(tmp_path / "results", artifacts={"stderr.log": SECRET.encode() + b"\n"})
    build(Site(Results(tmp_path / "results"), FakeRenderer()), tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def target(tmp_path: Path) -> Target:
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "work")
    git(tmp_path / "work", "remote", "add", "origin", str(tmp_path / "remote.git"))
    return Target(tmp_path / "work")


def published(tmp_path: Path) -> set[str]:
    return set(git(tmp_path / "remote.git", "ls-tree", "-r", "--name-only", "gh-pages").splitlines())


def test_the_pushed_branch_holds_the_site_without_what_only_builds_need(site, target, tmp_path):
    report = publish(site, target, Redactor())
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    (fold,) = (path for path in files if path.startswith(f"{FOLDS}/"))
    assert published(tmp_path) == files - {MANIFEST, fold}
    assert (report.pushed, report.changed, report.files) == (True, True, len(files) - 2)
    assert git(tmp_path / "remote.git", "rev-parse", "gh-pages") == report.commit


def test_publishing_the_same_again_makes_no_commit(site, target, tmp_path):
    first = publish(site, target, Redactor())
    again = publish(site, target, Redactor())
    assert (again.changed, again.commit) == (False, first.commit)
    assert git(tmp_path / "remote.git", "rev-list", "--count", "gh-pages") == "1"


def test_a_page_that_is_gone_leaves_the_branch(site, target, tmp_path):
    publish(site, target, Redactor())
    (site / "robots.txt").unlink()
    publish(site, target, Redactor())
    assert "robots.txt" not in published(tmp_path)


def test_a_branch_that_others_moved_is_taken_up(site, target, tmp_path):
    publish(site, target, Redactor())
    git(tmp_path, "clone", "--quiet", "-b", "gh-pages", "remote.git", "other")
    (tmp_path / "other" / "theirs.txt").write_text("x")
    git(tmp_path / "other", "add", ".")
    git(tmp_path / "other", "-c", "user.name=o", "-c", "user.email=o@o", "commit", "--quiet", "-m", "theirs")
    git(tmp_path / "other", "push", "--quiet")
    assert publish(site, target, Redactor()).changed
    assert git(tmp_path / "remote.git", "rev-list", "--count", "gh-pages") == "3"


def test_a_secret_is_taken_out_on_the_way_and_named(site, target, tmp_path):
    report = publish(site, target, Redactor({"ACME_API_KEY": SECRET}))
    assert report.redacted
    for path in report.redacted:
        text = git(tmp_path / "remote.git", "show", f"gh-pages:{path}")
        assert SECRET not in text
        assert "[redacted ACME_API_KEY]" in text
    assert any(SECRET in path.read_text() for path in site.rglob("*.html"))


def test_a_dry_run_makes_nothing(site, target):
    report = publish(site, target, Redactor({"ACME_API_KEY": SECRET}), dry_run=True)
    assert (report.commit, report.pushed) == (None, False)
    assert report.redacted
    assert git(target.repository, "branch", "--list") == ""


def test_without_push_the_branch_is_made_here_only(site, target, tmp_path):
    report = publish(site, target, Redactor(), push=False)
    assert git(target.repository, "rev-parse", "gh-pages") == report.commit
    assert git(tmp_path / "remote.git", "branch", "--list") == ""


def test_branch_message_and_domain_are_as_asked(site, target, tmp_path):
    asked = Target(target.repository, "pages", "origin", "Results of the week", "bench.example.org")
    publish(site, asked, Redactor())
    assert git(tmp_path / "remote.git", "log", "-1", "--format=%s", "pages") == "Results of the week"
    assert git(tmp_path / "remote.git", "show", "pages:CNAME") == "bench.example.org"


def test_a_link_in_the_site_is_not_followed(site, target, tmp_path):
    (tmp_path / "private.txt").write_text("x")
    (site / "link.txt").symlink_to(tmp_path / "private.txt")
    publish(site, target, Redactor())
    assert "link.txt" not in published(tmp_path)


def test_a_remote_that_refuses_is_an_error_that_says_so(site, target):
    git(target.repository, "remote", "set-url", "origin", str(target.repository / "nowhere"))
    with pytest.raises(BenchgenError, match="git push failed"):
        publish(site, target, Redactor())


def test_a_folder_that_no_build_made_is_refused(target, tmp_path):
    with pytest.raises(UsageError, match="no built site"):
        publish(tmp_path, target, Redactor())


@pytest.mark.parametrize(
    "changes",
    [{"branch": "--force"}, {"branch": "a..b"}, {"remote": "-x"}, {"cname": "not a domain"}, {"branch": "main"}],
)
def test_a_bad_name_or_the_branch_at_work_is_refused(site, target, changes):
    fields = {"branch": "gh-pages", "remote": "origin", "cname": None} | changes
    with pytest.raises(UsageError):
        publish(site, Target(target.repository, **fields), Redactor())


def test_outside_a_repository_it_says_so(site, tmp_path):
    (tmp_path / "plain").mkdir()
    with pytest.raises(BenchgenError, match="no git repository"):
        publish(site, Target(tmp_path / "plain"), Redactor())


def test_a_branch_that_another_work_tree_has_checked_out_is_left_alone(site, target, tmp_path):
    publish(site, target, Redactor())
    beside = tmp_path / "beside it"
    git(target.repository, "worktree", "add", "--quiet", str(beside), "gh-pages")
    before = git(target.repository, "rev-parse", "gh-pages")
    (site / "more.html").write_text("more")
    with pytest.raises(UsageError, match="is checked out") as refused:
        publish(site, target, Redactor())
    assert refused.value.where == str(beside)
    assert "switch --detach" in refused.value.hint
    assert git(target.repository, "rev-parse", "gh-pages") == before
    shutil.rmtree(beside)  # a work tree that is gone holds nothing
    assert publish(site, target, Redactor()).changed
