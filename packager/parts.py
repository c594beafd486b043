"""Artifacts on their way into their zips: read, checked, and inspected."""

from typing import NamedTuple

from packager.artifact import FUNCTIONS, Target, discover
from packager.build_stamps import BuildStamps
from packager.errors import BuildError, collecting
from packager.inputs import HANDLER, Inputs, read_inputs
from packager.inspection import Inspection, Inspector, Source, Sources
from packager.service_data import described_service
from packager.source_tree import read_source
from packager.wheel_content import wheel_entries
from packager.wheels import WheelStore


class Tools(NamedTuple):
    """What a build works with.

    Attributes:
        root: Absolute path of the repository's folder.
        cache: Absolute path of what clones share.
        target: What to build for.
        store: Where wheels come from.
        inspector: The target's Python.
        stamps: What the build has read.
    """

    root: str
    cache: str
    target: Target
    store: WheelStore
    inspector: Inspector
    stamps: BuildStamps


class Part(NamedTuple):
    """An artifact, read and inspected.

    Attributes:
        inputs: What it is made of.
        wheels: Paths of its locked wheels.
        own: What the inspection of our sources found.
        locked: What that of the wheels' sources found; None without wheels.
    """

    inputs: Inputs
    wheels: list[str]
    own: Inspection
    locked: Inspection | None

    @property
    def compiled(self) -> list[bool]:
        """Whether there is compiled code of our sources, and of the wheels'."""
        return [each.complete for each in (self.own, self.locked) if each]


def read_parts(tools: Tools) -> list[Part]:
    """Read and inspect every artifact.

    Raises:
        BuildError: With everything that is wrong with any of them.
    """
    parts = []
    problems: list[str] = []
    for artifact in discover(tools.root, tools.stamps):
        with collecting(problems):
            parts.append(_read(tools, read_inputs(tools.root, artifact, tools.stamps)))
    if problems:
        raise BuildError(*dict.fromkeys(problems))
    return parts


def services_of(parts: list[Part]) -> frozenset[str]:
    """The AWS services that anything makes a client of.

    Raises:
        BuildError: A client's service shows only when it runs, and no layer's settings name what it may be.
    """
    unnamed = [place for part in parts for place in part.own.unnamed]
    chosen = {name for part in parts for name in part.inputs.services}
    if unnamed and not chosen and any(part.locked and part.locked.describes for part in parts):
        raise BuildError(
            *(
                f"{place}: makes a client of a service that only shows when it runs; name it as text, or "
                "name all that it may be in the services.txt of a layer"
                for place in unnamed
            )
        )
    found = [each for part in parts for each in (part.own, part.locked) if each]
    return frozenset(chosen.union(*(each.services for each in found)))


def _read(tools: Tools, inputs: Inputs) -> Part:
    artifact = inputs.artifact
    own = tools.inspector.inspect(
        inputs.sources_digest, artifact.mount, lambda: _own_sources(tools.root, inputs)
    )
    if artifact.kind == FUNCTIONS and f"{artifact.name}/{HANDLER}" not in own.handlers:
        raise BuildError(
            f"{artifact.label}/{HANDLER}: no function `handler`; define `def handler(event, context)` "
            "at its top level"
        )
    if not inputs.lock:
        return Part(inputs, [], own, None)
    target = inputs.target(tools.target)
    wheels = tools.store.wheels(inputs.lock, target)
    digest = f"{inputs.lock.digest} {target.architecture}"
    locked = tools.inspector.inspect(
        digest, artifact.mount, lambda: _locked_sources(wheels, artifact.dependencies_folder)
    )
    return Part(inputs, wheels, own, locked)


def _own_sources(root: str, inputs: Inputs) -> Sources:
    files = [file for file in inputs.files if file.place.endswith(".py")]
    return Sources([Source(file.place, read_source(root, file), file.path) for file in files], [], ours=True)


def _locked_sources(wheels: list[str], folder: str) -> Sources:
    entries = [entry for wheel in wheels for entry in wheel_entries(wheel, folder)]
    modules = [entry for entry in entries if entry.path.endswith(".py")]
    files = [Source(entry.path, entry.content, entry.origin) for entry in modules]
    described = {described_service(entry.path.removeprefix(folder)) for entry in entries} - {None}
    return Sources(files, sorted(filter(None, described)), ours=False)
