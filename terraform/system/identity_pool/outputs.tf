output "identity_pool_id" {
  description = "Id of the identity pool."
  value       = aws_cognito_identity_pool.dragons.id
}
