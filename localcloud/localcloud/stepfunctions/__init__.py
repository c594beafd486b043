"""Corrections of LocalStack's Step Functions, and what it need not do each time."""
