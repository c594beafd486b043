# GET /guest/dragons: the same list for whoever signs with credentials of AWS that allow it, guests' among them.
resource "aws_apigatewayv2_route" "guest_dragons" {
  api_id             = aws_apigatewayv2_api.dragons.id
  route_key          = "GET /guest/dragons"
  target             = "integrations/${aws_apigatewayv2_integration.list_dragons.id}"
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_permission" "guest_dragons" {
  statement_id  = "${var.context.prefix}-http-GET-guest-dragons"
  action        = "lambda:InvokeFunction"
  function_name = var.list_dragons.function_name
  qualifier     = var.list_dragons.alias_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = local.guest_route_arn
}

locals {
  # AWS writes <execution ARN>/$default/GET/guest/dragons: the stage is a part of it, though no part of the URL.
  guest_route_arn = "${aws_apigatewayv2_api.dragons.execution_arn}/*/GET/guest/dragons"
}
