"""An in-memory stand-in for the table, as a rebuild of the dataset reads it."""

from collections.abc import Iterable

from rebuild_dataset.record import Recorded
from support.fakes import FakeS3, PreconditionFailed
from write_dataset.changes import Changes
from write_dataset.store import Dataset

Dragon = dict[str, str]


class FakeRecord:
    """A table in memory, whose stream is written at once.

    Args:
        s3: Where the dataset is.
        dragons: What is on record.
        unregistered: The names of those that are not in the registry.

    Attributes:
        dragons: They, by name.
        unregistered: As given, less those that were entered since.
        told: The names of those that the stream was made to tell of.
    """

    def __init__(self, s3: FakeS3, dragons: list[Dragon], unregistered: Iterable[str] = ()) -> None:
        self.dragons = {each["dragon_name_str"]: each for each in dragons}
        self.unregistered = set(unregistered)
        self.told: list[str] = []
        self._s3 = s3

    def of_family(self, family: str) -> dict[str, Recorded]:
        """The dragons of a family, by name."""
        found = {name: each for name, each in self.dragons.items() if each["family_str"] == family}
        return {name: Recorded(each, name not in self.unregistered) for name, each in found.items()}

    def named(self, names: set[str]) -> dict[str, Dragon]:
        """Those dragons that are on record, by name."""
        return {name: self.dragons[name] for name in names if name in self.dragons}

    def register(self, name: str) -> None:
        """Enter a dragon in the registry."""
        self.unregistered.remove(name)

    def tell_again(self, name: str, _at: str) -> None:
        """Write a dragon behind all others, as often as it takes while they are merged."""
        self.told.append(name)
        own = self.dragons[name]
        sequence = str(100 + len(self.told))
        changes = Changes(gone=[own], arrived={name: own}, first={own["family_str"]: sequence})
        while True:
            try:
                return Dataset(self._s3, "bucket", "dragons/").apply(changes)  # type: ignore[arg-type]
            except PreconditionFailed:
                continue  # as a batch of the stream comes again
