"""The functions and layers of a manifest as `sam build` wants them told.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-layers.html
"""

from collections.abc import Mapping
from typing import Any

Manifest = Mapping[str, Any]
"""`dist/manifest.json`, as `packager.dist.Record` describes it."""


def sam_template(manifest: Manifest) -> dict[str, Any]:
    """A SAM template; sources are in `functions/<name>` and `layers/<name>` beside it."""
    layers = {logical_id("layers", name): _layer(name, of) for name, of in manifest["layers"].items()}
    functions = {
        logical_id("functions", name): _function(name, record, [] if "edge" in record else list(layers))
        for name, record in manifest["functions"].items()
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": layers | functions,
    }


def logical_id(kind: str, name: str) -> str:
    """What the template calls an artifact, and `sam build` its folder: letters and digits alone."""
    return f"{name.title().replace('_', '')}{kind.title().removesuffix('s')}"


def _function(name: str, record: Mapping[str, Any], layers: list[str]) -> dict[str, Any]:
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "CodeUri": f"functions/{name}",
            "Handler": record["handler"],
            "Runtime": record["runtime"],
            "Architectures": [record["architecture"]],
            "Layers": [{"Ref": layer} for layer in layers],
        },
    }


def _layer(name: str, record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::Serverless::LayerVersion",
        "Metadata": {"BuildMethod": record["runtime"], "BuildArchitecture": record["architecture"]},
        "Properties": {
            "ContentUri": f"layers/{name}",
            "CompatibleRuntimes": [record["runtime"]],
            "CompatibleArchitectures": [record["architecture"]],
        },
    }
