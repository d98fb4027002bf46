"""Runs as a process of its own: searches a pattern in a text for each line it reads, so that it can be killed."""

import json
import re
import sys

for line in sys.stdin:
    pattern, text = json.loads(line)
    print(json.dumps(re.search(pattern, text) is not None), flush=True)
