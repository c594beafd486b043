"""Signature Version 4 and IAM policies, for the routes that want them."""
