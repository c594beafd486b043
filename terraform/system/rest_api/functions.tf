# Which functions the API calls, and from where: read out of the OpenAPI document, which alone says it.
locals {
  # By "<method>/<path>", the function of each proxy integration. What a route shares through a YAML anchor, it has too.
  proxied = merge([
    for path, item in yamldecode(file("${path.module}/openapi.yaml.tftpl")).paths : {
      for method, operation in item : "${upper(method)}${path}" => regex("uris\\.(\\w+)", operation.x-amazon-apigateway-integration.uri)[0]
      if operation.x-amazon-apigateway-integration.type == "aws_proxy"
    }
  ]...)
  called = distinct(concat(values(local.proxied), ["authorize_partner"]))

  # The stage says which alias: `live`, or `canary` for the share of calls that tries it.
  alias        = values(var.functions)[0].alias_name
  canary_alias = values(var.functions)[0].canary_alias_name
  uris = {
    for name, function in var.functions :
    name => replace(function.alias_invoke_arn, ":${local.alias}/invocations", ":$${stageVariables.alias}/invocations")
  }

  started = {
    for name, machine in var.state_machines : name => "${trimsuffix(machine.live_arn, ":${local.alias}")}:$stageVariables.alias"
  }

  callers = merge([
    for route, name in local.proxied : {
      for alias in [local.alias, local.canary_alias] : "${alias} ${route}" => { function = name, alias = alias, route = route }
    }
  ]...)
}

resource "aws_lambda_permission" "route" {
  for_each = local.callers

  statement_id  = "${var.context.prefix}-rest-${replace(each.value.route, "/[^A-Za-z0-9_-]+/", "-")}"
  action        = "lambda:InvokeFunction"
  function_name = var.functions[each.value.function].function_name
  qualifier     = each.value.alias
  principal     = "apigateway.amazonaws.com"
  # A parameter of the path is any text there.
  source_arn = "${aws_api_gateway_rest_api.dragons.execution_arn}/${var.stage_name}/${replace(each.value.route, "/{[^}]+}/", "*")}"
}

moved {
  from = aws_lambda_permission.list_dragons
  to   = aws_lambda_permission.route
}
