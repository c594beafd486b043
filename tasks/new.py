"""`make new`: a function's folder, its block in Terraform, its test, its smoke event, and a route."""

import argparse
import keyword
import re
from pathlib import Path

from tasks.code import new_function
from tasks.environment.environment import Environment
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError, say

LOCAL_ONLY = "leave ENV out: every environment gets the function"
ANY_PORT = True

BLOCKS = Path("terraform/system/functions.tf")
ROUTES = Path("terraform/system/routes.tf")
_END_OF_ROUTES = "  }\n}\n"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
_ROUTE = re.compile(
    r"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|ANY) (/|(/([A-Za-z0-9._~-]+|\{\w+\}))+(/\{\w+\+\})?|/\{\w+\+\})"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the function's name and its route."""
    parser.add_argument("--function", default="", help="its name")
    parser.add_argument("--route", default="", help='of the HTTP API, such as "GET /hello" (default: none)')


def run(_environment: Environment, arguments: argparse.Namespace) -> None:
    """Write the function, and say what to do next.

    Raises:
        StepError: The name or the route is not one, or there is something of that name.
    """
    name, route = arguments.function, arguments.route
    for path in write(ROOT, name, route):
        say(f"wrote {path}")
    where = f", and {route} of the HTTP API by an access token" if route else ""
    event = f"tests/fixtures/events/smoke/{name}.json"
    say(f"next:  `make up`, then `make invoke FUNCTION={name} EVENT={event}`{where}")


def write(root: Path, name: str, route: str = "") -> list[Path]:
    """Write a function's files into a repository.

    Args:
        root: The repository's folder.
        name: The function's.
        route: A method and a path of the HTTP API, such as `GET /hello`; may be empty.

    Returns:
        What was written, relative to the repository's folder.

    Raises:
        StepError: The name or the route is not one, or there is something of that name.
    """
    _check(name, route)
    templates = new_function.ROUTE if route else new_function.ANY_EVENT
    files = {
        Path("functions", name, "handler.py"): templates.handler,
        Path("tests/unit/functions", f"test_{name}.py"): templates.test,
        Path("tests/fixtures/events/smoke", f"{name}.json"): templates.smoke,
    }
    blocks = (root / BLOCKS).read_text(encoding="utf-8")
    there = [path for path in [Path("functions", name), *files] if (root / path).exists()]
    if there or f'module "{name}"' in blocks:
        raise StepError(f"{there[0] if there else BLOCKS} is there already", "choose another name")
    words = {"name": name, "sentence": name.replace("_", " ").capitalize(), "route": route}
    changed = {BLOCKS: blocks + new_function.BLOCK.format(**words)}
    if route:
        changed[ROUTES] = _with_route(root, words)
    made = {path: text.format(**words) for path, text in files.items()}
    for path, text in (made | changed).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return [*made, *changed]


def _check(name: str, route: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise StepError(
            f"FUNCTION={name} is not a name of a function",
            "take 2 to 40 lower-case letters, digits and underscores, such as FUNCTION=count_dragons",
        )
    if route and not _ROUTE.fullmatch(route):
        raise StepError(
            f"ROUTE={route} is not a route",
            'write a method and a path, such as ROUTE="GET /hello" or ROUTE="GET /dragons/{name}"',
        )


def _with_route(root: Path, words: dict[str, str]) -> str:
    routes = (root / ROUTES).read_text(encoding="utf-8")
    if f'"{words["route"]}" =' in routes:
        raise StepError(f"{ROUTES} has {words['route']} already", "choose another route")
    if not routes.endswith(_END_OF_ROUTES):
        raise StepError(
            f"{ROUTES} does not end with the map of routes", "move what follows it to another file"
        )
    return routes.removesuffix(_END_OF_ROUTES) + new_function.ROUTE_ENTRY.format(**words) + _END_OF_ROUTES
