"""`make rehearse`: an environment's own values, from nothing to nothing, on an empty local cloud."""

import argparse

from tasks.environment.environment import Environment
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, say

ANY_PORT = True


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Apply, test, deploy a second environment beside it, destroy both, and look at what is left.

    Raises:
        StepError: One of these is not as it must be.
    """
    if environment.is_local:
        raise StepError("ENV=local is what `make test` runs", "rehearse another one, such as ENV=dev")
    environment.enter_tools()
    from tasks.rehearsal.rehearsal import rehearsal

    with alone(f"rehearsal-{environment.name}"), rehearsal(environment.name) as rehearsing:
        rehearsing.run()
    say(f"{environment.name} applies, passes and leaves nothing; docs/deploy.md has what AWS alone tells")
