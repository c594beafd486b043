"""What holds for every test."""

from hypothesis import settings

# How long an example takes says nothing where other checks run beside it.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
