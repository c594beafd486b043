resource "aws_api_gateway_stage" "dragons" {
  rest_api_id          = aws_api_gateway_rest_api.dragons.id
  deployment_id        = aws_api_gateway_deployment.dragons.id
  stage_name           = var.stage_name
  xray_tracing_enabled = true

  variables = {
    # What clients call the API by: the mapping templates cannot know a domain in front of it.
    baseUrl = local.invoke_url
    alias   = local.alias
    release = var.release
  }

  # The same API with other functions behind it: the canary tries code, not routes.
  dynamic "canary_settings" {
    for_each = var.canary_percent > 0 ? [var.canary_percent] : []

    content {
      deployment_id            = aws_api_gateway_deployment.dragons.id
      percent_traffic          = canary_settings.value
      stage_variable_overrides = { alias = local.canary_alias }
    }
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = local.access_log_format
  }

  # Otherwise API Gateway could make these groups itself, without retention.
  depends_on = [aws_cloudwatch_log_group.execution, aws_cloudwatch_log_group.canary]
}
