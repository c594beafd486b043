provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = "dragons"
      Environment = local.environment
      ManagedBy   = "terraform"
    }
  }
}
