"""What makes LocalStack serve HTTP APIs, and gives moto the operations that it lacks."""

from localcloud.apigatewayv2 import data_plane, operations


def apply() -> None:
    """Put the handler into LocalStack's chain, and change moto's operations."""
    data_plane.apply()
    operations.apply()
