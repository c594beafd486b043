# What differs between environments, besides the provider and the backend.
locals {
  environment          = "prod"
  allowed_origins      = ["https://dragons.example"] # the site's own origin: put yours here
  invoke_url_format    = null                        # AWS's own address
  protect_data         = true
  dataset_history_days = 30
  query_engine         = "scan"
  log_retention_days   = 365
}
