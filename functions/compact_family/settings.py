"""What Terraform tells this function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields."""

    dataset_bucket_parameter: str
    settled_hours: int
