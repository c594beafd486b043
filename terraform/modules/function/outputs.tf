output "function_name" {
  description = "The function's physical name."
  value       = aws_lambda_function.this.function_name
}

output "version" {
  description = "The published version's number."
  value       = aws_lambda_function.this.version
}

output "alias_name" {
  description = "The alias that callers use."
  value       = aws_lambda_alias.live.name
}

output "canary_alias_name" {
  description = "The alias of the version on trial."
  value       = aws_lambda_alias.canary.name
}

output "alias_arn" {
  description = "The ARN of the alias that callers use."
  value       = aws_lambda_alias.live.arn
}

output "alias_invoke_arn" {
  description = "The alias as an API Gateway integration's URI."
  value       = aws_lambda_alias.live.invoke_arn
}

output "timeout_seconds" {
  description = "Seconds after which an invocation is stopped."
  value       = var.timeout_seconds
}

output "halted" {
  description = "Whether the function is stopped: then its consumers take nothing."
  value       = local.halted
}

output "role_name" {
  description = "The function's role, for what is attached to it from outside."
  value       = aws_iam_role.this.name
}

output "role_arn" {
  description = "The role's ARN."
  value       = aws_iam_role.this.arn
}

output "log_group_name" {
  description = "The log group of the function."
  value       = aws_cloudwatch_log_group.this.name
}

output "policy_statements" {
  description = "What the function may do besides writing its own log and traces."
  value       = var.policy_statements
}

output "idempotent" {
  description = "Whether the same event a second time changes nothing more."
  value       = var.idempotent
}
