"""Amazon Cognito identity pools: credentials of AWS for guests and signed-in users."""
