output "user_pool_id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.dragons.id
}

output "user_pool_arn" {
  description = "ARN of the user pool."
  value       = aws_cognito_user_pool.dragons.arn
}

output "user_pool_client_id" {
  description = "Id of the site's app client."
  value       = aws_cognito_user_pool_client.site.id
}

output "machine_client_id" {
  description = "Id of the app client of partners' machines."
  value       = aws_cognito_user_pool_client.machine.id
}

output "issuer" {
  description = "Who issues the pool's tokens: their `iss`."
  value       = local.issuer
}

output "hosted_ui_url" {
  description = "Where people sign in by browser, and the OAuth 2.0 endpoints are."
  value       = local.hosted_ui_url
}

output "read_scope" {
  description = "The scope that the list of dragons wants."
  value       = "${aws_cognito_resource_server.dragons.identifier}/read"
}

output "review_scope" {
  description = "The scope of those who decide on reports."
  value       = "${aws_cognito_resource_server.dragons.identifier}/review"
}

output "user_pool_endpoint" {
  description = "What an identity pool knows the user pool by: cognito-idp.<region>.amazonaws.com/<id>, on AWS or not."
  value       = aws_cognito_user_pool.dragons.endpoint
}
