"""What this worker is told."""

import re
from dataclasses import dataclass

from dragons.errors import ConfigurationError

_ACTIVITY = re.compile(r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:activity:[A-Za-z0-9_.-]{1,80}")


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields.

    Attributes:
        inspect_dragon_activity: The activity's ARN; Terraform's output of that name.
        dragons_table: The table of dragons; Terraform's output of that name.
        pollers: How many tasks it may work on at once, each by a poller of its own.
        heartbeat_seconds: How often it says that it is still at work on a task.
        stop_seconds: How long tasks in hand may take when it is told to stop.

    Raises:
        ConfigurationError: The activity is no ARN of one, or there is to be no poller or heartbeat.
    """

    inspect_dragon_activity: str
    dragons_table: str
    pollers: int = 4
    heartbeat_seconds: int = 10
    stop_seconds: int = 20

    def __post_init__(self) -> None:
        if not _ACTIVITY.fullmatch(self.inspect_dragon_activity):
            raise ConfigurationError(
                f"environment variable INSPECT_DRAGON_ACTIVITY is {self.inspect_dragon_activity}: "
                "make it the ARN of an activity, arn:aws:states:<region>:<account>:activity:<name>"
            )
        for name in ("pollers", "heartbeat_seconds"):
            if getattr(self, name) < 1:
                raise ConfigurationError(f"environment variable {name.upper()} is 0: make it at least 1")

    @property
    def region(self) -> str:
        """The activity's region; the table is in the same one."""
        return self.inspect_dragon_activity.split(":")[3]
