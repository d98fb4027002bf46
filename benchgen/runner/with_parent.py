"""Run as a program: becomes the command after its first word, and is interrupted when that process, its parent, dies.

Without it, a killed runner would leave an engine behind that goes on asking, and paying.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != int(parent):
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - an argument list, never a shell
