# GET /dragons: the function that serves the REST API, told by its event which API it serves.
resource "aws_apigatewayv2_integration" "list_dragons" {
  api_id                 = aws_apigatewayv2_api.dragons.id
  integration_type       = "AWS_PROXY"
  integration_uri        = var.list_dragons.alias_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "list_dragons" {
  api_id               = aws_apigatewayv2_api.dragons.id
  route_key            = "GET /dragons"
  target               = "integrations/${aws_apigatewayv2_integration.list_dragons.id}"
  authorization_type   = "JWT"
  authorizer_id        = aws_apigatewayv2_authorizer.jwt.id
  authorization_scopes = [var.read_scope]
}

resource "aws_lambda_permission" "list_dragons" {
  statement_id  = "${var.context.prefix}-http-GET-dragons"
  action        = "lambda:InvokeFunction"
  function_name = var.list_dragons.function_name
  qualifier     = var.list_dragons.alias_name
  principal     = "apigateway.amazonaws.com"
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
  source_arn = "${aws_apigatewayv2_api.dragons.execution_arn}/*/GET/dragons"
}
