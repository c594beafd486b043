"""The functions that a target may name.

Callers reach a function by its alias `live`. One at CloudFront's edge has none: a distribution names a
version, which an apply alone publishes and puts there.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
"""

from collections.abc import Mapping

from tasks.processes.steps import StepError


def with_alias(functions: Mapping[str, str]) -> dict[str, str]:
    """The functions that callers reach by an alias, with their ARNs; not those at the edge."""
    return {name: arn for name, arn in functions.items() if not _is_at_edge(arn)}


def require_deployed(functions: Mapping[str, str], name: str) -> None:
    """Make sure that a function is deployed.

    Args:
        functions: The ARN that the outputs have of each function.
        name: Its folder's.

    Raises:
        StepError: It is not, or none is named.
    """
    if name not in functions:
        what = f"{name} is not a function that is deployed" if name else "<name> is missing"
        raise StepError(f"FUNCTION={what}", f"choose one of {', '.join(functions)}")


def require_alias(functions: Mapping[str, str], name: str) -> None:
    """Make sure that a function is deployed, and that callers reach it by an alias.

    Raises:
        StepError: It is not, or runs at the edge.
    """
    if name in functions and _is_at_edge(functions[name]):
        raise StepError(f"{name} runs at the edge", "`make apply` publishes it")
    require_deployed(with_alias(functions), name)


def _is_at_edge(arn: str) -> bool:
    """Whether an ARN of the outputs ends with a version, and not with `live`."""
    return arn.rpartition(":")[2].isdecimal()
