output "invoke_url" {
  description = "URL of the API, ending with the stage."
  value       = local.invoke_url
}

output "rest_api_id" {
  description = "Id of the API."
  value       = aws_api_gateway_rest_api.dragons.id
}

output "stage_name" {
  description = "Name of the API's stage."
  value       = aws_api_gateway_stage.dragons.stage_name
}

output "deployment_trigger" {
  description = "Hash of the whole API: another value is another deployment."
  value       = aws_api_gateway_deployment.dragons.triggers.openapi
}

output "partners_usage_plan_id" {
  description = "Id of the usage plan that partners' API keys belong to."
  value       = aws_api_gateway_usage_plan.partners.id
}
