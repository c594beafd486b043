"""The processes of this machine, as `ps` lists them."""

import subprocess
from typing import NamedTuple


class Process(NamedTuple):
    """A process that has not been reaped; the state of one that has ended begins with Z."""

    pid: int
    parent: int
    group: int
    state: str
    command: str


def table() -> list[Process]:
    """Every process, but for those that cannot be seen."""
    command = ["ps", "-axww", "-o", "pid=,ppid=,pgid=,state=,args="]
    listing = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,  # a Ctrl-C that ends `ps` would make every process look gone
    ).stdout
    rows = (line.split(None, 4) for line in listing.splitlines())
    return [Process(int(row[0]), int(row[1]), int(row[2]), row[3], row[4]) for row in rows if len(row) == 5]


def living() -> list[Process]:
    """Those that have not ended."""
    return [each for each in table() if not each.state.startswith("Z")]


def family(pid: int) -> set[int]:
    """A process, all that it has started, and the group that it leads."""
    processes = table()
    found = [pid, *(each.pid for each in processes if each.group == pid and each.pid != pid)]
    for known in found:  # grows while it is walked
        found += [each.pid for each in processes if each.parent == known and each.pid not in found]
    return set(found)
