# ANY /partners/{proxy+}: passed on to the partners' upstream, where there is one.
resource "aws_apigatewayv2_integration" "partners" {
  count = var.partners_upstream_url == null ? 0 : 1

  api_id             = aws_apigatewayv2_api.dragons.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = "${var.partners_upstream_url}/{proxy}"

  # The upstream gets the caller's Authorization header: API Gateway does not let a mapping remove it. Whom the
  # token was given to, and the request's id, are therefore said beside it, and a caller's own are overwritten.
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
  request_parameters = {
    "overwrite:header.x-partner-client" = "$context.authorizer.claims.client_id"
    "overwrite:header.x-request-id"     = "$context.requestId"
  }
}

resource "aws_apigatewayv2_route" "partners" {
  count = var.partners_upstream_url == null ? 0 : 1

  api_id               = aws_apigatewayv2_api.dragons.id
  route_key            = "ANY /partners/{proxy+}"
  target               = "integrations/${aws_apigatewayv2_integration.partners[0].id}"
  authorization_type   = "JWT"
  authorizer_id        = aws_apigatewayv2_authorizer.jwt.id
  authorization_scopes = [var.read_scope]
}
