"""Runs a command, and prints its wall seconds, its CPU seconds and its peak memory in bytes.

A script that runs alone. A process counts as at least as large as the one that started it, until its own
program is loaded: so the one that starts what is measured has nothing in it.
"""

import os
import sys
import time

_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage(2)

command = sys.argv[1:]
began = time.perf_counter()
process = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(process, 0)
wall = time.perf_counter() - began
print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _RSS_UNIT)
sys.exit(os.waitstatus_to_exitcode(status))
