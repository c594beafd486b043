output "table_name" {
  description = "The table of partners."
  value       = aws_dynamodb_table.partners.name
}

output "table_arn" {
  description = "The table's ARN."
  value       = aws_dynamodb_table.partners.arn
}
