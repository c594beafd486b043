"""What Terraform tells this function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields."""

    import_bucket: str
    import_work_bucket: str
    import_outcomes_table: str
    max_lines: int
    remembered_days: int
