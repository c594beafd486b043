# The whole system, for one environment, in the order that a report takes through it. The functions, each by its
# folder's name, have their blocks in functions.tf; which of their versions serve is in releases.tf.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  prefix     = "dragons-${var.environment}"
  account_id = data.aws_caller_identity.current.account_id

  # What every room is told; each says in its variables which of it it reads.
  context = {
    prefix             = local.prefix
    parameter_path     = local.parameter_path
    account_id         = local.account_id
    region             = var.region
    log_retention_days = var.log_retention_days
    protect_data       = var.protect_data
    kms_encryption     = var.kms_encryption
    machines           = local.machines
  }

  manifest = jsondecode(file("${var.repository_root}/dist/manifest.json"))

  # The functions that callers call by an alias: all but what CloudFront runs.
  aliased = [for name, artifact in local.manifest.functions : name if !can(artifact.edge)]

  # Names what is deployed: it changes with any function or layer and with nothing else.
  release = substr(sha256(jsonencode([
    for artifact in concat(values(local.manifest.functions), values(local.manifest.layers)) : artifact.content_digest
  ])), 0, 12)
}

# --- What is deployed --------------------------------------------------------------------------------

# What build.py made goes through this bucket to Lambda, which keeps copies of its own.
module "artifacts" {
  source = "../modules/bucket"

  name            = "${local.prefix}-${local.account_id}-artifacts"
  force_destroy   = true
  noncurrent_days = var.artifacts_history_days
}

module "shared_layer" {
  source = "../modules/layer"

  name             = "shared"
  prefix           = local.prefix
  artifact         = local.manifest.layers.shared
  artifacts_bucket = module.artifacts.name
  repository_root  = var.repository_root
}

# What functions are told is encrypted with this key, and with Lambda's own where there is none.
module "encryption" {
  source = "../modules/encryption"
  count  = var.customer_key == null ? 0 : 1

  name          = local.prefix
  region        = var.region
  account_id    = local.account_id
  deletion_days = var.customer_key.deletion_days
  context       = { environment = var.environment, purpose = "configuration" }
}

locals {
  encryption = one([for key in module.encryption : { key_arn = key.key_arn, context = key.context }])
}

# --- Who may call ------------------------------------------------------------------------------------

# Who may report, one row a person. It stands before the user pool: a trigger of the pool's writes it.
module "reporters" {
  source = "../modules/table"

  name           = "${local.prefix}-reporters"
  key            = "sub"
  protect_data   = var.protect_data
  kms_encryption = var.kms_encryption
}

module "auth" {
  source = "./auth"

  context       = local.context
  domain_prefix = coalesce(var.sign_in.domain_prefix, "${local.prefix}-${local.account_id}")

  triggers = {
    pre_sign_up          = module.pre_sign_up
    post_confirmation    = module.post_confirmation
    pre_token_generation = module.pre_token_generation
  }

  callback_urls          = distinct(concat(["${module.edge.site_url}/callback"], var.sign_in.callback_urls))
  logout_urls            = distinct(concat(var.sign_in.logout_urls, ["${module.edge.site_url}/"]))
  password_sign_in       = var.sign_in.by_password
  oidc_identity_provider = var.oidc_identity_provider
  email                  = var.email
  issuer_url_format      = var.url_formats.issuer
  hosted_ui_url_format   = var.url_formats.hosted_ui
}

# Who may read the partners' list; the function authorize_partner looks them up. The table holds a token's hash,
# so that who reads it can use no token.
module "partners" {
  source = "../modules/table"

  name           = "${local.prefix}-partners"
  key            = "token_sha256"
  protect_data   = var.protect_data
  kms_encryption = var.kms_encryption
}

# The table was once a module's of its own.
moved {
  from = module.partners.aws_dynamodb_table.partners
  to   = module.partners.aws_dynamodb_table.this
}

# --- How a dragon is reported ------------------------------------------------------------------------

# The role that API Gateway writes logs with: one for the account. On AWS it is terraform/account's: environments that
# share an account would set it in turn, and the first to be destroyed would take the others' logs.
module "api_gateway_account" {
  source = "../modules/api_gateway_account"
  count  = var.manage_api_gateway_account ? 1 : 0

  prefix = local.prefix
}

