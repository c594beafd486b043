"""What CloudFront keeps: distributions, policies and origin access controls, as botocore's model shapes them.

Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Operations.html

All kinds have the same seven operations, and an ETag that an update or a deletion has to name. moto keeps
distributions too, but forgets their functions and error pages.

Left out: pages of lists; the accounts share what there is.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from localstack.aws.api import CommonServiceException

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def short_id() -> str:
    """A new id such as `E2QWRUHAPOMQZL`."""
    return "E" + "".join(secrets.choice(_ALPHABET) for _ in range(13))


def refused(code: str, message: str, status: int = 400) -> CommonServiceException:
    """An error of the API, to raise."""
    return CommonServiceException(code, message, status, sender_fault=True)


class Kind:
    """Resources of one kind.

    Args:
        name: In the model's names, such as `CachePolicy`.
        plural: The same, of `List...`.
        managed: The configurations of those that AWS has made, by their ids.
        make_id: Gives each its id.
    """

    def __init__(
        self,
        name: str,
        plural: str,
        managed: Mapping[str, Mapping[str, Any]],
        make_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        self._name, self._plural, self._make_id, self._config = name, plural, make_id, f"{name}Config"
        self._managed = {identifier: self._made(identifier, config) for identifier, config in managed.items()}
        self.kept: dict[str, dict[str, Any]] = {}
        self.users: list[Kind] = []
        """Kinds whose resources name those of this one, which can then not be deleted."""

    def find(self, identifier: str) -> dict[str, Any]:
        """One with its id, configuration and ETag.

        Raises:
            CommonServiceException: NoSuch...
        """
        found = self._managed.get(identifier) or self.kept.get(identifier)
        if found is None:
            raise refused(f"NoSuch{self._name}", f"The {self._name} does not exist: {identifier}.", 404)
        return found

    def config(self, identifier: str) -> dict[str, Any]:
        """The configuration of one."""
        found: dict[str, Any] = self.find(identifier)[self._config]
        return found

    def create(self, request: Any) -> dict[str, Any]:
        """Create one."""
        self._check_name(request[self._config])
        made = self._made(self._make_id(), request[self._config])
        self.kept[made["Id"]] = made
        return self._shown(made)

    def get(self, request: Any) -> dict[str, Any]:
        """Tell of one, or of its configuration."""
        return self._shown(self.find(request["Id"]))

    def update(self, request: Any) -> dict[str, Any]:
        """Replace the configuration of one."""
        found = self.matched(request)
        self._check_name(request[self._config], found["Id"])
        found |= self._made(found["Id"], request[self._config])
        return self._shown(found)

    def delete(self, request: Any) -> dict[str, Any]:
        """Delete one that nothing uses."""
        identifier = self.matched(request)["Id"]
        if any(identifier in str(each) for user in self.users for each in user.kept.values()):
            raise refused(f"{self._name}InUse", f"The {self._name} {identifier} is in use.", 409)
        return self.kept.pop(identifier)

    def list_all(self, request: Any) -> dict[str, Any]:
        """List all, AWS's own first, on one page."""
        kinds = {"managed": self._managed, "custom": self.kept}
        items = [
            {"Type": kind, self._name: each, **each, **each[self._config]}
            for kind, resources in kinds.items()
            for each in list(resources.values())
            if request.get("Type") in (None, kind)
        ]
        listed = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(items), "Items": items}
        return {f"{self._name}List": listed}

    def matched(self, request: Any) -> dict[str, Any]:
        """What a request is to change.

        Raises:
            CommonServiceException: It does not name the current ETag, or the resource is AWS's own.
        """
        found = self.find(request["Id"])
        if found["Id"] in self._managed:
            raise refused("AccessDenied", f"The {self._name} is AWS's own.", 403)
        if not request.get("IfMatch"):
            raise refused("InvalidIfMatchVersion", "The If-Match version is missing or not valid.")
        if request["IfMatch"] != found["ETag"]:
            raise refused("PreconditionFailed", "The If-Match version does not match the resource.", 412)
        return found

    def operations(self) -> dict[str, Callable[[Any], Mapping[str, Any]]]:
        """What each operation of this kind does with a request."""
        return {
            f"Create{self._name}": self.create,
            f"Get{self._name}": self.get,
            f"Get{self._name}Config": self.get,
            f"Update{self._name}": self.update,
            f"Delete{self._name}": self.delete,
            f"List{self._plural}": self.list_all,
        }

    def _check_name(self, config: Any, own: str = "") -> None:
        name = config.get("Name")
        if name and any(each[self._config]["Name"] == name for key, each in self.kept.items() if key != own):
            raise refused(f"{self._name}AlreadyExists", f"A {self._name} named {name} exists already.", 409)

    def _made(self, identifier: str, config: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {"Id": identifier, self._config: config, "ETag": short_id(), "LastModifiedTime": now}

    def _shown(self, found: dict[str, Any]) -> dict[str, Any]:
        location = f"/2020-05-31/{self._name}/{found['Id']}"
        return {
            self._name: found,
            self._config: found[self._config],
            "ETag": found["ETag"],
            "Location": location,
        }
