"""A provider that runs already, so that Terraform need not start one: twice for each `run` of its tests.

Source: https://developer.hashicorp.com/terraform/plugin/debugging
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.environment import variables

ATTACH = "TF_REATTACH_PROVIDERS"


@contextmanager
def running_provider(data: Path) -> Iterator[dict[str, str]]:
    """Run the provider.

    It has one configuration at a time, so commands for different clouds must not share it, but where they
    mock it.

    Args:
        data: Terraform's data folder of an initialised root.

    Yields:
        The environment variable by which Terraform finds it.
    """
    program = next(data.glob("providers/*/*/*/*/*/terraform-provider-aws_*"))
    with TemporaryDirectory() as folder:  # of its socket, which it leaves behind
        env = variables.for_local_cloud() | {"TMPDIR": folder}
        with subprocess.Popen(
            [program, "-debug"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout
            try:
                told = next(line.strip() for line in process.stdout if f"{ATTACH}=" in line)
                yield {ATTACH: told.removeprefix(f"{ATTACH}=").strip("'")}
            finally:
                process.terminate()
