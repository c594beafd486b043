terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Exactly what the tests run on; modules say what they take. A state of version 6 is not read by version 5.
      version = "5.100.0"
    }
  }
}
