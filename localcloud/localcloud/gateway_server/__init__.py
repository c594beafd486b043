"""The server in front of LocalStack's gateway: what it listens on, and which Hosts it serves."""
