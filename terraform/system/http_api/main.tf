# The HTTP API: what functions answer by access token or by signature, and the way to the partners' upstream.
locals {
  invoke_url = format(
    coalesce(var.invoke_url_format, "https://%s.execute-api.${var.context.region}.amazonaws.com"),
    aws_apigatewayv2_api.dragons.id,
  )
}

resource "aws_apigatewayv2_api" "dragons" {
  name          = "${var.context.prefix}-http"
  description   = "Dragons, by access token or by signature."
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins = var.allowed_origins
    allow_methods = distinct([for route in keys(var.routes) : replace(split(" ", route)[0], "ANY", "*")])
    # The x-amz ones are a signature's, where a page signs.
    allow_headers  = ["authorization", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"]
    expose_headers = ["retry-after", "server-timing", "x-total-count"]
    max_age        = 600
  }
}

# Any OpenID Connect issuer will do, which AWS asks over https for its keys.
resource "aws_apigatewayv2_authorizer" "jwt" {
  name             = "jwt"
  api_id           = aws_apigatewayv2_api.dragons.id
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.jwt_authorizer.issuer
    audience = var.jwt_authorizer.audience
  }
}
