module "dragons" {
  source    = "../../system"
  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }

  environment            = local.environment
  region                 = local.region
  repository_root        = var.repository_root
  allowed_origins        = local.allowed_origins
  protect_data           = local.protect_data
  kms_encryption         = local.kms_encryption
  customer_key           = local.customer_key
  dataset_history_days   = local.dataset_history_days
  artifacts_history_days = local.artifacts_history_days
  events_archive_days    = local.events_archive_days
  query_engine           = local.query_engine
  largest_scan           = local.largest_scan
  athena                 = local.athena
  log_retention_days     = local.log_retention_days

  halted                  = local.halted
  reserved_concurrency    = local.reserved_concurrency
  provisioned_concurrency = local.provisioned_concurrency

  workflow_logging = local.workflow_logging

  text_messages = local.text_messages
  texts_per_day = local.texts_per_day

  review_new_families   = local.review_new_families
  review_deadline_hours = local.review_deadline_hours

  compaction = local.compaction
  imports    = local.imports
  jobs       = local.jobs

  webhooks             = local.webhooks
  rangers              = local.rangers
  delivery_log_percent = local.delivery_log_percent

  throttling                 = local.throttling
  method_throttling          = local.method_throttling
  partner_throttling         = local.partner_throttling
  data_trace                 = local.data_trace
  detailed_metrics           = local.detailed_metrics
  manage_api_gateway_account = local.manage_api_gateway_account

  jwt_authorizer        = local.jwt_authorizer
  route_throttling      = local.route_throttling
  partners_upstream_url = local.partners_upstream_url

  edge = local.edge

  sign_in                = local.sign_in
  email_domains          = local.email_domains
  email                  = local.email
  oidc_identity_provider = var.oidc_identity_provider
  url_formats            = local.url_formats
}
