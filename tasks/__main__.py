"""The commands behind `make`: `python3 -m tasks up|down|logs|plan|apply|promote|...`."""

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from tasks import commands
from tasks import test as suite
from tasks.environment import environment as deployment
from tasks.environment import tools, variables
from tasks.environment.bring_up import applying, bring_up, build
from tasks.environment.cloud import DEFAULT_PORT, FOLDER, MAX_PORT, Cloud, running_port
from tasks.environment.environment import endpoint_of, hand_over, outputs_of, root_of, variables_for
from tasks.environment.terraform import Root, environment_root
from tasks.lock import lock as lock_files
from tasks.processes import children
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, report, say, step
from tasks.release import around_terraform as releases


def up(arguments: argparse.Namespace) -> None:
    """Bring the system up and say where it is."""
    cloud = Cloud(arguments.port)
    with alone(FOLDER.name):
        try:
            outputs, changed = bring_up(cloud, root_of(arguments))
        finally:
            if (pid := cloud.pid()) is not None:
                children.untie(pid)
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
    with alone(FOLDER.name, ends_others=True):
        say("stopped" if Cloud(arguments.port).stop() else "nothing was running")


def logs(arguments: argparse.Namespace) -> None:
    """Follow what the local cloud and the functions print."""
    log = Cloud(arguments.port).log
    if not log.exists():
        raise StepError("there is no log: nothing was started", "make up")
    children.run_to_end(["tail", "-n", "200", "-F", log], foreground=True)


def plan(arguments: argparse.Namespace) -> None:
    """Show what an apply of what is here now would change."""
    root = _buildable(arguments)
    root.hand_over("plan")


def apply(arguments: argparse.Namespace) -> None:
    """Deploy what is here now; Terraform asks first, but for `local` or where the caller has approved."""
    if arguments.auto_approve not in ("", "yes"):
        raise StepError(
            f"AUTO_APPROVE={arguments.auto_approve} is no answer: say AUTO_APPROVE=yes, or leave it out"
        )
    approved = arguments.env == "local" or arguments.auto_approve == "yes"
    words = ["-input=false", "-auto-approve"] if approved else []
    tools.install("dev")
    root = _buildable(arguments)
    with ExitStack() as around:
        if arguments.env == "local":
            around.enter_context(alone(FOLDER.name))
            around.enter_context(applying(Cloud(arguments.port)))
        around.enter_context(releases.canary(arguments.canary_percent, root, endpoint_of(arguments)))
        root.hand_over("apply", *words, foreground=not approved)
    releases.tell_pinned(outputs_of(arguments, root))


def _buildable(arguments: argparse.Namespace) -> Root:
    """The root of an environment that is there, initialised, with functions and layers built."""
    root = root_of(arguments)
    deployment.require_cloud(arguments)
    build()
    root.init()
    return root


def promote(arguments: argparse.Namespace) -> None:
    """Let the newest versions serve everybody."""
    _move("promote", arguments)


def rollback(arguments: argparse.Namespace) -> None:
    """Take the canary back, or else go back to the versions before."""
    _move("rollback", arguments)


def _move(action: str, arguments: argparse.Namespace) -> None:
    outputs = _deployed(arguments)
    build()  # Terraform, which brings the outputs up to date, reads the manifest
    releases.move(action, root_of(arguments), outputs, endpoint_of(arguments))


def partner(arguments: argparse.Namespace) -> None:
    """Give a partner a token and an API key."""
    endpoint = endpoint_of(arguments)
    hand_over(commands.partner(arguments.name, _deployed(arguments), endpoint), variables_for(endpoint))


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
    endpoint = endpoint_of(arguments)
    command = commands.sign_in(arguments.user, arguments.kind, outputs, endpoint)
    hand_over(command, variables_for(endpoint) | variables.password())


