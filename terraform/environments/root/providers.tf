provider "aws" {
  region              = local.region
  allowed_account_ids = [coalesce(local.account_id, "none is named")] # an empty one would allow every account

  default_tags {
    tags = {
      Project     = "dragons"
      Environment = local.environment
      ManagedBy   = "terraform"
    }
  }
}

# CloudFront takes functions and logs from here alone, wherever the environment is.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [coalesce(local.account_id, "none is named")] # an empty one would allow every account

  default_tags {
    tags = {
      Project     = "dragons"
      Environment = local.environment
      ManagedBy   = "terraform"
    }
  }
}
