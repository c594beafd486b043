"""The folder `dist/`: the zips and the manifest that describes them."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NotRequired, TypedDict

from packager.artifact import FUNCTIONS, KINDS, Artifact
from packager.build_stamps import BuildStamps
from packager.errors import naming

VERSION = 1
MANIFEST = "dist/manifest.json"
_INPUTS = "dist/.inputs.json"
_STAGING = "dist/.staging"


class Record(TypedDict):
    """What the manifest says of one artifact; sizes in bytes, digests in hex.

    `path` is relative to the repository's root; `handler` is None for a layer; `compiled` says whether it
    holds compiled code; `services` are those whose descriptions its botocore has; `edge` is there for a
    function at the edge alone, and says which of CloudFront's events call it, `viewer` or `origin`.
    """

    path: str
    content_digest: str
    sha256: str
    zip_size: int
    unzipped_size: int
    handler: str | None
    runtime: str
    architecture: str
    compiled: bool
    services: list[str]
    edge: NotRequired[str]


class Outcome(NamedTuple):
    """An artifact and what became of it.

    Attributes:
        record: For the manifest.
        built: Whether its zip was made anew, and is staged.
        inputs: The digest of each input, by name.
        why: The inputs that changed when it was last made anew.
        notices: What may be a mistake in its inputs.
    """

    artifact: Artifact
    record: Record
    built: bool
    inputs: dict[str, str]
    why: list[str]
    notices: list[str]

    @property
    def has_layers(self) -> bool:
        """Whether Lambda puts layers beneath it."""
        return self.artifact.kind == FUNCTIONS and "edge" not in self.record


class Dist:
    """The folder `dist/` of a repository.

    New zips are staged beside the old ones and put in place only when every artifact is right, the manifest
    last: whatever interrupts a build leaves whole zips.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._staging = f"{root}/{_STAGING}"

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other builds of this repository waiting, and leave nothing staged behind."""
        os.makedirs(f"{self._root}/dist", exist_ok=True)
        lock = os.open(f"{self._root}/dist", os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._clear_staging()  # a killed build's
            yield
        finally:
            self._clear_staging()
            os.close(lock)

    def _clear_staging(self) -> None:
        for folder, _, files in os.walk(self._staging, topdown=False):
            for name in files:
                os.unlink(f"{folder}/{name}")
            os.rmdir(folder)

    def staged_path(self, artifact: Artifact) -> str:
        """Where to write an artifact's new zip."""
        return f"{self._staging}/{artifact.label}.zip"

    def current_path(self, outcome: Outcome) -> str:
        """Where the zip of an outcome is before it is committed."""
        path = self.staged_path(outcome.artifact)
        return path if outcome.built else f"{self._root}/{outcome.artifact.zip_path}"

    def records(self) -> dict[str, Record]:
        """The last build's records by artifact's label; empty if there are none or they are damaged."""
        try:
            manifest = _read_json(f"{self._root}/{MANIFEST}")
            if manifest["version"] != VERSION:
                return {}
            return {
                f"{kind}/{name}": record
                for kind in KINDS
                for name, record in manifest[kind].items()
                if Record.__required_keys__ <= record.keys() <= Record.__annotations__.keys()
            }
        except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
            return {}

    def inputs(self) -> dict[str, tuple[dict[str, str], list[str]]]:
        """The last build's inputs and reasons, by artifact's label."""
        try:
            return {
                label: (inputs, why) for label, (inputs, why) in _read_json(f"{self._root}/{_INPUTS}").items()
            }
        except (FileNotFoundError, ValueError, TypeError, AttributeError):
            return {}

    def holds(self, artifact: Artifact, record: Record, stamps: BuildStamps) -> bool:
        """Whether the zip in place is the one that the record describes."""
        there = os.path.isfile(f"{self._root}/{artifact.zip_path}")
        return there and stamps.sha256(artifact.zip_path) == record["sha256"]

    def commit(self, outcomes: list[Outcome]) -> None:
        """Put staged zips in place, remove those of artifacts that are gone, write the manifest."""
        for outcome in outcomes:
            if outcome.built:
                os.makedirs(f"{self._root}/dist/{outcome.artifact.kind}", exist_ok=True)
                os.replace(self.staged_path(outcome.artifact), f"{self._root}/{outcome.artifact.zip_path}")
        wanted = {outcome.artifact.zip_path for outcome in outcomes}
        for path in self._zips() - wanted:
            os.unlink(f"{self._root}/{path}")
        manifest: dict[str, Any] = {"version": VERSION} | {kind: {} for kind in KINDS}
        for outcome in outcomes:
            manifest[outcome.artifact.kind][outcome.artifact.name] = outcome.record
        self._write_json(MANIFEST, manifest)
        self._write_json(_INPUTS, {each.artifact.label: (each.inputs, each.why) for each in outcomes})

    def _zips(self) -> set[str]:
        folders = [kind for kind in KINDS if os.path.isdir(f"{self._root}/dist/{kind}")]
        names = [(kind, name) for kind in folders for name in os.listdir(f"{self._root}/dist/{kind}")]
        return {f"dist/{kind}/{name}" for kind, name in names if name.endswith(".zip")}

    def _write_json(self, path: str, value: Any) -> None:
        text = f"{json.dumps(value, indent=2, sort_keys=True)}\n".encode()
        if _content(f"{self._root}/{path}") == text:
            return
        os.makedirs(self._staging, exist_ok=True)
        staged = f"{self._staging}/{os.path.basename(path)}"
        with naming(staged), open(staged, "wb") as file:
            file.write(text)
        os.replace(staged, f"{self._root}/{path}")


def _read_json(path: str) -> Any:
    with open(path, "rb") as file:
        return json.load(file)


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
