# What differs between environments, besides the provider and the backend.
locals {
  environment = "local"
  region      = "us-east-1"
  account_id  = "000000000000" # the local cloud's

  allowed_origins        = [var.endpoint, "http://localhost:3000"]
  protect_data           = false
  kms_encryption         = false # the tables' key is AWS's own; true: the account's, which is charged
  dataset_history_days   = null  # the local cloud forgets everything anyway, and the provider takes a minute for such a rule
  artifacts_history_days = null  # likewise
  events_archive_days    = 30    # for which events can be told again
  query_engine           = "scan"
  largest_scan           = 200000 # dragons; in a larger registry, a query names a family or a name
  athena                 = {}     # it costs nothing here; no result_days: see dataset_history_days
  log_retention_days     = 1

  halted                  = [] # functions that are stopped, such as "list_dragons"; `make halt` needs no entry here
  reserved_concurrency    = {} # by function, invocations at once that are its own: { list_dragons = 50 }
  provisioned_concurrency = {}

  # Encrypts functions' variables and secrets, for 1 USD a month; null: Lambda's own key, for free.
  customer_key = { deletion_days = 7 }

  review_new_families   = true # reports of families that are new wait for a reviewer
  review_deadline_hours = 72   # after which they are refused

  workflow_logging = {} # by type: standard = "OFF", express = "ERROR" unless told

  text_messages = "any"  # the local cloud sends none
  texts_per_day = 100000 # what tests and benchmarks need

  compaction = { settled_hours = 0 } # tests cannot wait for a day

  imports = {
    max_concurrency = 16   # lines at once
    max_lines       = 5000 # of a file; no days: see dataset_history_days
  }

  # Images are not pulled there: one that is a folder is where the job's command runs, by the project's own Python.
  of_jobs = { PATH = "${abspath(var.repository_root)}/.venv/bin:/usr/local/bin:/usr/bin:/bin" }
  jobs = {
    batch         = { image = abspath(var.repository_root), variables = local.of_jobs }
    ecs           = { image = "none", variables = local.of_jobs }
    glue          = { script = "s3://dragons-local-000000000000-imports-work/jobs/job.py", max_concurrent_runs = 10 }
    sagemaker     = { image = "none", output = "s3://dragons-local-000000000000-imports-work/models" }
    emr           = { clusters = ["*"] }
    codebuild     = { buildspec = jsonencode({ version = "0.2", phases = { build = { commands = ["$COMMAND"] } } }) }
    state_machine = "report_dragon"
  }

  webhooks             = { own = { url = null, families = ["red"] } } # its own receiver
  rangers              = ["+12065550100"]                             # nobody's number
  delivery_log_percent = 0                                            # the local cloud makes a stream of each delivery

  throttling                 = { rate = 1000, burst = 2000 } # what tests and benchmarks need
  method_throttling          = {}
  partner_throttling         = { rate = 10, burst = 20 }
  data_trace                 = false
  detailed_metrics           = false # of each method and route; charged as custom metrics
  manage_api_gateway_account = true  # the local cloud is this environment's alone

  jwt_authorizer        = null # the user pool's tokens
  route_throttling      = {}
  partners_upstream_url = "${var.endpoint}/_localcloud/echo"

  edge = { access_logs = false, wait_for_deployment = false, skip_destroy = false } # what the local cloud has no use for

  sign_in = {
    callback_urls = ["http://localhost:3000/callback"]
    logout_urls   = ["http://localhost:3000/"]
    by_password   = true # so that tools can sign in
  }
  email_domains = { refused = ["mailinator.com"] }
  email         = null

  url_formats = {
    rest_api  = "${var.endpoint}/_aws/execute-api/%s/%s"
    http_api  = "${var.endpoint}/_aws/execute-api/%s"
    issuer    = "${var.endpoint}/%s"
    hosted_ui = "${var.endpoint}/_aws/cognito-idp/%s"
    site      = "http://%s"
    sns       = var.endpoint
  }
}
