"""The stop switch: a function that is halted runs nothing, and what waits for it waits.

A parameter says so, `<path>/halted/<function>`, with what was there before. Terraform reads it, so that an
apply keeps the function halted. These commands also do at once what Terraform would: a plan afterwards finds
nothing to change.
"""
