"""The commands behind `make`: `python3 -m localcloud up|down|logs|plan|apply|test|e2e`."""

import argparse
import subprocess
import sys
from collections.abc import Callable

from localcloud import suite, terraform
from localcloud.cloud import DEFAULT_PORT, FOLDER, Cloud, running_port
from localcloud.steps import StepError, report, say
from localcloud.up import bring_up


def up(arguments: argparse.Namespace) -> None:
    """Bring the system up and say where it is."""
    cloud = Cloud(arguments.port)
    outputs, changed = bring_up(cloud, _root(arguments))
    api = outputs["rest_api_url"]
    say("")
    say("Dragons is up." if changed else "Dragons is up. Nothing changed.")
    say(f"  REST API  {api}")
    say(f"  AWS       {cloud.endpoint}  (us-east-1, test/test)")
    say("Try:")
    say(f"  curl '{api}/status'")
    say(f"  curl '{api}/dragons?family=red&limit=2'")
    say(f"  curl '{api}/dragons' -H 'Content-Type: application/json' -d @tests/fixtures/report.json")


def down(arguments: argparse.Namespace) -> None:
    """Stop the system and every process of it."""
    say("stopped" if Cloud(arguments.port).stop() else "nothing was running")


def logs(arguments: argparse.Namespace) -> None:
    """Follow what the local cloud and the functions print."""
    log = Cloud(arguments.port).log
    if not log.exists():
        raise StepError("there is no log: nothing was started", "make up")
    subprocess.run(["tail", "-n", "200", "-F", str(log)], check=False)


def plan(arguments: argparse.Namespace) -> None:
    """Show what an apply would change."""
    root = _root(arguments)
    root.init()
    root.hand_over("plan")


def apply(arguments: argparse.Namespace) -> None:
    """Deploy an environment; Terraform asks first, but for `local`."""
    root = _root(arguments)
    root.init()
    root.hand_over("apply", *(["-auto-approve"] if arguments.env == "local" else []))


def _root(arguments: argparse.Namespace) -> terraform.Root:
    root = terraform.environment(arguments.env)
    if arguments.env == "local" and arguments.port != DEFAULT_PORT:
        root.variables["endpoint"] = Cloud(arguments.port).endpoint
    return root


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "up": up,
    "down": down,
    "logs": logs,
    "plan": plan,
    "apply": apply,
    "test": suite.test,
    "e2e": suite.e2e,
}


def main() -> int:
    """Run a command; its errors take a few lines and no traceback."""
    parser = argparse.ArgumentParser(prog="python3 -m localcloud", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--env", default="local", help="an environment of terraform/environments")
    parser.add_argument(
        "--port", type=int, help="of the local cloud (default: of the one that runs, or 4566)"
    )
    arguments = parser.parse_args()
    arguments.port = arguments.port or running_port(FOLDER) or DEFAULT_PORT
    try:
        COMMANDS[arguments.command](arguments)
    except StepError as error:
        report(error)
        return 1
    except KeyboardInterrupt:
        say("stopped by you; running it again goes on from here", error=True)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
