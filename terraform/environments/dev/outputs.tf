output "rest_api_url" {
  description = "The REST API's URL; it ends with the stage."
  value       = module.dragons.rest_api_url
}

output "report_dragon_arn" {
  description = "The state machine that takes a report, unqualified."
  value       = module.dragons.report_dragon_arn
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
  description = "The ARN of each function's live alias, by the name of its folder."
  value       = module.dragons.functions
}

output "canary_percent" {
  description = "Percent of the API's calls that the functions' versions on trial take."
  value       = module.dragons.canary_percent
}

output "partners_table" {
  description = "The table of partners, by the hashes of their tokens."
  value       = module.dragons.partners_table
}

output "partners_usage_plan_id" {
  description = "Id of the usage plan that partners' API keys belong to."
  value       = module.dragons.partners_usage_plan_id
}
