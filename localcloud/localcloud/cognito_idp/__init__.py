"""Amazon Cognito user pools: moto keeps the pools and the users, the modules here sign them up and in."""
