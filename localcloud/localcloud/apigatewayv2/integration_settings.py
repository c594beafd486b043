"""What integrations of every type have: a time limit, and stage variables in their URI.

Source: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html
"""

import re
from collections.abc import Mapping
from typing import Any

from localcloud.apigatewayv2.invocation import Invocation

MAX_MILLISECONDS = 30_000

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([\w]+)\}")


def timeout_seconds(integration: Mapping[str, Any]) -> float:
    """How long an integration may take: its `timeoutInMillis`, 30 s at most."""
    chosen = integration.get("timeoutInMillis") or MAX_MILLISECONDS
    return float(min(chosen, MAX_MILLISECONDS) / 1000)


def substitute_stage_variables(uri: str, invocation: Invocation) -> str:
    """Put the stage's variables in place of `${stageVariables.x}`; one that is not set is empty."""
    return _STAGE_VARIABLE.sub(lambda match: invocation.stage_variables.get(match[1], ""), uri)
