"""What runs in an environment's functions, and how it is replaced by what build.py made.

Callers use the alias `live`. So new code is published as a version, which then serves, and the release's log
notes it: what Terraform would do. Its next plan shows the code that it has not applied itself, and its apply
uploads the same.

Sources: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html, API_PublishVersion.html
and https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html (an update ends by itself).
"""

import base64
import json
import threading
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tasks.code.named import require_alias, with_alias
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError
from tasks.rollout.moves import Record
from tasks.rollout.parameters import ReleaseParameters

ALIASES = ("live", "canary")
TERRAFORM_NEXT = "the next apply uploads the same code"
"""What Terraform will do, which has not applied the code itself."""

_WAIT = {"Delay": 0.05, "MaxAttempts": 1200}

Manifest = Mapping[str, Mapping[str, Mapping[str, Any]]]


def read_manifest() -> Manifest:
    """What build.py made."""
    found: Manifest = json.loads((ROOT / "dist" / "manifest.json").read_text())
    return found


class DeployedCode:
    """The code of an environment's functions; what is known of it is read once.

    Args:
        client: A client of Lambda.
        parameters: The release's parameters.
        functions: The ARN of each function's `live` alias, by the name of its folder; those at the edge have
            none, and are left alone.
        qualifier: The alias or the version that what was built is compared with.

    Attributes:
        arns: The functions' own.
    """

    def __init__(
        self,
        client: Any,
        parameters: ReleaseParameters,
        functions: Mapping[str, str],
        qualifier: str = "live",
    ) -> None:
        self._client = client
        self._parameters = parameters
        self._qualifier = qualifier
        self._functions = functions
        self.arns = {name: arn.rpartition(":")[0] for name, arn in with_alias(functions).items()}
        self._code: dict[str, str] = {}
        self._layers: dict[str, list[str]] = {}
        self._layer_code: dict[str, str] = {}
        self._publishing = threading.Lock()

    def at(self, name: str, version: int) -> "DeployedCode":
        """The code of one function, compared with what a version has of it."""
        functions = {name: f"{self.arns[name]}:live"}
        return DeployedCode(self._client, self._parameters, functions, str(version))

    def require_known(self, name: str) -> None:
        """Make sure that a function is deployed.

        Raises:
            StepError: It is not, runs at the edge, or none is named.
        """
        require_alias(self._functions, name)

    def require(self, name: str) -> None:
        """Make sure that a function is deployed, and that nothing holds `live` where it is.

        Raises:
            StepError: It is not, or something does.
        """
        self.require_known(name)
        routing = self._parameters.read()
        if version := routing.pins.get(name):
            raise StepError(
                f"{name} is pinned at version {version}", "`make promote` lets the newest versions serve"
            )
        if shift := routing.shifts.get(name):
            raise StepError(
                f"{name} is held at version {shift.held} by a shift",
                f"`make shift FUNCTION={name}` goes on, `make promote` lets the newest versions serve",
            )

    def stale(self, manifest: Manifest) -> list[str]:
        """The functions whose code or layers are not those that were built."""
        return [name for name in self.arns if name in manifest["functions"] and self._differs(name, manifest)]

    def publish(self, name: str, manifest: Manifest) -> int:
        """Give a function the code and the layers that were built; no caller notices yet.

        Returns:
            The published version.
        """
        built = manifest["functions"][name]
        self._read(name)
        wanted = [self._layer(arn, manifest) for arn in self._layers[name]]
        if wanted != self._layers[name]:
            self._client.update_function_configuration(FunctionName=self.arns[name], Layers=wanted)
            self._wait(name)
            self._layers[name] = wanted
        if self._code[name] != _base64(built["sha256"]):
            self._upload(name, (ROOT / built["path"]).read_bytes())
            self._code[name] = _base64(built["sha256"])
        return int(self._client.publish_version(FunctionName=self.arns[name])["Version"])

    def serve(self, name: str, version: int) -> None:
        """Have a version serve."""
        log, _ = self._parameters.log(name)
        if log and log[-1].version != version:
            self._parameters.note(name, Record(log[-1].release, version))
        for alias in ALIASES:
            self._client.update_alias(
                FunctionName=self.arns[name], Name=alias, FunctionVersion=str(version), RoutingConfig={}
            )

    def take_back(self, name: str) -> int:
        """Make the newest version one of the code and the layers that serve.

        Returns:
            That version.
        """
        serving = self._client.get_function(FunctionName=self.arns[name], Qualifier="live")
        layers = [each["Arn"] for each in serving["Configuration"].get("Layers", [])]
        if layers != self._layers[name]:
            self._client.update_function_configuration(FunctionName=self.arns[name], Layers=layers)
            self._wait(name)
            self._layers[name] = layers
        self._upload(name, fetch(serving["Code"]["Location"]))
        self._code[name] = serving["Configuration"]["CodeSha256"]
        return int(self._client.publish_version(FunctionName=self.arns[name])["Version"])

    def _differs(self, name: str, manifest: Manifest) -> bool:
        self._read(name)
        layers = [self._layer_code[arn] for arn in self._layers[name]]
        built = [_base64(_of_layer(arn, manifest)["sha256"]) for arn in self._layers[name]]
        return layers != built or self._code[name] != _base64(manifest["functions"][name]["sha256"])

    def _read(self, name: str) -> None:
        if name in self._code:
            return
        found = self._client.get_function_configuration(
            FunctionName=self.arns[name], Qualifier=self._qualifier
        )
        self._code[name] = found["CodeSha256"]
        self._layers[name] = [each["Arn"] for each in found.get("Layers", [])]
        for arn in self._layers[name]:
            if arn not in self._layer_code:
                content = self._client.get_layer_version_by_arn(Arn=arn)["Content"]
                self._layer_code[arn] = content["CodeSha256"]

    def _layer(self, arn: str, manifest: Manifest) -> str:
        """The version of a layer that has the code that was built; it is published if there is none."""
        built = _of_layer(arn, manifest)
        digest, name = _base64(built["sha256"]), arn.rpartition(":")[0]
        with self._publishing:
            for known, code in self._layer_code.items():
                if known.rpartition(":")[0] == name and code == digest:
                    return known
            made = self._client.publish_layer_version(
                LayerName=name.rpartition(":")[2],
                Content={"ZipFile": (ROOT / built["path"]).read_bytes()},
                CompatibleRuntimes=[built["runtime"]],
                CompatibleArchitectures=[built["architecture"]],
            )
            version: str = made["LayerVersionArn"]
            self._layer_code[version] = digest
            return version

    def _upload(self, name: str, code: bytes) -> None:
        self._client.update_function_code(FunctionName=self.arns[name], ZipFile=code)
        self._wait(name)

    def _wait(self, name: str) -> None:
        waiter = self._client.get_waiter("function_updated")
        waiter.wait(FunctionName=self.arns[name], WaiterConfig=_WAIT)


def _of_layer(arn: str, manifest: Manifest) -> Mapping[str, Any]:
    """What was built for a layer, by its name: `arn:...:layer:<prefix>-<name>:<version>`.

    Raises:
        StepError: Nothing was.
    """
    layer = arn.split(":")[-2]
    for name, built in manifest["layers"].items():
        if layer.endswith(f"-{name}"):
            return built
    raise StepError(f"{layer} is not a layer of layers/", "`make apply` brings the layers up to date")


def fetch(location: str) -> bytes:
    """Get a zip from its `Code.Location`; the local cloud's names are this machine's, known or not."""
    parts = urlsplit(location)
    here = parts.netloc.partition(":")[0].endswith("localhost.localstack.cloud")
    url = parts._replace(netloc=f"127.0.0.1:{parts.port}").geturl() if here else location
    request = urllib.request.Request(url, headers={"Host": parts.netloc})  # noqa: S310 - Lambda's own
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
        zipped: bytes = response.read()
        return zipped


def _base64(digest: str) -> str:
    """Hexadecimal digits as Lambda's CodeSha256."""
    return base64.b64encode(bytes.fromhex(digest)).decode()
