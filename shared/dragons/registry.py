"""The registry as a whole: what all its dragons share in the table, and the tally that counts them all."""

ATTRIBUTE = "registry"
"""An attribute of every item in the table, no field of a dragon: the index by name has it for its key."""

VALUE = "dragons"
"""What it always is, so that all names are in one collection of the index, in order."""

ITEM = {ATTRIBUTE: {"S": VALUE}}
"""What whoever puts a dragon into the table adds to its item."""

TALLY = f"{ATTRIBUTE}#{VALUE}"
"""The tally of all dragons."""
