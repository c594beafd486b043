"""Corrections of LocalStack's REST API gateway: one module, one step of a request."""
