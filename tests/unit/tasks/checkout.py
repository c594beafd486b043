"""A small checkout: the targets' own code, over stand-ins for the tools that it runs."""

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tasks.environment.cloud import free_port
from tasks.processes import listing as processes

ROOT = Path(__file__).parents[3]

LOCALSTACK = """
import http.server, os, sys
port = int(sys.argv[sys.argv.index("--port") + 1])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""

# As Terraform does: at the first signal it writes what is done into the state, at the second it just leaves;
# its provider ignores the terminal's signals, and stays if Terraform is killed.
TERRAFORM = """
import json, os, signal, subprocess, sys, time
folder = next(word for word in sys.argv if word.startswith("-chdir=")).removeprefix("-chdir=")
words = [word for word in sys.argv[1:] if not word.startswith("-chdir=")]
with open(os.environ["HOME"] + "/calls", "a") as calls:
    calls.write(json.dumps({"tool": "terraform", "words": words, "env": dict(os.environ)}) + "\\n")
asked = 0
def stop(*_):
    global asked
    asked += 1
    if asked > 1:
        os._exit(1)
    open(os.environ["HOME"] + "/asked", "w").close()
signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)
if words[0] == "output":
    print(open(folder + "/outputs.json").read())
if words[0] in ("plan", "apply"):
    ignoring = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)"
    provider = subprocess.Popen([sys.executable, "-c", ignoring, folder])
    signals = os.environ["HOME"] + "/signals"
    wanted, seconds = 1, 0.6
    if os.path.exists(signals):
        wanted, seconds = int(open(signals).read()), 60
        os.remove(signals)
    until = time.monotonic() + seconds
    while time.monotonic() < until and asked < wanted:
        time.sleep(0.02)
    if asked:
        time.sleep(1)
    provider.kill()
    if words[0] == "apply":
        new = not os.path.exists(folder + "/terraform.tfstate")
        with open(folder + "/terraform.tfstate", "w") as state:
            outputs = open(folder + "/outputs.json").read()
            state.write('{"version": 4, "outputs": %s}' % outputs)
        print("Apply complete!" if new else "No changes.")
    if "-refresh-only" in words:
        print("Note: Objects have changed outside of Terraform")
    for out in [word.removeprefix("-out=") for word in words if word.startswith("-out=")]:
        open(out, "w").close()
    sys.exit(1 if asked else 2 if "-detailed-exitcode" in words else 0)
time.sleep(0.1)
"""

BUILD = """
import json, os, sys, time
with open(os.environ["HOME"] + "/calls", "a") as calls:
    calls.write(json.dumps({"tool": "build.py", "words": sys.argv[1:], "env": dict(os.environ)}) + "\\n")
time.sleep(0.2)
print("0 built, 1 unchanged, in 0.00 s: dist/manifest.json")
"""

COMMAND = """
import json, os, sys, time
module = sys.argv[sys.argv.index("-m") + 1]
with open(os.environ["HOME"] + "/calls", "a") as calls:
    calls.write(json.dumps({"tool": module, "words": sys.argv[1:], "env": dict(os.environ)}) + "\\n")
