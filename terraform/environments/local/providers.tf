provider "aws" {
  region              = local.region
  allowed_account_ids = [coalesce(local.account_id, "none is named")] # an empty one would allow every account
  access_key          = "test"
  secret_key          = "test"

  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  # A local cloud that died is found out in seconds; the default of 25 attempts takes many minutes.
  max_retries = 3

  endpoints {
    apigateway      = var.endpoint
    apigatewayv2    = var.endpoint
    appautoscaling  = var.endpoint
    athena          = var.endpoint
    batch           = var.endpoint
    cloudfront      = var.endpoint
    codebuild       = var.endpoint
    cognitoidentity = var.endpoint
    cognitoidp      = var.endpoint
    dynamodb        = var.endpoint
    ec2             = var.endpoint
    ecs             = var.endpoint
    events          = var.endpoint
    glue            = var.endpoint
    iam             = var.endpoint
    kms             = var.endpoint
    lambda          = var.endpoint
    logs            = var.endpoint
    s3              = var.endpoint
    schemas         = var.endpoint
    sfn             = var.endpoint
    sns             = var.endpoint
    sqs             = var.endpoint
    ssm             = var.endpoint
    sts             = var.endpoint
  }

  default_tags {
    tags = {
      Project     = "dragons"
      Environment = local.environment
      ManagedBy   = "terraform"
    }
  }
}

# CloudFront takes functions and logs from here alone, wherever an environment is.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [coalesce(local.account_id, "none is named")]
  access_key          = "test"
  secret_key          = "test"

  skip_credentials_validation = true
  skip_metadata_api_check     = true
  max_retries                 = 3

  endpoints {
    lambda = var.endpoint
    logs   = var.endpoint
    sts    = var.endpoint
  }

  # The local cloud forgets those of log deliveries, which an environment that is rehearsed has: no plan would be clean.
  default_tags {
    tags = {}
  }
}
