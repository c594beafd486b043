"""A release's parameters in SSM: the pins, the canary's share, the shifts, and the log of what served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tasks.rollout.moves import MACHINES, Record, ReleaseError, Routing, Shift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_ssm import SSMClient


_FOLDERS = ("", f"{MACHINES}/")
"""What comes before `pins/`: nothing for functions."""


class ReleaseParameters:
    """The parameters `pins/<function>`, `canary/percent`, `shifts/<function>` and `live/<function>`.

    Of state machines, which have no shifts: `state_machines/pins/<machine>`, `state_machines/live/<machine>`.

    What is live is written here and by Terraform, byte for byte; the others are written here and read there.

    Args:
        client: A client of SSM.
        path: What their names begin with, such as /dragons/dev.
    """

    def __init__(self, client: SSMClient, path: str) -> None:
        self._client = client
        self._path = path
        self._canary = f"{path}/canary"
        self._shifts = f"{path}/shifts"
        self._halted = f"{path}/halted"
        self._site = f"{path}/site"

    def read(self) -> Routing:
        """Read pins, share and shifts.

        Raises:
            ReleaseError: One of them is none.
        """
        pins = {
            f"{folder}{name.rpartition('/')[2]}": _version(name, value)
            for folder in _FOLDERS
            for name, value in self._by_path(f"{self._path}/{folder}pins").items()
        }
        shares = [_share(name, value) for name, value in self._by_path(self._canary).items()]
        shifts = {
            name.rpartition("/")[2]: _shift(name, value)
            for name, value in self._by_path(self._shifts).items()
        }
        return Routing(pins, max(shares, default=0), shifts)

    def write(self, before: Routing, target: Routing) -> None:
        """Write what differs: pins first, so that nothing is left without one under a canary."""
        for name, version in target.pins.items():
            if before.pins.get(name) != version:
                self._put(self._of("pins", name), str(version))
        if target.share != before.share:
            self._write_share(target.share)
        for name, shift in target.shifts.items():
            if before.shifts.get(name) != shift:
                value = {"held": str(shift.held), "percent": shift.percent}
                self._put(f"{self._shifts}/{name}", json.dumps(value))
        self._delete([f"{self._shifts}/{name}" for name in before.shifts.keys() - target.shifts.keys()])
        self._delete([self._of("pins", name) for name in before.pins.keys() - target.pins.keys()])

    def clear(self) -> None:
        """Delete pins, share and shifts, what is halted, and the site's releases, whatever they say."""
        pins = [f"{self._path}/{folder}pins" for folder in _FOLDERS]
        paths = (*pins, self._canary, self._shifts, self._halted, self._site)
        self._delete([name for path in paths for name in self._by_path(path)])

    def log(self, name: str) -> tuple[list[Record], bool]:
        """What served of a function or a state machine, oldest first, and whether the log once began earlier.

        Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
        """
        pages = self._client.get_paginator("get_parameter_history").paginate(Name=self._of("live", name))
        try:
            found = [entry for page in pages for entry in page["Parameters"]]
        except self._client.exceptions.ParameterNotFound:
            return [], False  # its first apply broke off before
        entries = sorted((entry["Version"], entry["Value"]) for entry in found)
        records = [_record(value) for _, value in entries]
        return [record for record in records if record is not None], entries[0][0] > 1

    def note(self, name: str, record: Record) -> None:
        """Note what serves of a function or a state machine, as Terraform's `jsonencode` writes it."""
        value = {"release": record.release, "version": str(record.version)}
        self._put(self._of("live", name), json.dumps(value, separators=(",", ":")))

    def _of(self, kind: str, name: str) -> str:
        """A parameter's name: a state machine's is below the folder that its own name begins with."""
        folder, slash, last = name.rpartition("/")
        return f"{self._path}/{folder}{slash}{kind}/{last}"

    def _by_path(self, path: str) -> Mapping[str, str]:
        pages = self._client.get_paginator("get_parameters_by_path").paginate(Path=path)
        return {each["Name"]: each["Value"] for page in pages for each in page["Parameters"]}

    def _write_share(self, share: float) -> None:
        if share > 0:
            self._put(f"{self._canary}/percent", f"{share:g}")
        else:
            self._delete([f"{self._canary}/percent"])

    def _put(self, name: str, value: str) -> None:
        self._client.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)

    def _delete(self, names: Sequence[str]) -> None:
        """Delete parameters, no error if one is gone; ten a call, which is as many as SSM takes."""
        for first in range(0, len(names), 10):
            self._client.delete_parameters(Names=list(names[first : first + 10]))


def _version(name: str, value: str) -> int:
    if value.isascii() and value.isdigit() and int(value) > 0:
        return int(value)
    raise ReleaseError(
        f'{name}: "{value}" is not a version: write the number of a published one, or delete it'
    )


def _share(name: str, value: str) -> float:
    try:
        if 0 <= float(value) <= 100:
            return float(value)
    except ValueError:
        pass  # refused in the same words
    raise ReleaseError(f'{name}: "{value}" is not a percentage: write a number from 0 to 100, or delete it')


def _shift(name: str, value: str) -> Shift:
    try:
        entry = json.loads(value)
        shift = Shift(_version(name, str(entry["held"])), int(entry["percent"]))
        if 0 <= shift.percent < 100:
            return shift
    except (ValueError, KeyError, TypeError):
        pass  # refused in the same words
    raise ReleaseError(
        f'{name}: "{value}" is not a shift: write such as {{"held": "7", "percent": 10}}, or delete it'
    )


def _record(value: str) -> Record | None:
    """Read an entry; none if somebody wrote over it by hand, which stays in the history for good."""
    try:
        entry = json.loads(value)
        return Record(str(entry["release"]), int(entry["version"]))
    except (ValueError, KeyError, TypeError):
        return None
