output "arn" {
  description = "The state machine's ARN, unqualified."
  value       = aws_sfn_state_machine.this.arn
}

output "live_arn" {
  description = "The ARN of the alias `live`, by which it is started."
  value       = aws_sfn_alias.live.arn
}

output "name" {
  description = "The state machine's physical name."
  value       = aws_sfn_state_machine.this.name
}

output "definition" {
  description = "What the state machine does, in the Amazon States Language."
  value       = aws_sfn_state_machine.this.definition
}

output "policy" {
  description = "What its role may do, as JSON."
  value       = local.policy
}

output "log_group_name" {
  description = "The log group of its executions. Null: they are not logged."
  value       = one(aws_cloudwatch_log_group.this[*].name)
}
