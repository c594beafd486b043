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
