output "invoke_url" {
  description = "URL of the API, without a stage."
  value       = local.invoke_url
}

output "urls" {
  description = "Where the routes of functions answer, as soon as they do."
  value       = { for route in keys(var.routes) : route => "${local.invoke_url}${split(" ", route)[1]}" }

  depends_on = [aws_apigatewayv2_stage.default]
}

output "routes" {
  description = "The routes that functions answer: who may call each, and its ARN in any stage, which a policy names to allow it."
  value       = merge(values(module.route)[*].routes...)
}
