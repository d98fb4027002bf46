"""The host's side of a hostile folder: links, pipes, depth, odd names and modes."""

import os
import sys

import pytest

from benchgen.sandbox.files import (
    Caps,
    UnsafePath,
    check_relative,
    copy_into,
    hand_over,
    make_box,
    read_file,
    remove_tree,
    walk,
)
from benchgen.sandbox.launcher import Owner


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("canary")
    return path


@pytest.fixture
def box(tmp_path):
    folder = tmp_path / "box"
    folder.mkdir()
    return folder


def deep(box, depth):
    """Folders nested deeper than any path may be long."""
    here = os.open(box, os.O_DIRECTORY)
    for _ in range(depth):
        os.mkdir("a", dir_fd=here)
        below = os.open("a", os.O_DIRECTORY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def test_only_regular_files_are_found(box, secret):
    (box / "sub").mkdir()
    (box / "sub" / "file.txt").write_text("abc")
    (box / "link.txt").symlink_to(secret)
    (box / "folder").symlink_to(secret.parent)
    (box / "gone").symlink_to("nowhere")
    os.mkfifo(box / "pipe")
    assert [(found.path, found.size) for found in walk(box)] == [("sub/file.txt", 3)]


def test_a_link_is_not_read(box, secret):
    (box / "link.txt").symlink_to(secret)
    (box / "folder").symlink_to(secret.parent)
    for path in ("link.txt", "folder/secret.txt"):
        with pytest.raises(UnsafePath, match="is a link"):
            read_file(box, path)


def test_a_pipe_does_not_hang_the_reader(box):
    os.mkfifo(box / "pipe")
    with pytest.raises(UnsafePath, match="no regular file"):
        read_file(box, "pipe")


def test_a_long_file_is_not_read_whole(box):
    with (box / "big").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(UnsafePath, match="longer than 100 bytes"):
        read_file(box, "big", Caps(file_bytes=100))


def test_too_many_files_are_refused(box):
    for number in range(12):
        (box / str(number)).touch()
    with pytest.raises(UnsafePath, match="more than 10 files"):
        list(walk(box, Caps(files=10)))


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.txt", "sub/../../secret.txt", "nul\0byte"])
def test_a_path_out_of_the_box_is_refused(box, path):
    with pytest.raises(UnsafePath, match="inside the box"):
        check_relative(box, path)


def test_names_that_are_not_text_are_passed_by(box):
    os.close(os.open(os.fsencode(box) + b"/\xff\xfe", os.O_CREAT))
    (box / "ok").touch()
    assert [found.path for found in walk(box)] == ["ok"]


def test_a_folder_nested_thousands_deep_is_walked_and_removed(box):
    deep(box, 3000)
    assert list(walk(box)) == []
    hand_over(box, Owner(os.geteuid() or 65534, os.getegid() or 65534))
    remove_tree(box)
    assert not box.exists()


def test_unreadable_folders_and_odd_names_are_removed(box):
    for name in (b"-rf", b"\xff", b"new\nline", b" "):
        os.mkdir(os.fsencode(box) + b"/" + name)
        os.chmod(os.fsencode(box) + b"/" + name, 0)
    remove_tree(box)
    assert not box.exists()


def test_removing_does_not_follow_links(box, secret):
    (box / "folder").symlink_to(secret.parent)
    remove_tree(box)
    assert secret.exists()
    link = secret.parent / "link"
    link.symlink_to(secret.parent)
    remove_tree(link)
    assert secret.exists() and not link.exists()


def test_a_box_holds_copies_with_their_x_bits(tmp_path):
    source = tmp_path / "task"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "run.sh").write_text("#!/bin/sh\n")
    (source / "sub" / "run.sh").chmod(0o755)
    (source / "data.txt").write_text("data")
    box = make_box({"workspace": source, "tests/deep": source})
    try:
        assert os.access(box / "workspace" / "sub" / "run.sh", os.X_OK)
        assert not (box / "workspace" / "data.txt").stat().st_mode & 0o111
        assert (box / "tests" / "deep" / "data.txt").read_text() == "data"
    finally:
        remove_tree(box)


def test_copying_does_not_write_through_a_link(box, secret, tmp_path):
    source = tmp_path / "answer"
    source.mkdir()
    (source / "code.py").write_text("new")
    (box / "workspace").mkdir()
    (box / "workspace" / "code.py").symlink_to(secret)
    with pytest.raises(UnsafePath, match="is a link"):
        copy_into(box, "workspace", source)
    assert secret.read_text() == "canary"


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root can give files away")
def test_handing_over_does_not_touch_what_links_lead_to(box, secret):
    (box / "link").symlink_to(secret)
    hand_over(box, Owner(65534, 65534))
    assert (box.stat().st_uid, secret.stat().st_uid) == (65534, 0)
