output "bucket" {
  description = "The bucket that files are put into: its name and ARN."
  value       = { name = module.files.name, arn = module.files.arn }
}

output "work_bucket" {
  description = "The bucket of what imports work on: its name and ARN."
  value       = { name = module.work.name, arn = module.work.arn }
}

output "outcomes" {
  description = "The table of what came of each line: its name and ARN."
  value       = { name = module.outcomes.name, arn = module.outcomes.arn }
}

output "state_machines" {
  description = "Each state machine, by its name: its ARN, unqualified, and that of its alias `live`, by which it is started."
  value       = { import_dragons = { arn = module.import_dragons.arn, live_arn = module.import_dragons.live_arn } }
}

output "dead_letters" {
  description = "The queue of files whose import could not be started: its URL and ARN."
  value       = { url = module.start_import_dead_letters.url, arn = module.start_import_dead_letters.arn }
}
