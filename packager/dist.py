"""The folder `dist/`: the zips and the manifest that describes them."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from packager.archive import sha256_of
from packager.artefact import FUNCTIONS, LAYERS, Artefact

VERSION = 1
KINDS = (FUNCTIONS, LAYERS)


class Record(TypedDict):
    """What the manifest says of one artefact; sizes in bytes, digests in hex.

    `path` is seen from the repository's root; `handler` is None for a layer.
    """

    path: str
    content_digest: str
    sha256: str
    zip_size: int
    unzipped_size: int
    handler: str | None
    runtime: str
    architecture: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """An artefact and its record.

    Attributes:
        staged: the new zip, not yet in its place; None if the one in place stands.
    """

    artefact: Artefact
    record: Record
    staged: Path | None


class Dist:
    """The folder `dist/` of a repository.

    New zips are staged beside the old ones and put in place only when every artefact is right, the manifest
    last: whatever interrupts a build leaves whole zips.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / "dist"
        self.manifest = self.folder / "manifest.json"
        self._staging = self.folder / ".staging"

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other builds of this repository waiting, and leave nothing staged behind."""
        self.folder.mkdir(exist_ok=True)
        lock = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._clear_staging()  # a killed build's
            yield
        finally:
            self._clear_staging()
            os.close(lock)

    def _clear_staging(self) -> None:
        shutil.rmtree(self._staging, ignore_errors=True)

    def staged_path(self, artefact: Artefact) -> Path:
        """Where to write an artefact's new zip."""
        return self._staging / artefact.kind / f"{artefact.name}.zip"

    def path(self, artefact: Artefact) -> Path:
        """Where an artefact's zip is."""
        return self.folder / artefact.kind / f"{artefact.name}.zip"

    def records(self) -> dict[str, Record]:
        """The last build's records by artefact's label; empty if there are none or they are damaged."""
        try:
            manifest = json.loads(self.manifest.read_bytes())
            if manifest["version"] != VERSION:
                return {}
            return {
                f"{kind}/{name}": record
                for kind in KINDS
                for name, record in manifest[kind].items()
                if record.keys() == Record.__required_keys__
            }
        except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
            return {}

    def holds(self, artefact: Artefact, record: Record) -> bool:
        """Whether the zip in place is the one that the record describes."""
        path = self.path(artefact)
        return (
            path.is_file()
            and path.stat().st_size == record["zip_size"]
            and sha256_of(path) == record["sha256"]
        )

    def commit(self, outcomes: list[Outcome]) -> None:
        """Put staged zips in place, remove those of artefacts that are gone, write the manifest."""
        for outcome in outcomes:
            if outcome.staged:
                place = self.path(outcome.artefact)
                place.parent.mkdir(exist_ok=True)
                outcome.staged.replace(place)
        wanted = {self.path(outcome.artefact) for outcome in outcomes}
        for kind in KINDS:
            for zip_file in set((self.folder / kind).glob("*.zip")) - wanted:
                zip_file.unlink()
        self._write_manifest(outcomes)

    def _write_manifest(self, outcomes: list[Outcome]) -> None:
        manifest: dict[str, Any] = {"version": VERSION, FUNCTIONS: {}, LAYERS: {}}
        for outcome in outcomes:
            manifest[outcome.artefact.kind][outcome.artefact.name] = outcome.record
        text = f"{json.dumps(manifest, indent=2, sort_keys=True)}\n".encode()
        if self.manifest.is_file() and self.manifest.read_bytes() == text:
            return
        self._staging.mkdir(exist_ok=True)
        staged = self._staging / self.manifest.name
        staged.write_bytes(text)
        staged.replace(self.manifest)
