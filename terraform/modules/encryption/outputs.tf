output "key_arn" {
  description = "The key's ARN."
  value       = aws_kms_key.this.arn
}

output "alias" {
  description = "The key's alias, for people."
  value       = aws_kms_alias.this.name
}

output "context" {
  description = "What secrets are encrypted with besides the key."
  value       = var.context
}
