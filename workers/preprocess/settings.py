"""What this job is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields."""

    import_bucket: str
