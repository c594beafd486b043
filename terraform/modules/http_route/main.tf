# Routes of an HTTP API that one Lambda function answers: its alias gets payload 2.0, and those routes alone may call it.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html

resource "aws_apigatewayv2_integration" "this" {
  api_id                 = var.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = var.function.alias_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = var.routes

  api_id               = var.api.id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.this.id}"
  authorization_type   = each.value.authorization
  authorizer_id        = each.value.authorizer_id
  authorization_scopes = each.value.scopes
}

locals {
  # The stage is a part of it, though no part of the URL; a parameter of the path is any text there.
  arns = {
    for route in keys(var.routes) :
    route => "${var.api.execution_arn}/*/${replace(replace(replace(route, "ANY ", "* "), " ", ""), "/{[^}]+}/", "*")}"
  }
}

resource "aws_lambda_permission" "this" {
  for_each = var.routes

  statement_id  = "${var.api.name}-${replace(replace(each.key, " /", "-"), "/[^A-Za-z0-9_-]+/", "-")}"
  action        = "lambda:InvokeFunction"
  function_name = var.function.function_name
  qualifier     = var.function.alias_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = local.arns[each.key]
}
