"""Releases: which published version of each function serves, and how all of them change together.

Every function has two aliases: `live`, which callers use, and `canary`, which a share of the REST API's calls
is sent to while a canary runs. Terraform creates them; only this package moves them.
"""
