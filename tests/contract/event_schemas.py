"""The events' published schemas: `<version>/<type>.json` in `schemas/` of the room `messaging`.

Each stands alone, and Terraform registers the newest. The folders are the versions that consumers read, so
what was published stays as it is: `make contract` adds files, and never writes another content into one.
"""

import json
from typing import Any

from contract.rendering import SYSTEM
from dragons.events import TYPES
from dragons.schemas import event_schema

PATH = SYSTEM / "messaging" / "schemas"
REMEDY = (
    "add the next version to the `version` of every schema in shared/dragons/schemas/events, and run "
    "`make contract`: docs/evolving_the_schema.md. If no environment has version {version} yet, "
    "delete its folder in terraform/system/messaging/schemas instead, and run it"
)


def versions(detail_type: str) -> list[int]:
    """The versions of an event that consumers read, by its schema."""
    read: list[int] = event_schema(detail_type)["properties"]["version"]["enum"]
    return read


def newest() -> int:
    """The version that the schemas have now."""
    return max(version for detail_type in TYPES for version in versions(detail_type))


def current() -> dict[str, str]:
    """The schemas as the files of the newest version have to hold them, by detail type."""
    return {name: json.dumps(event_schema(name), indent=2, ensure_ascii=False) + "\n" for name in TYPES}


def published(version: int) -> dict[str, str]:
    """The schemas of a version as its files hold them, by detail type."""
    return {path.stem: path.read_text(encoding="utf-8") for path in (PATH / str(version)).glob("*.json")}


def history() -> list[dict[str, dict[str, Any]]]:
    """The schemas of each published version, oldest first."""
    found = sorted(int(folder.name) for folder in PATH.iterdir())
    return [{name: json.loads(text) for name, text in published(version).items()} for version in found]


def changed() -> list[str]:
    """The detail types whose published schema is another than the current one."""
    there, now = published(newest()), current()
    return sorted(name for name in there if there[name] != now.get(name))


def publish() -> None:
    """Write the files of the newest version that are not there.

    Raises:
        SystemExit: One that is there has another content.
    """
    if found := changed():
        raise SystemExit(f"error: {', '.join(found)} changed: {REMEDY.format(version=newest())}")
    folder = PATH / str(newest())
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in current().items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
