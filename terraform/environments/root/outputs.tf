output "rest_api_url" {
  description = "The REST API's URL; it ends with the stage."
  value       = module.dragons.rest_api_url
}

output "report_dragon_arn" {
  description = "The state machine that takes a report, unqualified."
  value       = module.dragons.report_dragon_arn
}

output "state_machines" {
  description = "The ARN of each state machine, unqualified, by its name."
  value       = module.dragons.state_machines
}

output "inspect_dragon_activity" {
  description = "The ARN of the activity whose workers inspect dragons."
  value       = module.dragons.inspect_dragon_activity
}

output "import_bucket" {
  description = "The bucket that files of reports are put into."
  value       = module.dragons.import_bucket
}

output "dataset_bucket" {
  description = "The bucket that holds the dataset."
  value       = module.dragons.dataset_bucket
}

output "dragons_table" {
  description = "The table that is the record of truth."
  value       = module.dragons.dragons_table
}

output "functions" {
  description = "The ARN of each function's live alias, or of an edge function's published version, by the name of its folder."
  value       = module.dragons.functions
}

output "site_url" {
  description = "Where the site answers, and both APIs below /api and /http; without a path."
  value       = module.dragons.site_url
}

output "site" {
  description = "What a release of the site needs: the bucket of its files, the distribution's id, and the path of the parameters live and next."
  value       = module.dragons.site
}

output "dead_letter_queues" {
  description = "The URL of each dead-letter queue, by the folder of the function whose failures it holds, or by what could not be delivered."
  value       = module.dragons.dead_letter_queues
}

output "canary_percent" {
  description = "Percent of the REST API's calls that the functions' versions on trial take."
  value       = module.dragons.canary_percent
}

output "pinned" {
  description = "The version that a pin holds, by the name of the function's folder; without a pin, the newest serves."
  value       = module.dragons.pinned
}

output "pinned_state_machines" {
  description = "The version that a pin holds, by the state machine's name; without a pin, the newest serves."
  value       = module.dragons.pinned_state_machines
}

output "halted" {
  description = "The functions that are stopped, by their folders, and what says so: a `parameter` of `make halt`, or the `input` of that name."
  value       = module.dragons.halted
}

output "parameter_path" {
  description = "What the names of the environment's parameters begin with: pins, the canary's share, what serves, what is halted."
  value       = module.dragons.parameter_path
}

output "rest_api_id" {
  description = "Id of the REST API."
  value       = module.dragons.rest_api_id
}

output "rest_api_stage" {
  description = "Name of the REST API's stage."
  value       = module.dragons.rest_api_stage
}

output "partners_table" {
  description = "The table of partners, by the hashes of their tokens."
  value       = module.dragons.partners_table
}

output "partners_usage_plan_id" {
  description = "Id of the usage plan that partners' API keys belong to."
  value       = module.dragons.partners_usage_plan_id
}

output "http_api_url" {
  description = "The HTTP API's URL, without a stage."
  value       = module.dragons.http_api_url
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.dragons.user_pool_id
}

output "user_pool_issuer" {
  description = "Who issues the user pool's tokens: their `iss`, below which its keys are."
  value       = module.dragons.user_pool_issuer
}

output "user_pool_client_id" {
  description = "Id of the site's app client."
  value       = module.dragons.user_pool_client_id
}

output "machine_client_id" {
  description = "Id of the app client of partners' machines."
  value       = module.dragons.machine_client_id
}

output "hosted_ui_url" {
  description = "Where people sign in by browser, and the OAuth 2.0 endpoints are."
  value       = module.dragons.hosted_ui_url
}

output "identity_pool_id" {
  description = "Id of the identity pool."
  value       = module.dragons.identity_pool_id
}

output "reporters_table" {
  description = "The table of reporters, by the `sub` of their tokens."
  value       = module.dragons.reporters_table
}

output "texts_table" {
  description = "The table of how many texts each reporter's reports have sent, by the `sub` of their tokens."
  value       = module.dragons.texts_table
}

output "encryption" {
  description = "The ARN of the environment's own KMS key, and the context that secrets are encrypted with. Null: it has no key of its own."
  value       = module.dragons.encryption
}

output "event_bus" {
  description = "The name of the bus that tells what happens."
  value       = module.dragons.event_bus
}

output "sightings_topic" {
  description = "The ARN of the topic that tells of dragons that come, change and go."
  value       = module.dragons.sightings_topic
}

output "queues" {
  description = "The URL of each queue, by the folder of the function that takes its messages."
  value       = module.dragons.queues
}

output "tallies_table" {
  description = "The table of how many dragons each family and country has."
  value       = module.dragons.tallies_table
}

output "journal_table" {
  description = "The table of what happened to each dragon."
  value       = module.dragons.journal_table
}

output "reviews_table" {
  description = "The table of reviews: of what waits for a reviewer, and of who decided how."
  value       = module.dragons.reviews_table
}

output "received_table" {
  description = "The table of what this environment's own receiver of webhooks was told."
  value       = module.dragons.received_table
}
