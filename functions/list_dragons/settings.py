"""What Terraform tells this function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields.

    Attributes:
        largest_scan: How many dragons a registry has at most, so that a query may read them all.
        athena_workgroup: The workgroup of Athena, and athena_database its tables' database; empty where the
            environment has none.
    """

    allowed_origins: tuple[str, ...]
    dataset_bucket_parameter: str
    dataset_prefix_parameter: str
    query_engine_parameter: str
    dragons_table: str
    name_index: str
    tallies_table: str
    largest_scan: int
    athena_workgroup: str = ""
    athena_database: str = ""
