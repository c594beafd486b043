"""What Terraform tells this function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields."""

    event_bus: str
    reporters_group: str
    reporters_table: str
