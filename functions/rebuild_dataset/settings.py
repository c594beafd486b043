"""What Terraform tells this function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields."""

    dragons_table: str
    family_index: str
    dataset_bucket_parameter: str
    dataset_prefix_parameter: str
