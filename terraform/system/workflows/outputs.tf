output "state_machine_arn" {
  description = "ARN of the state machine report_dragon, unqualified."
  value       = aws_sfn_state_machine.report_dragon.arn
}

output "state_machine_name" {
  description = "Name of the state machine report_dragon."
  value       = aws_sfn_state_machine.report_dragon.name
}
