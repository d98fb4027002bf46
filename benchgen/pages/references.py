"""Which static files a page refers to, as the page itself says."""

from __future__ import annotations

import os
import re

_REFERENCE = re.compile(rb'="(?:\.\./)*(assets/[\w.-]+)"')


def references(page: str) -> tuple[str, ...]:
    """The static files that a written page asks for, as paths below the site's root. They stand in its head."""
    fd = os.open(page, os.O_RDONLY | os.O_CLOEXEC)  # a file object costs more than a page's head
    try:
        head = b""
        while b"</head>" not in head and (more := os.read(fd, 1 << 14)):
            head += more
    finally:
        os.close(fd)
    return tuple(sorted({found.decode() for found in _REFERENCE.findall(head.partition(b"</head>")[0])}))
