locals {
  routes = concat(keys(var.routes), aws_apigatewayv2_route.partners[*].route_key)
}

# A change is served as soon as it is made: the stage that URLs do not name, deployed by itself.
resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.dragons.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit    = var.throttling.rate
    throttling_burst_limit   = var.throttling.burst
    detailed_metrics_enabled = var.detailed_metrics
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = local.access_log_format
  }

  dynamic "route_settings" {
    for_each = var.route_throttling

    content {
      route_key                = route_settings.key
      throttling_rate_limit    = route_settings.value.rate
      throttling_burst_limit   = route_settings.value.burst
      detailed_metrics_enabled = var.detailed_metrics
    }
  }

  # A route's settings are refused before the route is there.
  depends_on = [module.route, aws_apigatewayv2_route.partners]
}

resource "aws_cloudwatch_log_group" "access" {
  # Below this name, no policy of the account's is written for each group: such policies have a limit.
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
  name              = "/aws/vendedlogs/apigateway/${var.context.prefix}-http"
  retention_in_days = var.context.log_retention_days
}

locals {
  # As the REST API's: every value is quoted, and none is a caller's own text.
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
  access_log_format = jsonencode({
    requestId          = "$context.requestId"
    time               = "$context.requestTime"
    route              = "$context.routeKey"
    method             = "$context.httpMethod"
    status             = "$context.status"
    subject            = "$context.authorizer.claims.sub"
    identity           = "$context.identity.cognitoIdentityId"
    sourceIp           = "$context.identity.sourceIp"
    responseLength     = "$context.responseLength"
    latency            = "$context.responseLatency"
    integrationLatency = "$context.integrationLatency"
    integrationStatus  = "$context.integrationStatus"
    error              = "$context.error.responseType"
  })
}
