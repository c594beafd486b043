output "rest_api_url" {
  description = "The REST API's URL; it ends with the stage."
  value       = module.rest_api.invoke_url
}

output "report_dragon_arn" {
  description = "The state machine that takes a report, unqualified."
  value       = module.workflow.state_machines.report_dragon.arn
}

output "state_machines" {
  description = "The ARN of each state machine, unqualified, by its name."
  value       = { for name, machine in merge(module.workflow.state_machines, module.imports.state_machines, module.data.state_machines, module.jobs.state_machines) : name => machine.arn }
}

output "inspect_dragon_activity" {
  description = "The ARN of the activity whose workers inspect dragons."
  value       = module.workflow.inspect_dragon_activity
}

output "import_bucket" {
  description = "The bucket that files of reports are put into."
  value       = module.imports.bucket.name
}

output "dataset_bucket" {
  description = "The bucket that holds the dataset."
  value       = module.data.dataset_bucket
}

output "dragons_table" {
  description = "The table that is the record of truth."
  value       = module.data.table_name
}

output "functions" {
  description = "The ARN of each function's live alias, or of an edge function's published version, by the name of its folder."
  # By convention from what was built, so that no list of functions is kept here.
  value = merge(
    {
      for name in local.aliased : name => join(":", [
        "arn", data.aws_partition.current.partition, "lambda", var.region, local.account_id,
        "function", "${local.prefix}-${name}", "live",
      ])
    },
    module.edge.functions,
  )
}

output "site_url" {
  description = "Where the site answers, and both APIs below /api and /http; without a path."
  value       = module.edge.site_url
}

output "site" {
  description = "What a release of the site needs: the bucket of its files, the distribution's id, and the path of the parameters live and next."
  value       = module.edge.site
}

output "dead_letter_queues" {
  description = "The URL of each dead-letter queue, by the folder of the function whose failures it holds, or by what could not be delivered."
  value = merge(
    {
      announce_dragon = module.announcements.dead_letter_queue_url
      start_import    = module.imports.dead_letters.url
      write_dataset   = module.dataset_stream.dead_letter_queue_url
    },
    { for name, queue in merge(module.messaging.dead_letter_queues, module.workflow.dead_letter_queues, module.data.dead_letter_queues) : name => queue.url },
  )
}

output "queues" {
  description = "The URL of each queue, by the folder of the function that takes its messages."
  value       = { for name, queue in merge(module.messaging.queues, module.workflow.queues) : name => queue.url }
}

output "encryption" {
  description = "The ARN of the environment's own KMS key, and the context that secrets are encrypted with. Null: it has no key of its own."
  value       = local.encryption
}

output "event_bus" {
  description = "The name of the bus that tells what happens."
  value       = module.messaging.bus.name
}

output "sightings_topic" {
  description = "The ARN of the topic that tells of dragons that come, change and go."
  value       = module.messaging.sightings_topic
}

output "tallies_table" {
  description = "The table of how many dragons each family and country has."
  value       = module.tallies.name
}

output "journal_table" {
  description = "The table of what happened to each dragon."
  value       = module.journal.name
}

output "reviews_table" {
  description = "The table of reviews: of what waits for a reviewer, and of who decided how."
  value       = module.workflow.reviews_table.name
}

output "received_table" {
  description = "The table of what this environment's own receiver of webhooks was told."
  value       = module.received.name
}

output "release" {
  description = "What names the code deployed; GET /status shows it."
  value       = local.release
}

output "canary_percent" {
  description = "Percent of the REST API's calls that the functions' versions on trial take."
  value       = local.canary_percent
}

output "pinned" {
  description = "The version that a pin holds, by the name of the function's folder; without a pin, the newest serves."
  value       = local.pins
}

output "pinned_state_machines" {
  description = "The version that a pin holds, by the state machine's name; without a pin, the newest serves."
  value       = local.machine_pins
}

output "halted" {
  description = "The functions that are stopped, by their folders, and what says so: a `parameter` of `make halt`, or the `input` of that name."
  value       = local.halted
}

output "parameter_path" {
  description = "What the names of the environment's parameters begin with: pins, the canary's share, what serves, what is halted."
  value       = local.parameter_path
}

output "rest_api_id" {
  description = "Id of the REST API."
  value       = module.rest_api.rest_api_id
}

output "rest_api_deployment_trigger" {
  description = "Hash of the REST API's document: another value is another deployment of it."
  value       = module.rest_api.deployment_trigger
}

output "rest_api_stage" {
  description = "Name of the REST API's stage."
  value       = module.rest_api.stage_name
}

output "partners_table" {
  description = "The table of partners, by the hashes of their tokens."
  value       = module.partners.name
}

output "partners_usage_plan_id" {
  description = "Id of the usage plan that partners' API keys belong to."
  value       = module.rest_api.partners_usage_plan_id
}

output "http_api_url" {
  description = "The HTTP API's URL, without a stage."
  value       = module.http_api.invoke_url
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.auth.user_pool_id
}

output "user_pool_issuer" {
  description = "Who issues the user pool's tokens: their `iss`, below which its keys are."
  value       = module.auth.issuer
}

output "user_pool_client_id" {
  description = "Id of the site's app client."
  value       = module.auth.user_pool_client_id
}

output "machine_client_id" {
  description = "Id of the app client of partners' machines."
  value       = module.auth.machine_client_id
}

output "hosted_ui_url" {
  description = "Where people sign in by browser, and the OAuth 2.0 endpoints are."
  value       = module.auth.hosted_ui_url
}

output "identity_pool_id" {
  description = "Id of the identity pool."
  value       = module.identity_pool.identity_pool_id
}

output "reporters_table" {
  description = "The table of reporters, by the `sub` of their tokens."
  value       = module.reporters.name
}

output "texts_table" {
  description = "The table of how many texts each reporter's reports have sent, by the `sub` of their tokens."
  value       = module.workflow.texts_table
}
