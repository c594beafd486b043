"""What an account on AWS has besides an environment: the bucket for Terraform's state, and who asks."""
