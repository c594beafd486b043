output "name" {
  description = "The table's name."
  value       = aws_dynamodb_table.this.name
}

output "arn" {
  description = "The table's ARN."
  value       = aws_dynamodb_table.this.arn
}

output "index_arn" {
  description = "The ARN of the index. Null: the table has none."
  value       = var.index == null ? null : "${aws_dynamodb_table.this.arn}/index/${var.index.name}"
}
