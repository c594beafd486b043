# A method's own settings replace the stage's as a whole, so each has the logging's beside its rate.
locals {
  method_limits = merge({ "*/*" = var.throttling }, {
    for method, limits in var.method_throttling :
    "${trimprefix(split(" ", method)[1], "/")}/${split(" ", method)[0]}" => limits
  })
}

resource "aws_api_gateway_method_settings" "dragons" {
  for_each = local.method_limits

  rest_api_id = aws_api_gateway_rest_api.dragons.id
  stage_name  = aws_api_gateway_stage.dragons.stage_name
  method_path = each.key

  settings {
    throttling_rate_limit  = each.value.rate
    throttling_burst_limit = each.value.burst
    logging_level          = "ERROR"
    data_trace_enabled     = var.data_trace
    metrics_enabled        = true
  }
}
