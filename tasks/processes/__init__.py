"""The processes that a command starts, the steps it shows, and the lock that it holds."""
