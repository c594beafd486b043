output "routes" {
  description = "The routes: who may call each, and its ARN in any stage, which a policy names to allow it."
  value = {
    for key, route in aws_apigatewayv2_route.this : key => {
      arn           = local.arns[key]
      authorization = route.authorization_type
      scopes        = route.authorization_scopes
    }
  }
}
