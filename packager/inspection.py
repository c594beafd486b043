"""What the target's own Python makes of sources: compiled code, and what they name.

Compiled code spares every cold start the work. It is made with the target's minor version, is used whatever
the source's time (PEP 552, unchecked hash), and knows its source by the path that it will have on Lambda. If
that Python is not here, the build goes on without.

An inspection depends on the sources and the Python alone: it is kept beside the wheels, as a zip of compiled
files whose comment says the rest.
"""

import hashlib
import json
import marshal
import os
import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from packager import interpreter
from packager.archive import read_archive, write_archive
from packager.artifact import Target
from packager.entry import Entry, stored
from packager.errors import BuildError

# Whatever changes an inspection though no source changed: count it up, and all are made anew.
FORMAT = 2

_SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inspect_sources.py")
_MARSHAL = 2  # which every Python reads


class Source(NamedTuple):
    """A source to inspect.

    Attributes:
        place: Where it goes in the zip.
        content: Its bytes.
        label: How messages name it.
    """

    place: str
    content: bytes
    label: str


class Sources(NamedTuple):
    """A set of sources.

    Attributes:
        files: What to inspect.
        describes: AWS services whose botocore descriptions lie beside them.
        ours: Whether they are our own, so that what is wrong with them is an error.
    """

    files: list[Source]
    describes: list[str]
    ours: bool


class Inspection(NamedTuple):
    """What became of the sources of one artifact, or of the wheels of one lock.

    Attributes:
        compiled: The `.pyc` files; none if the target's Python is not here.
        services: AWS services that the sources make clients of.
        unnamed: Where they make one whose name shows only when they run, as `file:line`.
        at_import: The sha256 (hex) of whatever runs when they are imported.
        later: The modules that functions of ours import when they run.
        handlers: The places of files that bind the name `handler`, or may.
        describes: AWS services whose botocore descriptions lie beside them.
        complete: Whether what was to be compiled is.
        others: Where sources of ours import what is not Python's own, as `file:line`, and its first name.
    """

    compiled: list[Entry]
    services: list[str]
    unnamed: list[str]
    at_import: str
    later: list[str]
    handlers: list[str]
    describes: list[str]
    complete: bool
    others: list[tuple[str, str]]


class Inspector:
    """Inspects sources with a target's Python, each set once.

    Attributes:
        python: The target's Python on this machine; None if there is none.
    """

    def __init__(self, target: Target, cache: str) -> None:
        self._target = target
        self._cache = cache

    @cached_property
    def python(self) -> str | None:
        """Its path, searched for when first wanted."""
        return interpreter.find(self._target.python, self._cache)

    def inspect(self, digest: str, mount: str, read: Callable[[], Sources]) -> Inspection:
        """Inspect sources, unless that was done before.

        Args:
            digest: What changes whenever one of them does.
            mount: Where Lambda unpacks the zip.
            read: Reads them.

        Raises:
            BuildError: One of ours does not compile.
        """
        parts = f"{FORMAT} {self._target.python} {mount} {digest}"
        kept = f"{self._cache}/{hashlib.sha256(parts.encode()).hexdigest()}.zip"
        if (known := _read(kept)) is not None:
            return known
        made = self._run(read(), mount)
        if self.python:
            _keep(kept, made)
        return made

    def _run(self, sources: Sources, mount: str) -> Inspection:
        python = self.python
        job = (python is not None, [(source.content, mount + source.place) for source in sources.files])
        command = [python or sys.executable, "-I", "-S", "-B", _SCRIPT]
        answer = _ask(command, marshal.dumps(job, _MARSHAL))
        findings = list(zip(sources.files, marshal.loads(answer), strict=True))  # noqa: S302 - our script's
        if sources.ours and self._judges:
            problems = [f"{source.label}: {found[1]}; correct it" for source, found in findings if found[1]]
            if problems:
                raise BuildError(*problems)
        return Inspection(
            [
                stored(self._pyc(each.place), found[0], False, each.label)
                for each, found in findings
                if found[0]
            ],
            sorted({name for _, found in findings for name in found[2]}),
            [f"{each.label}:{line}" for each, found in findings for line in found[3] if sources.ours],
            _digest([(each.place, found[4]) for each, found in findings if sources.ours]),
            sorted({name for _, found in findings for name in found[5] if sources.ours}),
            [each.place for each, found in findings if sources.ours and (found[6] or found[1])],
            sources.describes,
            python is not None,
            [
                (f"{each.label}:{line}", name)
                for each, found in findings
                for line, name in found[7]
                if sources.ours
            ],
        )

    @property
    def _judges(self) -> bool:
        """Whether what does not compile is wrong: it may be newer than the only Python at hand."""
        wanted = tuple(map(int, self._target.python.split(".")))
        return self.python is not None or sys.version_info >= wanted

    def _pyc(self, place: str) -> str:
        folder, _, name = place.rpartition("/")
        tag = f"cpython-{self._target.python.replace('.', '')}"
        return f"{folder}/__pycache__/{name.removesuffix('.py')}.{tag}.pyc".lstrip("/")


def _ask(command: list[str], question: bytes) -> bytes:
    """What a command answers on its standard output to a question on its standard input.

    The command has to read all before it writes. `subprocess` would do, and takes as long to import as the
    command takes to run.

    Raises:
        BuildError: The command failed, and has said why.
    """
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    into = [(os.POSIX_SPAWN_DUP2, theirs_in, 0), (os.POSIX_SPAWN_DUP2, theirs_out, 1)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=into)
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        with open(ours_in, "rb") as answer, open(ours_out, "wb") as asked:
            asked.write(question)
            asked.close()
            return answer.read()
    finally:
        _, status = os.waitpid(child, 0)
        if status:
            raise BuildError(f"{command[0]}: it failed on {_SCRIPT}; see above")


def _read(path: str) -> Inspection | None:
    try:
        compiled, comment = read_archive(path)
        return Inspection(compiled, *json.loads(comment))
    except (OSError, BuildError, ValueError, TypeError):
        return None


def _keep(path: str, made: Inspection) -> None:
    partial = f"{path}.{os.getpid()}"
    write_archive(partial, made.compiled, "compiled code", json.dumps(made[1:]).encode())
    os.replace(partial, path)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
