"""Packages the folders of `functions/` and `layers/` as AWS Lambda takes them.

The same inputs always give the same bytes. `build.py` is the door; the modules, in the order of the
pipeline:
`artefact` (which folders there are), `inputs` (what one is made of, checked), `wheels` (its locked
dependencies), `archive` (its zip), `dist` (the folder that holds the zips and their manifest).
"""
