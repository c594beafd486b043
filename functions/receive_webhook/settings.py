"""What Terraform tells this function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields."""

    sightings_topic: str
    sns_url: str
    received_table: str
    remembered_days: int
