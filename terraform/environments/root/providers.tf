provider "aws" {
  region = local.region

  default_tags {
    tags = {
      Project     = "dragons"
      Environment = local.environment
      ManagedBy   = "terraform"
    }
  }
}
