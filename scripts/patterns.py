"""Every macro of the pages in every state that it was made for, on one page, beside a site of runs of every kind.

    python scripts/patterns.py [PORT]

Serves both on this machine until it is stopped. A site that is built has no such page: its samples are the tests'.
"""

from __future__ import annotations

import functools
import sys
import tempfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from showroom import PATTERNS, make_site


def main(port: int) -> None:
    """Prints the address."""
    with tempfile.TemporaryDirectory(prefix="benchgen-patterns-") as folder:
        site = make_site(Path(folder) / "results", Path(folder) / "site")
        handler = functools.partial(SimpleHTTPRequestHandler, directory=str(site))
        with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
            print(f"http://127.0.0.1:{server.server_address[1]}/{PATTERNS}", flush=True)
            server.serve_forever()


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    except KeyboardInterrupt:
        sys.exit(130)
