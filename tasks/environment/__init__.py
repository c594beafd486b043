"""What a command works on: an environment, its Terraform, its tools, and the local cloud."""