# The REST API's methods, such as POST /dragons: API Gateway takes settings of any other, to no effect.
locals {
  methods = flatten([
    for path, item in yamldecode(file("${path.module}/rest_api/openapi.yaml.tftpl")).paths :
    [for method in keys(item) : "${upper(method)} ${path}"]
  ])
}

module "rest_api" {
  source = "./rest_api"

  context           = local.context
  invoke_url_format = coalesce(var.url_formats.rest_api, "https://%s.execute-api.${var.region}.amazonaws.com/%s")
  state_machines    = module.workflow.state_machines
  functions         = { list_dragons = module.list_dragons, authorize_partner = module.authorize_partner }
  user_pool_arn     = module.auth.user_pool_arn
  schemas_path      = "${var.repository_root}/shared/dragons/schemas"
  allowed_origins   = var.allowed_origins
  release           = local.release
  text_messages     = var.text_messages

  canary_percent     = local.canary_percent
  throttling         = var.throttling
  method_throttling  = var.method_throttling
  partner_throttling = var.partner_throttling
  data_trace         = var.data_trace
  detailed_metrics   = var.detailed_metrics

  # A stage cannot log before the account has a role for it.
  depends_on = [module.api_gateway_account]
}

# Takes a report: validates it, asks a reviewer where the family is new, records the dragon, and tells the reporter.
module "workflow" {
  source = "./workflows"

  context             = local.context
  validate_dragon_arn = module.validate_dragon.alias_arn
  table_name          = module.data.table_name
  table_arn           = module.data.table_arn
  family_index        = module.data.family_index
  event_bus           = module.messaging.bus
  logging             = var.workflow_logging
  text_messages       = var.text_messages
  texts_per_day       = var.texts_per_day

  tallies = { table = module.tallies.name, index = local.tallies_index, index_arn = module.tallies.index_arn }

  review_new_families        = var.review_new_families
  review_deadline_hours      = var.review_deadline_hours
  visibility_timeout_seconds = 6 * module.open_review.timeout_seconds
  renew_reviews              = module.renew_reviews
}

module "review_queue" {
  source = "../modules/queue_consumer"

  queue    = module.workflow.queues.open_review
  function = module.open_review
}

# Takes a file of reports.
module "imports" {
  source = "./imports"

  context       = local.context
  imports       = var.imports
  report_dragon = module.workflow.state_machines.report_dragon
  event_bus     = module.messaging.bus

  start_import      = module.start_import
  read_import_arn   = module.read_import.alias_arn
  finish_import_arn = module.finish_import.alias_arn
}

# Runs a job: such as preprocess, which cleans a file of reports before it is imported.
module "jobs" {
  source = "./jobs"

  context       = local.context
  jobs          = var.jobs
  state_machine = one([for name, machine in module.workflow.state_machines : machine if name == var.jobs.state_machine])
  import_bucket = module.imports.bucket
}

# --- Where dragons are kept --------------------------------------------------------------------------

# The table is the record of truth; its stream keeps the dataset, from which dragons are listed.
module "data" {
  source = "./data"

  context              = local.context
  dataset_history_days = var.dataset_history_days
  query_engine         = var.query_engine

  compaction          = var.compaction
  compact_family_arn  = module.compact_family.alias_arn
  rebuild_dataset_arn = module.rebuild_dataset.alias_arn
}

# The dataset as tables, where an environment asks for them.
module "athena" {
  source = "./athena"
  count  = var.athena == null ? 0 : 1

  context = local.context
  athena  = var.athena
  dataset = { bucket = module.data.dataset_bucket, bucket_arn = module.data.dataset_bucket_arn, prefix = module.data.dataset_prefix }
}

locals {
  dataset_objects = "${module.data.dataset_bucket_arn}/${module.data.dataset_prefix}*"

  # On the whole bucket: with a condition on the prefix, S3 would answer 403 and not 404 for an object that is gone.
  list_dataset = {
    sid       = "ListDataset"
    actions   = ["s3:ListBucket"]
    resources = [module.data.dataset_bucket_arn]
  }
}

module "dataset_stream" {
  source = "../modules/stream_consumer"

  # Not the function module's output: the dead-letter queue, slow to make, would wait for the function.
  name       = "${local.prefix}-write_dataset"
  function   = module.write_dataset
  stream_arn = module.data.stream_arn
  batch_size = 1000 # few and large: a list reads the objects one by one
}

