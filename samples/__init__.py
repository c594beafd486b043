"""The sample dragons, and how they get into the table."""
