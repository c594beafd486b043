output "invoke_url" {
  description = "URL of the API, without a stage."
  value       = local.invoke_url
}

output "guest_route_arn" {
  description = "What a policy names to allow GET /guest/dragons, in any stage."
  value       = local.guest_route_arn
}
