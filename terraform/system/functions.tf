# One block for each folder of functions/, named like the folder.

locals {
  deployment = {
    prefix             = local.prefix
    repository_root    = var.repository_root
    artifacts          = local.manifest.functions
    artifacts_bucket   = module.artifacts.name
    layer_arns         = [module.shared_layer.arn]
    log_retention_days = var.log_retention_days
    parameter_path     = local.parameter_path
    release            = terraform_data.release.input
    pins               = local.pins
    shifts             = local.shifts
    canary             = local.canary_percent > 0
    halted             = keys(local.halted)
    encryption         = local.encryption

    reserved_concurrency = var.reserved_concurrency
  }

  # What CloudFront runs has neither layer nor variables nor alias.
  edge_deployment = {
    prefix             = local.prefix
    account_id         = local.account_id
    repository_root    = var.repository_root
    artifacts          = local.manifest.functions
    log_retention_days = var.log_retention_days
  }
}

locals {
  # How long an event can come again: out of the archive, and then two weeks in a queue, and two in its dead-letter queue.
  remembered_days = var.events_archive_days + 28
}

# The folders that have a block, read out of this module's text: of each block, what stands before its first brace.
locals {
  text = join("\n", [for name in fileset(path.module, "*.tf") : file("${path.module}/${name}")])
  blocks = {
    for kind in ["function", "edge_function"] : kind => [
      for block in regexall("(?m)^module \"[^\"]+\" {[^}]*", local.text) :
      try(regex("(?m)^ *name *= *\"([^\"]+)\"", block)[0], "")
      if can(regex("(?m)^ *source *= *\"\\.\\./modules/${kind}\"", block))
    ]
  }
  deployed         = local.blocks.function
  deployed_at_edge = local.blocks.edge_function
}

module "announce_dragon" {
  source = "../modules/function"

  name       = "announce_dragon"
  deployment = local.deployment

  timeout_seconds = 60
  memory_mb       = 256
  idempotent      = true

  environment = {
    EVENT_BUS         = module.messaging.bus.name
    JOURNAL_QUEUE_URL = module.messaging.queues.keep_journal.url
  }

  policy_statements = [
    { sid = "Announce", actions = ["events:PutEvents"], resources = [module.messaging.bus.arn] },
    { sid = "SendInOrder", actions = ["sqs:SendMessage"], resources = [module.messaging.queues.keep_journal.arn] },
  ]
}

module "authorize_partner" {
  source = "../modules/function"

  name       = "authorize_partner"
  deployment = local.deployment

  timeout_seconds = 10
  memory_mb       = 256

  provisioned_concurrency = lookup(var.provisioned_concurrency, "authorize_partner", null)

  environment = {
    PARTNERS_TABLE = module.partners.name
  }

  policy_statements = [
    { sid = "FindPartner", actions = ["dynamodb:GetItem"], resources = [module.partners.arn] },
  ]
}

module "compact_family" {
  source = "../modules/function"

  name       = "compact_family"
  deployment = local.deployment

  timeout_seconds = 300
  memory_mb       = 1024
  idempotent      = true

  environment = {
    DATASET_BUCKET_PARAMETER = module.data.parameters.dataset_bucket.name
    SETTLED_HOURS            = var.compaction.settled_hours
  }

  policy_statements = [
    local.list_dataset,
    {
      sid       = "MergeObjects"
      actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      resources = [local.dataset_objects]
    },
    {
      sid       = "ReadParameters"
      actions   = ["ssm:GetParameters"]
      resources = [module.data.parameters.dataset_bucket.arn]
    },
  ]
}

module "decide_review" {
  source = "../modules/function"

  name       = "decide_review"
  deployment = local.deployment

  timeout_seconds = 10
  memory_mb       = 256

  environment = {
    REVIEWS_TABLE = module.workflow.reviews_table.name
  }

  policy_statements = [
    {
      sid       = "Decide"
      actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
      resources = [module.workflow.reviews_table.arn]
    },
    {
      sid       = "TellWorkflow"
      actions   = ["states:SendTaskFailure", "states:SendTaskSuccess"]
      resources = [module.workflow.state_machines.report_dragon.arn]
    },
  ]
}

module "edge_origin_request" {
  source = "../modules/edge_function"

  name         = "edge_origin_request"
  deployment   = local.edge_deployment
  skip_destroy = var.edge.skip_destroy

  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }
}

module "edge_origin_response" {
  source = "../modules/edge_function"

  name         = "edge_origin_response"
  deployment   = local.edge_deployment
  skip_destroy = var.edge.skip_destroy

  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }
}

