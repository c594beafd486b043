"""Runs the tests of a function that has packages of its own in its environment, and reports them here."""

import os
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from packager.errors import BuildError
from packager.pip_settings import neutral_environment
from support.own_packages import function_of, python_of

_INSIDE = "DRAGONS_TESTED_ELSEWHERE"  # set for the pytest that this one starts, which starts none
_PLUGINS = ("-p", "pytest_timeout", "-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider")


class Elsewhere(pytest.File):
    """A module of tests that another pytest runs."""

    results: dict[str, ET.Element] | None = None
    said = ""

    def collect(self) -> Iterable["ElsewhereTest"]:
        """Have the tests found in the function's environment."""
        code, said = self._pytest("--collect-only", "--quiet", str(self.path))
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            raise self.CollectError(said)
        prefix = f"{self.nodeid}::"
        names = [line.removeprefix(prefix) for line in said.splitlines() if line.startswith(prefix)]
        return [ElsewhereTest.from_parent(self, name=name) for name in names]

    def result_of(self, name: str) -> ET.Element | None:
        """The report of a test; the first that is wanted runs all that were selected."""
        if self.results is None:
            selected = [item.nodeid for item in self.session.items if item.parent is self]
            with tempfile.TemporaryDirectory() as temporary:
                report = Path(temporary, "report.xml")
                options = ("--quiet", "--override-ini=junit_logging=all", f"--junitxml={report}")
                _, self.said = self._pytest(*options, *selected)
                self.results = _read(report, self.nodeid) if report.is_file() else {}
        return self.results.get(name)

    def _pytest(self, *arguments: str) -> tuple[int, str]:
        try:
            function = function_of(self.path, self.config.rootpath)
            assert function is not None
            python = python_of(function)
        except BuildError as error:
            raise self.CollectError(str(error)) from error
        environment = {
            name: value
            for name, value in neutral_environment(os.environ).items()
            if not name.startswith(("PYTEST_XDIST", "PYTEST_CURRENT"))
        }
        # Of the plugins in .venv some may not take the versions that the function ships.
        environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", _INSIDE: "1"}
        done = subprocess.run(
            [python, "-m", "pytest", *_PLUGINS, *arguments],
            cwd=self.config.rootpath,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


class ElsewhereTest(pytest.Item):
    """One of its tests."""

    parent: Elsewhere

    def runtest(self) -> None:
        """Repeat what became of it."""
        result = self.parent.result_of(self.name)
        if result is None:
            raise ElsewhereError(self.parent.said)
        for skipped in result.iter("skipped"):
            pytest.skip(skipped.get("message", ""))
        wrong = [each for kind in ("failure", "error") for each in result.iter(kind)]
        if wrong:
            parts = [*wrong, *result.iter("system-out"), *result.iter("system-err")]
            raise ElsewhereError("\n".join(part.text or "" for part in parts))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """In the words of the pytest that ran it."""
        if isinstance(excinfo.value, ElsewhereError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where it is."""
        return self.path, None, self.name


class ElsewhereError(Exception):
    """A test failed; the words of its own report."""


def module_elsewhere(path: Path, parent: pytest.Collector) -> Elsewhere | None:
    """A collector for a module that this process is not to run; None for any other."""
    with suppress(BuildError):  # it says so itself when it is collected
        function = function_of(path, parent.config.rootpath)
        if function is None or function.is_here or _INSIDE in os.environ:
            return None
    return Elsewhere.from_parent(parent, path=path)


def _read(report: Path, module: str) -> dict[str, ET.Element]:
    """The reports by the tests' names; a class is in front of those of its own."""
    prefix = module.removesuffix(".py").replace("/", ".")
    found = {}
    for case in ET.parse(report).iter("testcase"):
        classes = case.get("classname", "").removeprefix(prefix).split(".")[1:]
        found["::".join([*classes, case.get("name", "")])] = case
    return found