time.sleep(0.2)
said = {"samples.load": "0 of 1 added", "tasks.publishing": "unchanged: release 0123456789ab is live"}
print(said.get(module, "0 aliases moved"))
"""

OUTPUTS = {
    "functions": {"list_dragons": "arn:aws:lambda:us-east-1:000000000000:function:list_dragons:live"},
    "canary_percent": 0,
    "dead_letter_queues": {},
    "event_bus": "dragons-local",
    "halted": {},
    "dragons_table": "dragons",
    "hosted_ui_url": "http://sign-in",
    "http_api_url": "http://http",
    "partners_table": "partners",
    "partners_usage_plan_id": "plan",
    "report_dragon_arn": "arn:aws:states:us-east-1:000000000000:stateMachine:report_dragon",
    "rest_api_url": "http://rest",
    "user_pool_client_id": "client",
    "user_pool_id": "us-east-1_1",
    "parameter_path": "/dragons/local",
    "pinned": {},
    "pinned_state_machines": {},
    "site": {
        "bucket": "dragons-site",
        "distribution_id": "E1A2B3C4D5E6F7",
        "parameter_path": "/dragons/local/site",
    },
    "site_url": "http://site",
    "state_machines": {},
    "queues": {},
    "rest_api_id": "a1b2c3",
    "rest_api_stage": "v1",
}


class Checkout:
    """A checkout in a folder, with a port of its own.

    Args:
        folder: Where it is made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.home = self.folder / "home"
        self.port = free_port()
        self.root = self.folder / "terraform" / "environments" / "local"
        for name in (
            "Makefile",
            "samples",
            "tasks",
            "packager",
            "requirements",
            "tests/fixtures/report.json",
        ):
            _copy(ROOT / name, self.folder / name)
        for name in ("pyproject.toml", "requirements.txt", "runtime.txt", "localcloud/echo.py"):
            _write(self.folder / "localcloud" / name, "# a stand-in\n")
        for environment in ("local", "dev", "prod"):
            made = self.folder / "terraform" / "environments" / environment
            made.mkdir(parents=True)
            values = {name: {"value": value} for name, value in OUTPUTS.items()}
            (made / "outputs.json").write_text(json.dumps(values))
            settings = (ROOT / made.relative_to(self.folder) / "settings.tf").read_text()
            (made / "settings.tf").write_text(settings.replace(".example", ".org"))
        (self.folder / "build.py").write_text(BUILD)
        self.home.mkdir()
        (self.folder / "functions").mkdir()
        _script(self.folder / "bin" / "terraform", f'exec {sys.executable} "$0.py" "$@"')
        (self.folder / "bin" / "terraform.py").write_text(TERRAFORM)
        self._install()

    def _install(self) -> None:
        local, plugin = self.folder / ".local", self.folder / "localcloud"
        for name, python, files in (
            (
                "localstack",
                local / "venvs/localstack",
                [plugin / "requirements.txt", plugin / "pyproject.toml"],
            ),
            ("lambda", local / "venvs/lambda", [plugin / "runtime.txt"]),
            ("dev", self.folder / ".venv", [self.folder / "requirements/dev.txt"]),
        ):
            stand_in = self.folder / f"{name}.py"
            stand_in.write_text(LOCALSTACK if name == "localstack" else COMMAND)
            _script(
                python / "bin" / "python",
                f'case "$*" in *"-m "*) exec {sys.executable} {stand_in} "$@";; esac\n'
                f'exec {sys.executable} "$@"',
            )
            content = b"".join(path.read_bytes() for path in files)
            (python / "lock.sha256").write_text(hashlib.sha256(content).hexdigest())

    def start(self, *words: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start `make` with some words, in a session of its own."""
        plain = {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "HOME": str(self.home)}
        return subprocess.Popen(
            ["make", *words],
            cwd=self.folder,
            env=plain | dict(env or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def apply_until(self, signals: int) -> None:
        """Let Terraform's next run last until so many signals have come; for a minute at most."""
        (self.home / "signals").write_text(str(signals))

    def make(self, *words: str, env: Mapping[str, str] | None = None, answer: str = "") -> tuple[int, str]:
        """Run `make` to its end: its exit code, and all that was printed."""
        process = self.start(*words, env=env)
        printed, _ = process.communicate(answer, timeout=60)
        return process.returncode, printed

    def calls(self) -> list[dict[str, Any]]:
        """What the tools were run with: `tool`, `words` and `env`."""
        where = self.home / "calls"
        return [json.loads(line) for line in where.read_text().splitlines()] if where.exists() else []

    def left(self) -> list[processes.Process]:
        """The processes of this checkout that live."""
        return [each for each in processes.living() if str(self.folder) in each.command]

    def launcher(self, make: int) -> int | None:
        """The process id of the launcher that a `make` runs, once it does."""
        found = [each.pid for each in processes.living() if each.parent == make and "tasks" in each.command]
        return found[0] if found else None

    def kill(self) -> None:
        """End whatever a failed test has left."""
        for each in self.left():
            os.kill(each.pid, signal.SIGKILL)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    else:
        shutil.copy(source, target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _script(path: Path, text: str) -> None:
    _write(path, f"#!/bin/sh\n{text}\n")
    path.chmod(stat.S_IRWXU)