module "edge_viewer_request" {
  source = "../modules/edge_function"

  name         = "edge_viewer_request"
  deployment   = local.edge_deployment
  skip_destroy = var.edge.skip_destroy

  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }
}

module "edge_viewer_response" {
  source = "../modules/edge_function"

  name         = "edge_viewer_response"
  deployment   = local.edge_deployment
  skip_destroy = var.edge.skip_destroy

  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }
}

module "finish_import" {
  source = "../modules/function"

  name       = "finish_import"
  deployment = local.deployment

  timeout_seconds = 300
  memory_mb       = 512
  idempotent      = true

  environment = {
    IMPORT_BUCKET         = module.imports.bucket.name
    IMPORT_OUTCOMES_TABLE = module.imports.outcomes.name
    IMPORT_WORK_BUCKET    = module.imports.work_bucket.name
  }

  policy_statements = [
    { sid = "ReadLines", actions = ["s3:GetObject"], resources = ["${module.imports.work_bucket.arn}/*"] },
    { sid = "ReadOutcomes", actions = ["dynamodb:Query"], resources = [module.imports.outcomes.arn] },
    { sid = "WriteResult", actions = ["s3:PutObject"], resources = ["${module.imports.bucket.arn}/results/*"] },
  ]
}

module "keep_journal" {
  source = "../modules/function"

  name       = "keep_journal"
  deployment = local.deployment

  timeout_seconds = 30
  memory_mb       = 256
  idempotent      = true

  environment = {
    DEAD_LETTER_QUEUE_URL = module.messaging.dead_letter_queues.keep_journal.url
    JOURNAL_TABLE         = module.journal.name
  }

  policy_statements = [
    { sid = "Keep", actions = ["dynamodb:PutItem"], resources = [module.journal.arn] },
    {
      sid       = "SetAside"
      actions   = ["sqs:SendMessage"]
      resources = [module.messaging.dead_letter_queues.keep_journal.arn]
    },
  ]
}

module "list_dragons" {
  source = "../modules/function"

  name       = "list_dragons"
  deployment = local.deployment

  timeout_seconds = 28 # the REST API gives up after 29
  memory_mb       = 512

  provisioned_concurrency = lookup(var.provisioned_concurrency, "list_dragons", null)

  environment = {
    ALLOWED_ORIGINS          = join(",", var.allowed_origins) # a proxy integration answers for CORS itself
    DATASET_BUCKET_PARAMETER = module.data.parameters.dataset_bucket.name
    DATASET_PREFIX_PARAMETER = module.data.parameters.dataset_prefix.name
    QUERY_ENGINE_PARAMETER   = module.data.parameters.query_engine.name
    DRAGONS_TABLE            = module.data.table_name
    NAME_INDEX               = module.data.name_index.name
    TALLIES_TABLE            = module.tallies.name
    LARGEST_SCAN             = var.largest_scan
    ATHENA_WORKGROUP         = join("", module.athena[*].workgroup) # empty: there are no tables
    ATHENA_DATABASE          = join("", module.athena[*].database)

    # Else glibc keeps a heap for each thread, with the large objects that it has read.
    # https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html
    MALLOC_ARENA_MAX = "1"
  }

  policy_statements = concat(flatten(module.athena[*].policy_statements), [
    local.list_dataset,
    { sid = "ReadDataset", actions = ["s3:GetObject"], resources = [local.dataset_objects] }, # SelectObjectContent, too
    { sid = "ReadRecord", actions = ["dynamodb:BatchGetItem", "dynamodb:GetItem"], resources = [module.data.table_arn] },
    { sid = "ReadNames", actions = ["dynamodb:Query"], resources = [module.data.name_index.arn] },
    { sid = "Count", actions = ["dynamodb:GetItem"], resources = [module.tallies.arn] },
    {
      sid       = "ReadParameters"
      actions   = ["ssm:GetParameters"]
      resources = [for parameter in values(module.data.parameters) : parameter.arn]
    },
  ])
}

module "list_reviews" {
  source = "../modules/function"

  name       = "list_reviews"
  deployment = local.deployment

  timeout_seconds = 10
  memory_mb       = 256

  environment = {
    REVIEWS_TABLE = module.workflow.reviews_table.name
  }

  policy_statements = [
    { sid = "ListWaiting", actions = ["dynamodb:Query"], resources = [module.workflow.reviews_table.index_arn] },
  ]
}

module "open_review" {
  source = "../modules/function"

  name       = "open_review"
  deployment = local.deployment

  timeout_seconds = 30
  memory_mb       = 256
  idempotent      = true

