output "invoke_url" {
  description = "URL of the API, ending with the stage."
  value       = local.invoke_url
}

output "rest_api_id" {
  description = "Id of the API."
  value       = aws_api_gateway_rest_api.dragons.id
}
