"""Which versions serve, decided for all functions and state machines at once; nothing here calls AWS.

A function goes by the name of its folder, a state machine by `state_machines/<its name>`: it may be
named like a function.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tasks.processes.steps import StepError

MACHINES = "state_machines"
"""The folder that the names of state machines begin with."""


class ReleaseError(StepError):
    """A release that cannot go on; the message says why, and what to do."""


@dataclass(frozen=True)
class Aliases:
    """The versions that the aliases of a function or a state machine stand on.

    Attributes:
        live: What callers get.
        canary: What a canary's share of the calls gets; live's own while there is no canary.
        shifted: The version that a shift sends some of live's callers to, and its weight, from 0 to 1.
    """

    live: int
    canary: int
    shifted: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Shift:
    """A function whose callers go over to its newest version little by little.

    Attributes:
        held: The version that the others get.
        percent: Of the calls, what the newest version gets; 0 at first, and once it was taken back.
    """

    held: int
    percent: int


@dataclass(frozen=True)
class Routing:
    """What the parameters say; Terraform computes the aliases from the same.

    Attributes:
        pins: The version that each function or state machine with a pin is held at.
        share: Percent of the REST API's calls that the newest versions get; 0 without a canary.
        shifts: The functions that are shifted to their newest version. A pin goes before.
    """

    pins: Mapping[str, int]
    share: float = 0
    shifts: Mapping[str, Shift] = field(default_factory=dict)

    @property
    def held(self) -> dict[str, int]:
        """The version of each that does not serve its newest: pinned, or held by its shift."""
        return {name: each.held for name, each in self.shifts.items()} | dict(self.pins)

    def aliases(self, name: str, newest: int) -> Aliases:
        """Where its aliases belong; `alias.tf` of both modules in terraform/modules says the same."""
        live = self.held.get(name, newest)
        percent = 0 if name in self.pins or name not in self.shifts else self.shifts[name].percent
        shifted = {newest: percent / 100} if percent > 0 else {}
        return Aliases(live, newest if self.share > 0 else live, shifted)


@dataclass(frozen=True)
class Record:
    """An entry of the log of what served: a version, and the release that it belongs to."""

    release: str
    version: int


@dataclass(frozen=True)
class Part:
    """A function or a state machine as it is deployed.

    Attributes:
        aliases: Where its aliases stand.
        newest: Its newest published version.
        log: What served, oldest first.
        log_is_cut: Whether the log once began earlier.
    """

    aliases: Aliases
    newest: int
    log: Sequence[Record] = ()
    log_is_cut: bool = False


@dataclass(frozen=True)
class System:
    """What an environment is made of, what the parameters say, and whether the API's stage has a canary."""

    parts: Mapping[str, Part]
    routing: Routing
    splits: bool

    @property
    def live(self) -> dict[str, int]:
        """The version of each that callers get."""
        return {name: each.aliases.live for name, each in self.parts.items()}

    @property
    def newest(self) -> dict[str, int]:
        """The newest published version of each."""
        return {name: each.newest for name, each in self.parts.items()}


def canary(now: System, share: float) -> Routing:
    """Hold everything at what is live, and give the newest versions a share of the calls.

    Args:
        now: How things are. What is being shifted is pinned where it is held.
        share: Percent of the calls. 0 ends a canary, and leaves the pins.
    """
    if share > 0:
        return Routing(now.live | dict(now.routing.pins), share)
    return replace(now.routing, share=share)


def shift(now: System, name: str, percent: int) -> Routing:
    """Send a share of one function's callers to its newest version, and hold the others where they are.

    Args:
        now: How things are.
        name: The function.
        percent: Of its calls; 0 holds everybody, 100 ends the shift.

    Raises:
        ReleaseError: A pin or a canary is at work, or the newest version serves.
    """
    routing, part = now.routing, now.parts[name]
    if name in routing.pins:
        raise ReleaseError(
            f"nothing is shifted: {name} is pinned at version {routing.pins[name]}; "
            "`make promote` lets the newest versions serve"
        )
    if routing.share > 0 or now.splits:
        raise ReleaseError(
            "nothing is shifted: a canary is at work; `make promote` or `make rollback` ends it"
        )
    held = routing.held.get(name, part.aliases.live)
    ends = percent == 100 and name in routing.shifts
    if percent > 0 and held == part.newest and not ends:
        raise ReleaseError(f"nothing to shift: {name} serves version {held}, its newest")
    others = {other: each for other, each in routing.shifts.items() if other != name}
    return replace(routing, shifts=others | ({name: Shift(held, percent)} if percent < 100 else {}))


