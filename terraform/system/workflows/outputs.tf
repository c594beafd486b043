output "state_machine_arn" {
  description = "ARN of the state machine report_dragon, unqualified."
  value       = module.report_dragon.arn
}

output "state_machine_name" {
  description = "Name of the state machine report_dragon."
  value       = module.report_dragon.name
}

output "texts_table" {
  description = "The table of how many texts each reporter's reports have sent."
  value       = module.texts.name
}
