"""The endpoints of a user pool's domain (the hosted UI) and of its issuer."""
