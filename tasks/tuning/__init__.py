"""A function at several memory sizes: how long it takes, what it costs, and what that suggests."""
