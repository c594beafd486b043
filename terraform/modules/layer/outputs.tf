output "arn" {
  description = "The layer version's ARN, its number included."
  value       = aws_lambda_layer_version.this.arn
}
