"""The one verifier of JSON Web Tokens, whoever issued them and whichever API asks."""
