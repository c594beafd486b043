output "qualified_arn" {
  description = "The ARN of the published version, which a distribution names."
  value       = aws_lambda_function.this.qualified_arn
}
