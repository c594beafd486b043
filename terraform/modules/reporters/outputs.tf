output "table_name" {
  description = "The table of reporters."
  value       = aws_dynamodb_table.reporters.name
}

output "table_arn" {
  description = "The table's ARN."
  value       = aws_dynamodb_table.reporters.arn
}