def promote(now: System) -> Routing:
    """Let the newest versions serve everybody.

    Raises:
        ReleaseError: They do.
    """
    target = Routing({})
    if now.routing == target and is_settled(now):
        raise ReleaseError("nothing to promote: there is no canary and no pin, the newest versions serve")
    return target


def rollback(now: System) -> Routing:
    """Take the canary and every shift back; if there is none, hold everything at the versions before.

    The versions before are a set that served together. What came later stays where it is. What a rollback
    that was killed has begun is finished.

    Raises:
        ReleaseError: There is no canary, and no set of versions before this one.
    """
    if now.routing.share > 0 or _is_shifting(now) or _is_unfinished(now):
        return Routing(now.live | _known(now))
    # Nothing holds back the newest versions, and yet they do not serve: a promotion or an apply was cut off.
    behind = {**now.newest, **_known(now)} != now.live and _known(now).items() <= now.live.items()
    for versions in reversed(served(now.parts)):
        target = now.live | versions
        if _is_below(target, now.live) or (behind and target == now.live):
            return Routing(target)
    if behind:
        return Routing(now.live)
    raise ReleaseError("nothing to roll back to: there is no canary, and nothing else served before")


def served(parts: Mapping[str, Part]) -> list[dict[str, int]]:
    """The sets of versions that served together, oldest first: one a release, as it was at its end.

    What was rolled back is left out: a later set with older versions takes the place of those before it. So
    is a release that did not reach everything: its apply broke off.
    """
    starts = {name: each.log[0].release for name, each in parts.items() if each.log}
    begin = max((starts[name] for name in starts if parts[name].log_is_cut), default="")
    sets: list[dict[str, int]] = []
    for release in sorted({record.release for each in parts.values() for record in each.log}):
        versions = _at_the_end_of(release, parts)
        if release < begin or versions.keys() != {name for name in starts if starts[name] <= release}:
            continue
        while sets and not _is_below(sets[-1], versions):
            sets.pop()
        sets.append(versions)
    return sets


def latest(parts: Mapping[str, Part]) -> str:
    """The release that the log ends with; empty if nothing is logged."""
    return max((each.log[-1].release for each in parts.values() if each.log), default="")


def is_settled(now: System) -> bool:
    """Whether everything is as the parameters say: an apply of the same code would change nothing."""
    return now.splits == (now.routing.share > 0) and all(
        each.aliases == now.routing.aliases(name, each.newest)
        and (not each.log or each.log[-1].version == each.aliases.live)
        for name, each in now.parts.items()
    )


def _at_the_end_of(release: str, parts: Mapping[str, Part]) -> dict[str, int]:
    return {
        name: record.version
        for name, each in parts.items()
        for record in each.log
        if record.release == release  # the last one counts
    }


def _is_below(older: Mapping[str, int], newer: Mapping[str, int]) -> bool:
    """Whether no version is newer, and some are older. Versions are numbered upwards."""
    pairs = [(version, newer.get(name, version)) for name, version in older.items()]
    return all(one <= other for one, other in pairs) and any(one < other for one, other in pairs)


def _is_shifting(now: System) -> bool:
    """Whether some callers get a newer version: as parameters say, or since a last step was killed."""
    shifted = any(each.aliases.shifted for each in now.parts.values())
    return shifted or any(each.percent > 0 for each in now.routing.shifts.values())


def _is_unfinished(now: System) -> bool:
    """Whether a rollback wrote all its pins, and then was killed."""
    pins = _known(now)
    whole = pins.keys() == now.parts.keys()
    served_before = any(versions.items() <= pins.items() for versions in served(now.parts))
    return whole and not is_settled(now) and (pins == now.live or served_before)


def _known(now: System) -> dict[str, int]:
    """What holds something that there is."""
    return {name: version for name, version in now.routing.held.items() if name in now.parts}
