output "invoke_url" {
  description = "URL of the API, without a stage."
  value       = local.invoke_url
}

output "routes" {
  description = "The routes that functions answer: who may call each, and its ARN in any stage, which a policy names to allow it."
  value       = merge(values(module.route)[*].routes...)
}
