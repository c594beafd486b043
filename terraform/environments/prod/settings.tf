# What differs between environments, besides the provider and the backend.
locals {
  environment = "prod"
  region      = "us-east-1"
  # The twelve digits of its account: put yours here. Terraform acts in no other.
  account_id = ""

  allowed_origins        = ["https://dragons.example"] # the site's own origin: put yours here
  protect_data           = true
  kms_encryption         = false # the tables' key is AWS's own; true: the account's, which is charged
  dataset_history_days   = 30
  artifacts_history_days = 7
  events_archive_days    = 365 # for which events can be told again
  query_engine           = "scan"
  largest_scan           = 200000 # dragons; in a larger registry, a query names a family or a name
  athena                 = null   # the dataset as tables, charged by the bytes that queries read: { bytes_per_query = 1000000000, result_days = 1 }
  log_retention_days     = 365

  halted                  = [] # functions that are stopped, such as "list_dragons"; `make halt` needs no entry here
  reserved_concurrency    = {} # by function, invocations at once that are its own: { list_dragons = 50 }
  provisioned_concurrency = {} # by function, charged by the hour; such as { list_dragons = { minimum = 1, maximum = 5, utilization = 0.7 } }

  # Encrypts functions' variables and secrets, for 1 USD a month; null: Lambda's own key, for free.
  customer_key = { deletion_days = 30 }

  review_new_families   = true # reports of families that are new wait for a reviewer
  review_deadline_hours = 72   # after which they are refused

  workflow_logging = {} # by type: standard = "OFF", express = "ERROR" unless told

  text_messages = "off" # or "confirmed" or "any": see "Text messages" in docs/runbook.md first
  texts_per_day = 10    # a reporter

  compaction = { schedule = "cron(0 3 * * ? *)" } # in UTC

  imports = { max_lines = 100000, history_days = 30, work_days = 7 } # each line is an execution, and charged

  jobs = {} # what run_job runs jobs by: none; such as { batch = { image = \"...\" } }, see docs/integrations.md

  webhooks             = {}          # partners: { word = { url = "https://...", families = ["red"] } }; see docs/webhooks.md
  rangers              = var.rangers # phones that have a text for each new dragon, unless text_messages is off
  delivery_log_percent = 100         # of what the topic has delivered; what it could not always is logged

  throttling                 = { rate = 100, burst = 200 }
  method_throttling          = { "POST /dragons" = { rate = 20, burst = 40 }, "GET /dragons/summary" = { rate = 10, burst = 20 } } # each starts an execution
  partner_throttling         = { rate = 10, burst = 20 }
  data_trace                 = false
  detailed_metrics           = false # of each method and route; charged as custom metrics
  manage_api_gateway_account = false # terraform/account has that role, for all environments of the account

  jwt_authorizer        = null                                                       # the user pool's tokens; or another issuer's: { issuer = "https://...", audience = ["..."] }
  route_throttling      = { "POST /webhooks/sightings" = { rate = 10, burst = 20 } } # anybody may send there
  partners_upstream_url = null                                                       # https://... makes the route /partners/... of the HTTP API

  # The site's own domain: aliases = ["..."], certificate_arn = "arn:aws:acm:us-east-1:..."; see docs/deploy.md.
  edge = { skip_destroy = true } # AWS deletes no function of the edge that has replicas, so `make destroy` leaves them

  sign_in = {
    callback_urls = ["https://dragons.example/callback"]
    logout_urls   = ["https://dragons.example/"]
  }
  email_domains = { refused = ["mailinator.com"] }
  email         = null # Cognito's own sender, 50 mails a day; or SES: { identity_arn = "arn:aws:ses:...", from = "...", reply_to = "..." }

  url_formats = {} # AWS's own
}
