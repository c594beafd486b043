"""Amazon Cognito identity pools: credentials of AWS for guests and for who has signed in."""
