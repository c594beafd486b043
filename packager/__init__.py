"""Packages the folders of `functions/` and `layers/` as AWS Lambda takes them.

The same inputs always give the same bytes. `build.py` is the door. Before anything else, `unchanged` says
whether there is anything to do; `command` is the command line, `pipeline` the whole build. Its steps:
`parts` reads and inspects (`inputs`, `source_tree`, `lock`, `wheels`, `inspection`), `archive` zips (`entry`,
`wheel_content`, `service_data`), `import_check` tries what was zipped, `dist` puts it in place.

Imports that take longer than the work they are for wait until they are wanted, and paths are texts: `pathlib`
alone would be a third of a build that changes nothing.
"""
