"""The one verifier of JSON Web Tokens, for every issuer and every API."""
