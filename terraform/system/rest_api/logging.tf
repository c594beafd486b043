# The access log says who asked for what; the execution log says what went wrong on the way.
locals {
  # Every value is quoted, since one that is missing is written as "-", and none is a caller's own text but
  # for the request's id, which API Gateway lets a caller set.
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
  access_log_format = jsonencode({
    requestId          = "$context.requestId"         # a caller may choose it,
    extendedRequestId  = "$context.extendedRequestId" # but not this one
    time               = "$context.requestTime"
    method             = "$context.httpMethod"
    path               = "$context.resourcePath"
    status             = "$context.status"
    caller             = "$context.authorizer.principalId" # a partner
    subject            = "$context.authorizer.claims.sub"  # who signed in
    sourceIp           = "$context.identity.sourceIp"
    responseLength     = "$context.responseLength"
    latency            = "$context.responseLatency"
    integrationLatency = "$context.integrationLatency"
    integrationStatus  = "$context.integrationStatus"
    traceId            = "$context.xrayTraceId"
    error              = "$context.error.responseType"
  })
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/${var.context.prefix}-rest"
  retention_in_days = var.context.log_retention_days
}

resource "aws_cloudwatch_log_group" "execution" {
  # The name is API Gateway's.
  name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.dragons.id}/${var.stage_name}"
  retention_in_days = var.context.log_retention_days
}

# A canary has both logs over again, below theirs. They are there before any canary, and when it is over: made by API
# Gateway, they would have no retention and outlive the environment.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
resource "aws_cloudwatch_log_group" "canary" {
  for_each = {
    access    = aws_cloudwatch_log_group.access.name
    execution = aws_cloudwatch_log_group.execution.name
  }

  name              = "${each.value}/Canary"
  retention_in_days = var.context.log_retention_days
}