def bench(arguments: argparse.Namespace) -> None:
    """Run the benchmarks, or one part of them; what they compare with is installed beside."""
    *others, last = commands.BENCHMARKS
    if arguments.part not in ("", *commands.BENCHMARKS):
        raise StepError(f"PART={arguments.part} is no benchmark: choose {', '.join(others)} or {last}")
    with step("tools in .venv, and sam in its own") as note:
        note("installed" if tools.install("dev", "sam") else "up to date")
    hand_over(commands.bench(arguments.part), variables.for_downloads())


def lock(arguments: argparse.Namespace) -> None:
    """Lock the packages of a function, a layer, or everything."""
    lock_files(tools.uv(), arguments.function, arguments.layer, upgrade=arguments.upgrade)


def _deployed(arguments: argparse.Namespace) -> dict[str, Any]:
    deployment.require_cloud(arguments)
    return deployment.fetch_outputs(arguments)


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
    "lock": lock,
    "test": suite.test,
    "e2e": suite.e2e,
}

LOCAL_COMMANDS = {
    "up": "to deploy {env}, `make apply ENV={env}`",
    "down": "leave ENV out",
    "logs": "the runbook says where the logs of {env} are",
    "test": "to test {env} end to end, `make e2e ENV={env}`",
    "bench": "leave ENV out",
    "lock": "leave ENV out",
}
"""Those that never leave this machine, and what to do for another environment."""

ANY_PORT_COMMANDS = {"up", "test", "bench", "lock"}
"""Those that are not about the system that runs; `up` has more to say of another port."""


def main() -> int:
    """Run a command; its errors take a few lines and no traceback."""
    parser = argparse.ArgumentParser(prog="python3 -m tasks", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--env", default="local", help="an environment of terraform/environments")
    parser.add_argument("--port", default="", help="of the local cloud (default: of what runs, or 4566)")
    parser.add_argument("--canary-percent", help="what the new versions get of the REST API's calls")
    parser.add_argument("--name", default="", help="of the partner")
    parser.add_argument("--user", default="", help="e-mail address of who signs in")
    parser.add_argument("--kind", default="id", help="of the token: id or access")
    parser.add_argument(
        "--part", default="", help="of the benchmarks: build, coldstart or soak (default: all)"
    )
    parser.add_argument("--function", default="", help="whose packages to lock")
    parser.add_argument("--layer", default="", help="whose packages to lock")
    parser.add_argument("--upgrade", action="store_true", help="lock the newest versions")
    parser.add_argument("--auto-approve", default="", help="yes: apply without asking")
    arguments = parser.parse_args()
    try:
        with children.ending_with_this():
            _check(arguments)
            COMMANDS[arguments.command](arguments)
    except StepError as error:
        report(error)
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(f"error: {where}{error.strerror or error}", error=True)
        return 1
    except children.Interrupted as error:
        say(f"stopped by {error.signal.name}; running it again goes on, or starts afresh", error=True)
        return 128 + error.signal
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Look at the inputs of a command before it touches anything, and find the port that it is about.

    Raises:
        StepError: An input is wrong.
    """
    if arguments.env != "local" and arguments.command in LOCAL_COMMANDS:
        raise StepError(
            f"`make {arguments.command}` is for the local cloud alone, not for ENV={arguments.env}",
            LOCAL_COMMANDS[arguments.command].format(env=arguments.env),
        )
    environment_root(arguments.env)
    if arguments.canary_percent is not None:
        releases.require_percent(arguments.canary_percent)
    asked, running = _port(arguments.port), running_port(FOLDER)
    if asked and running and asked != running and arguments.command not in ANY_PORT_COMMANDS:
        raise StepError(f"this checkout's system runs on port {running}, not on {asked}", "leave PORT out")
    arguments.port = asked or running or DEFAULT_PORT


def _port(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= MAX_PORT):
        raise StepError(f"PORT={text} is no port: take a number from 1 to {MAX_PORT}, such as {DEFAULT_PORT}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
