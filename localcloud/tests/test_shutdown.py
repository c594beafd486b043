"""The end of the local cloud: with its exit code, waiting for nobody, and with no process left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

STUCK = """
import os, re
os.fork()
os.write(1, b"%d\\n" % os.getpid())  # in one piece: two write at once
re.match("(a+)+$", "a" * 64 + "b")  # years in C code: no thread of this process gets a turn
"""
CLOUD = f"""
import subprocess, sys, threading, time
from types import SimpleNamespace
from localstack.runtime.current import set_current_runtime
from localcloud.shutdown import end_at_once

set_current_runtime(SimpleNamespace(exit_code=3))
function = subprocess.Popen(
    [sys.executable, "-c", {STUCK!r}],
    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
)
for _ in range(2):
    print(function.stdout.readline().decode().strip(), flush=True)
threading.Thread(target=time.sleep, args=(60,)).start()  # a thread that Python would wait for
end_at_once()
"""


def test_it_ends_with_its_code_and_takes_along_a_function_that_hears_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CLOUD],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    pids = [int(line) for line in done.stdout.split()]
    assert len(pids) == 2
    deadline = time.monotonic() + 5
    while (left := [pid for pid in pids if lives(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


def lives(pid: int) -> bool:
    """Whether the process is there and not just waiting to be buried."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
