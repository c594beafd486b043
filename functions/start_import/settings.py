"""What Terraform tells this function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Its environment variables, named like the fields.

    Attributes:
        import_dragons: The state machine of an import, by its alias.
        run_job: That which cleans files first; none where the environment has no job for that.
    """

    import_dragons: str
    run_job: str = ""
