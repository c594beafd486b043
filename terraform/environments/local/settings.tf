# What differs between environments, besides the provider and the backend.
locals {
  environment          = "local"
  allowed_origins      = [var.endpoint, "http://localhost:3000"]
  invoke_url_format    = "${var.endpoint}/_aws/execute-api/%s/%s"
  protect_data         = false
  dataset_history_days = null # the local cloud forgets everything anyway, and the provider takes a minute for such a rule
  query_engine         = "scan"
  log_retention_days   = 1

  throttling                 = { rate = 1000, burst = 2000 } # what tests and benchmarks need
  method_throttling          = {}
  partner_throttling         = { rate = 10, burst = 20 }
  data_trace                 = false
  manage_api_gateway_account = true # false where another stack of the account keeps that role
}
