"""What the next major version of the AWS provider takes, of the kinds of resources that we use.

Its schema is in a wheel of 70 MB, too much for every `make test`; what we need of it is kept beside this. A
kind that is new here, or a later version, is taken up by:

    pip download --no-deps --dest .local cdktn-provider-aws
    PYTHONPATH=tests:shared:. .venv/bin/python -m contract.provider_schema .local/cdktn_provider_aws-*.whl
"""

import ast
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contract.hcl_arguments import arguments
from contract.rendering import ROOT

PATH = Path(__file__).with_name("provider_6.json")
TERRAFORM = ROOT / "terraform"
_CDK = {"connection", "count", "depends_on", "for_each", "id_", "lifecycle", "provider", "provisioners"}


def used() -> dict[str, list[tuple[Path, set[str]]]]:
    """The arguments that our configuration gives, by kind, block by block, each with its file."""
    found: dict[str, list[tuple[Path, set[str]]]] = {}
    for path in sorted(TERRAFORM.rglob("*.tf")):
        if path.is_symlink() or ".terraform" in path.parts:
            continue
        for kind, blocks in arguments(path.read_text(encoding="utf-8")).items():
            if re.match(r"(data\.|provider\.)?aws(_|$)", kind):
                found.setdefault(kind, []).extend((path.relative_to(ROOT), block) for block in blocks)
    return found


def plain(path: str) -> str:
    """A path as both spell it: Python's names of the schema put underscores beside digits elsewhere."""
    return path.replace("_", "")


def extract(wheel: Path) -> dict[str, Any]:
    """What the wheel says of the kinds that we use: its provider's version, and what each takes."""
    with zipfile.ZipFile(wheel) as opened:
        readme = next(name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        version = re.search(r"aws provider version (\S+)", opened.read(readme).decode())
        assert version
        schemas = {}
        for kind in sorted(used()):
            folder = kind.removeprefix("aws_").replace("data.", "data_").replace("provider.aws", "provider")
            text = opened.read(f"cdktn_provider_aws/{folder}/__init__.py").decode()
            every = dict(_of_class(_classes(text), ""))
            schemas[kind] = {
                "required": sorted(path for path, needed in every.items() if needed),
                "optional": sorted(path for path, needed in every.items() if not needed),
            }
    return {"version": version[1], "schemas": schemas}


def _classes(text: str) -> dict[str, ast.FunctionDef]:
    """The constructors of a module's classes; the first that takes a scope is the resource's own."""
    found: dict[str, ast.FunctionDef] = {}
    for each in ast.parse(text).body:
        if isinstance(each, ast.ClassDef):
            for function in each.body:
                if isinstance(function, ast.FunctionDef) and function.name == "__init__":
                    found[each.name] = function
                    names = [argument.arg for argument in function.args.args]
                    if names[1:2] in (["scope"], ["scope_"]):  # where the resource has one, too
                        found.setdefault("", function)
    return found


def _of_class(classes: dict[str, ast.FunctionDef], name: str, path: str = "") -> Iterator[tuple[str, bool]]:
    """The paths of a class' arguments, and whether each is required where what it is in is given."""
    if path.count(".") > 6:  # some schemas hold themselves
        return
    of = classes[name].args
    for argument, default in zip(of.kwonlyargs, of.kw_defaults, strict=True):
        if not path and argument.arg in _CDK:
            continue
        yield path + argument.arg, default is None
        inner = re.findall(r"'(\w+)'|\b([A-Z]\w+)\b", ast.unparse(argument.annotation or argument))
        for below in {each for pair in inner for each in pair if each and each in classes}:
            yield from _of_class(classes, below, f"{path}{argument.arg}.")


if __name__ == "__main__":
    PATH.write_text(json.dumps(extract(Path(sys.argv[1])), indent=1) + "\n", encoding="utf-8")