  environment = {
    DEAD_LETTER_QUEUE_URL = module.workflow.dead_letter_queues.open_review.url
    REMEMBERED_DAYS       = local.remembered_days
    REVIEWS_TABLE         = module.workflow.reviews_table.name
  }

  policy_statements = [
    { sid = "Open", actions = ["dynamodb:PutItem"], resources = [module.workflow.reviews_table.arn] },
    {
      sid       = "SetAside"
      actions   = ["sqs:SendMessage"]
      resources = [module.workflow.dead_letter_queues.open_review.arn]
    },
  ]
}

module "post_confirmation" {
  source = "../modules/function"

  name       = "post_confirmation"
  deployment = local.deployment

  timeout_seconds = 5 # Cognito waits no longer
  memory_mb       = 256
  idempotent      = true

  environment = {
    EVENT_BUS       = module.messaging.bus.name
    REPORTERS_GROUP = "reporters" # of the module `auth`, which comes after its triggers
    REPORTERS_TABLE = module.reporters.name
  }

  # What it may do in the pool is attached by the module `auth`.
  policy_statements = [
    { sid = "RecordReporter", actions = ["dynamodb:PutItem"], resources = [module.reporters.arn] },
    { sid = "Announce", actions = ["events:PutEvents"], resources = [module.messaging.bus.arn] },
  ]
}

module "pre_sign_up" {
  source = "../modules/function"

  name       = "pre_sign_up"
  deployment = local.deployment

  timeout_seconds = 5 # Cognito waits no longer
  memory_mb       = 256

  environment = {
    ALLOWED_EMAIL_DOMAINS = join(",", var.email_domains.allowed)
    REFUSED_EMAIL_DOMAINS = join(",", var.email_domains.refused)
  }
}

module "pre_token_generation" {
  source = "../modules/function"

  name       = "pre_token_generation"
  deployment = local.deployment

  timeout_seconds = 5 # Cognito waits no longer
  memory_mb       = 256
}

module "read_import" {
  source = "../modules/function"

  name       = "read_import"
  deployment = local.deployment

  timeout_seconds = 300
  memory_mb       = 512
  idempotent      = true

  environment = {
    IMPORT_BUCKET         = module.imports.bucket.name
    IMPORT_OUTCOMES_TABLE = module.imports.outcomes.name
    IMPORT_WORK_BUCKET    = module.imports.work_bucket.name
    MAX_LINES             = var.imports.max_lines
    REMEMBERED_DAYS       = 90 # as long as Step Functions keeps the names of reports
  }

  policy_statements = [
    {
      sid       = "ReadFile"
      actions   = ["s3:GetObject", "s3:GetObjectVersion"]
      resources = ["${module.imports.bucket.arn}/*"]
    },
    # Otherwise S3 would answer 403 and not 404 for a file that is gone.
    { sid = "MissFile", actions = ["s3:ListBucket"], resources = [module.imports.bucket.arn] },
    { sid = "WriteWork", actions = ["s3:PutObject"], resources = ["${module.imports.work_bucket.arn}/*"] },
    {
      sid       = "KnowContent"
      actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      resources = [module.imports.outcomes.arn]
    },
  ]
}

module "read_journal" {
  source = "../modules/function"

  name       = "read_journal"
  deployment = local.deployment

  timeout_seconds = 10
  memory_mb       = 256

  environment = {
    JOURNAL_TABLE = module.journal.name
  }

  policy_statements = [
    { sid = "ReadJournal", actions = ["dynamodb:Query"], resources = [module.journal.arn] },
  ]
}

module "rebuild_dataset" {
  source = "../modules/function"

  name       = "rebuild_dataset"
  deployment = local.deployment

  timeout_seconds = 300
  memory_mb       = 1024
  idempotent      = true

  environment = {
    DRAGONS_TABLE            = module.data.table_name
    FAMILY_INDEX             = module.data.family_index.name
    DATASET_BUCKET_PARAMETER = module.data.parameters.dataset_bucket.name
    DATASET_PREFIX_PARAMETER = module.data.parameters.dataset_prefix.name
  }

  policy_statements = [
    local.list_dataset,
    { sid = "TakeLinesAway", actions = ["s3:GetObject", "s3:PutObject"], resources = [local.dataset_objects] },
    { sid = "ReadRecord", actions = ["dynamodb:BatchGetItem"], resources = [module.data.table_arn] },
    { sid = "ReadFamilies", actions = ["dynamodb:Query", "dynamodb:Scan"], resources = [module.data.family_index.arn] },
    { sid = "TellAgain", actions = ["dynamodb:UpdateItem"], resources = [module.data.table_arn] },
    {
      sid     = "ReadParameters"
      actions = ["ssm:GetParameters"]
      resources = [
        module.data.parameters.dataset_bucket.arn,
        module.data.parameters.dataset_prefix.arn,
      ]
    },
  ]
}

