"""The commands behind `make`: `python3 -m localcloud up|down|logs|plan|apply|promote|...`."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from localcloud import commands, suite, terraform, tools
from localcloud.cloud import DEFAULT_PORT, FOLDER, Cloud, running_port
from localcloud.paths import ROOT
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
    """Deploy an environment; Terraform asks first, but for `local`. Then move its aliases."""
    tools.install("dev")
    root = _root(arguments)
    root.init()
    root.hand_over("apply", *(["-auto-approve"] if arguments.env == "local" else []))
    _hand_over(commands.release("deploy", _outputs(arguments, root), _endpoint(arguments)))


def promote(arguments: argparse.Namespace) -> None:
    """Let the canary's versions serve everybody."""
    _hand_over(commands.release("promote", _deployed(arguments), _endpoint(arguments)))


def rollback(arguments: argparse.Namespace) -> None:
    """Take the canary back, or else go back to the versions before."""
    _hand_over(commands.release("rollback", _deployed(arguments), _endpoint(arguments)))


def partner(arguments: argparse.Namespace) -> None:
    """Give a partner a token and an API key."""
    _hand_over(commands.partner(arguments.name, _deployed(arguments), _endpoint(arguments)))


def _deployed(arguments: argparse.Namespace) -> dict[str, Any]:
    """The outputs of an environment, from whichever machine it was deployed."""
    if arguments.env == "local" and not Cloud(arguments.port).running():
        raise StepError("the local cloud is not running", "make up")
    tools.install("dev")
    root = _root(arguments)
    root.init()
    return _outputs(arguments, root)


def _outputs(arguments: argparse.Namespace, root: terraform.Root) -> dict[str, Any]:
    outputs = root.outputs()
    if not outputs.keys() >= commands.OUTPUTS:
        first = "make up" if arguments.env == "local" else f"make apply ENV={arguments.env}"
        raise StepError(f"{arguments.env} is not deployed, or was before this command existed", first)
    return outputs


def _hand_over(command: commands.Command) -> None:
    """Run a command on this terminal; one that fails has said why."""
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code != 0:
        sys.exit(code)


def _endpoint(arguments: argparse.Namespace) -> str | None:
    return Cloud(arguments.port).endpoint if arguments.env == "local" else None


def _root(arguments: argparse.Namespace) -> terraform.Root:
    root = terraform.environment(arguments.env)
    if arguments.env == "local" and arguments.port != DEFAULT_PORT:
        root.variables["endpoint"] = Cloud(arguments.port).endpoint
    if arguments.canary_percent is not None:
        root.variables["canary_percent"] = arguments.canary_percent
    return root


def _percent(text: str) -> str:
    """Check a percentage, and leave it as it was typed."""
    try:
        if 0 <= float(text) <= 100:
            return text
    except ValueError:
        pass  # no number: refused in the same words
    raise argparse.ArgumentTypeError(f"CANARY_PERCENT={text} is no percentage: take a number from 0 to 100")


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "up": up,
    "down": down,
    "logs": logs,
    "plan": plan,
    "apply": apply,
    "promote": promote,
    "rollback": rollback,
    "partner": partner,
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
    parser.add_argument(
        "--canary-percent", type=_percent, help="what the new versions get of the API's calls"
    )
    parser.add_argument("--name", default="", help="of the partner")
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
