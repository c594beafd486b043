"""What LocalStack's REST API gateway does other than AWS's, one module a correction."""
