"""Rollouts: which published version of each function and state machine serves, and how all change together.

Each has two aliases: `live`, which callers use, and `canary`, which a share of the REST API's calls
is sent to while a canary runs. Parameters say which versions they stand on, and Terraform puts them there:
`live` is the newest version unless a pin holds another. This package writes these parameters. On a promotion
and a rollback it also does at once what Terraform would do: a plan afterwards finds nothing to change.
"""
