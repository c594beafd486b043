output "api_gateway_role_arn" {
  description = "The role that API Gateway writes logs with."
  value       = module.api_gateway_account.role_arn
}
