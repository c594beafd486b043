# A method's own settings replace the stage's as a whole, so each has the logging's beside its rate.
# API Gateway wants the slashes inside a resource's path as ~1; the provider passes on what it is given
# (https://github.com/hashicorp/terraform-provider-aws/issues/9738).
locals {
  method_limits = merge({ "*/*" = var.throttling }, {
    for method, limits in var.method_throttling :
    "${replace(trimprefix(split(" ", method)[1], "/"), "/", "~1")}/${split(" ", method)[0]}" => limits
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
    logging_level          = var.data_trace ? "INFO" : "ERROR" # of ERROR's, the log has the failed requests alone
    data_trace_enabled     = var.data_trace
    metrics_enabled        = var.detailed_metrics
  }
}
