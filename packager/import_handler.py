"""Imports a handler as Lambda would: a script that the target's own Python runs, alone.

`python3.13 -I -S -B import_handler.py <task folder> <layers' folder> <module> [<module imported later> ...]`,
where no package of the machine is in reach. What is wrong is said on the standard output.

Only what would fail whatever the environment is a failure: a handler may well refuse to start without the
variables that Terraform gives it.
"""

import importlib.util
import os
import sys
from collections.abc import Callable


def problem_with(attempt: Callable[[str], object], name: str) -> str:
    """What is wrong with a module, whatever its environment; empty if nothing."""
    try:
        attempt(name)
    except ImportError as error:
        return f"cannot be imported: {error}"
    except (SyntaxError, NameError, AttributeError) as error:
        return f"cannot be imported: {type(error).__name__}: {error}"
    except Exception:  # noqa: S110 - what its environment lacks; the imports went well
        pass
    return ""


def find(name: str) -> None:
    """Look for a module without running it.

    Raises:
        ModuleNotFoundError: There is none of that name.
    """
    if importlib.util.find_spec(name) is None:
        raise ModuleNotFoundError(f"No module named {name!r}")


if __name__ == "__main__":
    answer = os.dup(1)
    os.dup2(2, 1)  # whatever else is printed
    task, layers, module, *later = sys.argv[1:]
    sys.path[:0] = [task, f"{layers}/python"]
    found = [problem_with(__import__, module), *(problem_with(find, name) for name in later)]
    os.write(answer, next(filter(None, found), "").encode())
