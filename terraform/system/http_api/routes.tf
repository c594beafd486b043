# The routes that functions answer. A function may serve other APIs too; its event tells which it is.
locals {
  # A function's routes share its integration. By its folder's name, which is its own without the prefix.
  routes_by_function = {
    for route, settings in var.routes : trimprefix(settings.function.function_name, "${var.context.prefix}-") => route...
  }
}

module "route" {
  source   = "../../modules/http_route"
  for_each = local.routes_by_function

  api = {
    name          = aws_apigatewayv2_api.dragons.name
    id            = aws_apigatewayv2_api.dragons.id
    execution_arn = aws_apigatewayv2_api.dragons.execution_arn
  }
  function = var.routes[each.value[0]].function

  routes = {
    for route in each.value : route => var.routes[route].authorization != "JWT" ? {
      authorization = var.routes[route].authorization
      authorizer_id = null
      scopes        = null
      } : {
      authorization = "JWT"
      authorizer_id = aws_apigatewayv2_authorizer.jwt.id
      scopes        = var.routes[route].scopes != null ? var.routes[route].scopes : [var.read_scope]
    }
  }
}

# They were once this room's own.
moved {
  from = aws_apigatewayv2_integration.list_dragons
  to   = module.route["list_dragons"].aws_apigatewayv2_integration.this
}

moved {
  from = aws_apigatewayv2_route.list_dragons
  to   = module.route["list_dragons"].aws_apigatewayv2_route.this["GET /dragons"]
}

moved {
  from = aws_lambda_permission.list_dragons
  to   = module.route["list_dragons"].aws_lambda_permission.this["GET /dragons"]
}

moved {
  from = aws_apigatewayv2_route.guest_dragons
  to   = module.route["list_dragons"].aws_apigatewayv2_route.this["GET /guest/dragons"]
}

moved {
  from = aws_lambda_permission.guest_dragons
  to   = module.route["list_dragons"].aws_lambda_permission.this["GET /guest/dragons"]
}
