"""Tasks of Harbor: folders with a `task.toml`, whose tests need the container that they describe."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NoReturn

from benchgen.catalog.foreign import NotImportable
from benchgen.errors import BadFile

TASK_FILE = "task.toml"


def refuse(folder: Path) -> NoReturn:
    """Reads a task far enough to say what it would need: its tests run as root in an image of its own."""
    place = folder / TASK_FILE
    try:
        said = tomllib.loads(place.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadFile(f"cannot be read: {fault}", where=str(place)) from fault
    environment = said.get("environment")
    image = environment.get("docker_image") if isinstance(environment, dict) else None
    if isinstance(image, str):
        needs = f"the image {image}"
    elif (folder / "environment" / "Dockerfile").is_file():
        needs = "the image that environment/Dockerfile builds"
    else:
        raise BadFile("names no image and has no environment/Dockerfile", where=str(place))
    raise NotImportable(f"not runnable here: needs a container, {needs}", where=folder.name)