# --- Who is told of dragons ---------------------------------------------------------------------------

module "messaging" {
  source = "./messaging"

  context      = local.context
  archive_days = var.events_archive_days

  visibility_timeouts = {
    keep_journal   = 6 * module.keep_journal.timeout_seconds
    tally_families = 6 * module.tally_families.timeout_seconds
  }

  webhooks             = var.webhooks
  receiver_url         = module.http_api.urls["POST /webhooks/sightings"]
  rangers              = var.rangers
  delivery_log_percent = var.delivery_log_percent
}

module "announcements" {
  source = "../modules/stream_consumer"

  name       = "${local.prefix}-announce_dragon"
  function   = module.announce_dragon
  stream_arn = module.data.stream_arn
}

# How many dragons each family and country has; and the events that it counts, for as long as they can come again. Those
# are the most of it, so the tallies have an index: who reads it reads and pays for nothing else.
module "tallies" {
  source = "../modules/table"

  name           = "${local.prefix}-tallies"
  key            = "tally"
  index          = { name = local.tallies_index, key = "kind", sort_key = "dragons", sort_key_type = "N", projection = "KEYS_ONLY" }
  expiry         = "forget_at"
  protect_data   = var.protect_data
  kms_encryption = var.kms_encryption
}

locals {
  tallies_index = "most_dragons"
}

module "tally_queue" {
  source = "../modules/queue_consumer"

  queue    = module.messaging.queues.tally_families
  function = module.tally_families
}

# What happened to each dragon, in order.
module "journal" {
  source = "../modules/table"

  name           = "${local.prefix}-journal"
  key            = "dragon_name_str"
  sort_key       = "position"
  protect_data   = var.protect_data
  kms_encryption = var.kms_encryption
}

module "journal_queue" {
  source = "../modules/queue_consumer"

  queue    = module.messaging.queues.keep_journal
  function = module.keep_journal
}

# What this environment's own receiver was told, once for each event, for as long as it can come again.
module "received" {
  source = "../modules/table"

  name           = "${local.prefix}-received"
  key            = "event_id"
  expiry         = "forget_at"
  protect_data   = var.protect_data
  kms_encryption = var.kms_encryption
}

# --- How dragons are listed by token and by signature ------------------------------------------------

module "http_api" {
  source = "./http_api"

  context           = local.context
  routes            = local.routes
  read_scope        = module.auth.read_scope
  allowed_origins   = var.allowed_origins
  throttling        = var.throttling
  detailed_metrics  = var.detailed_metrics
  invoke_url_format = var.url_formats.http_api

  # The user pool's own tokens, for the site's users and the partners' machines, or another issuer's.
  jwt_authorizer = var.jwt_authorizer != null ? var.jwt_authorizer : {
    issuer   = module.auth.issuer
    audience = [module.auth.user_pool_client_id, module.auth.machine_client_id]
  }

  route_throttling      = var.route_throttling
  partners_upstream_url = var.partners_upstream_url
}

# It comes after both: the user pool signs people in, and the HTTP API has what they and guests may invoke.
module "identity_pool" {
  source = "./identity_pool"

  context = local.context

  user_pool = {
    endpoint  = module.auth.user_pool_endpoint
    client_id = module.auth.user_pool_client_id
  }

  # Guests, and who has signed in.
  routes = {
    for kind in ["unauthenticated", "authenticated"] :
    kind => [for route in ["GET /guest/dragons", "HEAD /guest/dragons"] : module.http_api.routes[route].arn]
  }
}

# --- Where people come in ----------------------------------------------------------------------------

# The site, and in front of both APIs. Only the APIs' own resources come before it: their authorizers come after the app
# client, which is told the site's address.
module "edge" {
  source    = "./edge"
  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }

  context         = local.context
  edge            = var.edge
  rest_api_url    = module.rest_api.invoke_url
  http_api_url    = module.http_api.invoke_url
  hosted_ui_url   = module.auth.hosted_ui_url
  site_url_format = var.url_formats.site
  history_days    = var.artifacts_history_days

  functions = {
    origin-request  = module.edge_origin_request
    origin-response = module.edge_origin_response
    viewer-request  = module.edge_viewer_request
    viewer-response = module.edge_viewer_response
  }
}
