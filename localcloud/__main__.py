"""The commands behind `make`: `python3 -m localcloud up|down|logs|plan|apply|promote|...`."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from localcloud import commands, deployment, suite, tools
from localcloud.cloud import DEFAULT_PORT, FOLDER, Cloud, running_port
from localcloud.deployment import endpoint_of, outputs_of, root_of
from localcloud.paths import ROOT
from localcloud.steps import StepError, report, say, step
from localcloud.up import bring_up


def up(arguments: argparse.Namespace) -> None:
    """Bring the system up and say where it is."""
    cloud = Cloud(arguments.port)
    outputs, changed = bring_up(cloud, root_of(arguments))
    api = outputs["rest_api_url"]
    say("")
    say("Dragons is up." if changed else "Dragons is up. Nothing changed.")
    say(f"  REST API   {api}")
    say(f"  HTTP API   {outputs['http_api_url']}")
    say(f"  Sign-in    {outputs['hosted_ui_url']}")
    say(f"  AWS        {cloud.endpoint}  (us-east-1, test/test)")
    say("Try:")
    say(f"  curl '{api}/dragons?family=red&limit=2'")
    say("  make token USER=ann@example.org")
    say(f"  curl '{api}/dragons' -H \"Authorization: $(make -s token USER=ann@example.org)\" \\")
    say("    -H 'Content-Type: application/json' -d @tests/fixtures/report.json")


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
    root = root_of(arguments)
    root.init()
    root.hand_over("plan")


def apply(arguments: argparse.Namespace) -> None:
    """Deploy an environment; Terraform asks first, but for `local`. Then move its aliases."""
    tools.install("dev")
    root = root_of(arguments)
    root.init()
    root.hand_over("apply", *(["-auto-approve"] if arguments.env == "local" else []))
    _hand_over(commands.release("deploy", outputs_of(arguments, root), endpoint_of(arguments)))


def promote(arguments: argparse.Namespace) -> None:
    """Let the canary's versions serve everybody."""
    _hand_over(commands.release("promote", _deployed(arguments), endpoint_of(arguments)))


def rollback(arguments: argparse.Namespace) -> None:
    """Take the canary back, or else go back to the versions before."""
    _hand_over(commands.release("rollback", _deployed(arguments), endpoint_of(arguments)))


def partner(arguments: argparse.Namespace) -> None:
    """Give a partner a token and an API key."""
    _hand_over(commands.partner(arguments.name, _deployed(arguments), endpoint_of(arguments)))


def token(arguments: argparse.Namespace) -> None:
    """Print a token of somebody's; the local cloud signs up whom it does not know."""
    if not arguments.user:
        raise StepError("USER=ann@example.org is missing")
    if "@" not in arguments.user:
        raise StepError(f"USER={arguments.user} is no e-mail address: write it as in USER=ann@example.org")
    if arguments.kind not in ("id", "access"):
        raise StepError(f"KIND={arguments.kind} is no token: choose id or access")
    outputs = _deployed(arguments)
    if arguments.env != "local":
        raise StepError(f"people sign in to {arguments.env} by the browser: {outputs['hosted_ui_url']}")
    _hand_over(commands.sign_in(arguments.user, arguments.kind, outputs, endpoint_of(arguments)))


def bench(arguments: argparse.Namespace) -> None:
    """Run the benchmarks, or one part of them; what they compare with is installed beside."""
    if arguments.part not in ("", *commands.BENCHMARKS):
        raise StepError(f"PART={arguments.part} is no benchmark: choose {' or '.join(commands.BENCHMARKS)}")
    with step("tools in .venv, and sam in its own") as note:
        note("installed" if tools.install("dev", "sam") else "up to date")
    _hand_over(commands.bench(arguments.part))


def _hand_over(command: commands.Command) -> None:
    """Run a command on this terminal; one that fails has said why."""
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code != 0:
        sys.exit(code)


def _deployed(arguments: argparse.Namespace) -> dict[str, Any]:
    deployment.require_cloud(arguments)
    return deployment.fetch_outputs(arguments)


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
    "token": token,
    "bench": bench,
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
    parser.add_argument("--user", default="", help="e-mail address of who signs in")
    parser.add_argument("--kind", default="id", help="of the token: id or access")
    parser.add_argument("--part", default="", help="of the benchmarks: build or coldstart (default: both)")
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