module "receive_webhook" {
  source = "../modules/function"

  name       = "receive_webhook"
  deployment = local.deployment

  timeout_seconds = 14 # SNS waits for 15
  memory_mb       = 256

  environment = {
    RECEIVED_TABLE  = module.received.name
    REMEMBERED_DAYS = local.remembered_days
    SIGHTINGS_TOPIC = module.messaging.sightings_topic
    SNS_URL         = coalesce(var.url_formats.sns, "https://sns.${var.region}.amazonaws.com")
  }

  policy_statements = [
    { sid = "Record", actions = ["dynamodb:PutItem"], resources = [module.received.arn] },
  ]
}

module "renew_reviews" {
  source = "../modules/function"

  name       = "renew_reviews"
  deployment = local.deployment

  timeout_seconds = 120
  memory_mb       = 256
  idempotent      = true

  # A beat that failed is made up for by the next one.
  asynchronous = {
    event_age_seconds = 600
    on_failure        = module.workflow.dead_letter_queues.renew_reviews.arn
  }

  environment = {
    REVIEWS_TABLE = module.workflow.reviews_table.name
  }

  policy_statements = [
    { sid = "ListWaiting", actions = ["dynamodb:Query"], resources = [module.workflow.reviews_table.index_arn] },
    { sid = "Finish", actions = ["dynamodb:UpdateItem"], resources = [module.workflow.reviews_table.arn] },
    {
      sid       = "TellWorkflow"
      actions   = ["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"]
      resources = [module.workflow.state_machines.report_dragon.arn]
    },
  ]
}

module "start_import" {
  source = "../modules/function"

  name       = "start_import"
  deployment = local.deployment

  timeout_seconds = 30
  memory_mb       = 256
  idempotent      = true

  asynchronous = {
    retries    = 2
    on_failure = module.imports.dead_letters.arn
  }

  environment = {
    IMPORT_DRAGONS = module.imports.state_machines.import_dragons.live_arn
    RUN_JOB        = var.jobs.batch == null ? "" : module.jobs.state_machines.run_job.live_arn
  }

  policy_statements = [
    {
      sid     = "StartImport"
      actions = ["states:StartExecution"]
      resources = concat(
        [module.imports.state_machines.import_dragons.arn],
        var.jobs.batch == null ? [] : [module.jobs.state_machines.run_job.arn],
      )
    },
  ]
}

module "tally_families" {
  source = "../modules/function"

  name       = "tally_families"
  deployment = local.deployment

  timeout_seconds = 30
  memory_mb       = 256
  idempotent      = true

  environment = {
    DEAD_LETTER_QUEUE_URL = module.messaging.dead_letter_queues.tally_families.url
    REMEMBERED_DAYS       = local.remembered_days
    TALLIES_TABLE         = module.tallies.name
  }

  policy_statements = [
    { sid = "Tally", actions = ["dynamodb:PutItem", "dynamodb:UpdateItem"], resources = [module.tallies.arn] },
    {
      sid       = "SetAside"
      actions   = ["sqs:SendMessage"]
      resources = [module.messaging.dead_letter_queues.tally_families.arn]
    },
  ]
}

module "validate_dragon" {
  source = "../modules/function"

  name       = "validate_dragon"
  deployment = local.deployment

  timeout_seconds = 10
  memory_mb       = 256
  idempotent      = true

  environment = {
    DRAGONS_TABLE = module.data.table_name
  }

  policy_statements = [
    { sid = "FindDuplicate", actions = ["dynamodb:GetItem"], resources = [module.data.table_arn] },
  ]
}

module "write_dataset" {
  source = "../modules/function"

  name       = "write_dataset"
  deployment = local.deployment

  timeout_seconds = 60
  memory_mb       = 512
  idempotent      = true

  environment = {
    DATASET_BUCKET_PARAMETER = module.data.parameters.dataset_bucket.name
    DATASET_PREFIX_PARAMETER = module.data.parameters.dataset_prefix.name
  }

  policy_statements = [
    local.list_dataset,
    {
      sid       = "WriteDataset"
      actions   = ["s3:GetObject", "s3:PutObject"]
      resources = [local.dataset_objects]
    },
    {
      sid     = "ReadParameters"
      actions = ["ssm:GetParameters"]
      resources = [
        module.data.parameters.dataset_bucket.arn,
        module.data.parameters.dataset_prefix.arn,
      ]
    },
  ]
}
