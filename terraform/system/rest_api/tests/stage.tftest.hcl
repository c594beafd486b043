mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

run "the_stage_knows_its_url_and_is_traced" {
  command = plan

  assert {
    condition     = aws_api_gateway_stage.dragons.variables.baseUrl == "https://abc123.execute-api.us-east-1.amazonaws.com/v1"
    error_message = "statusUrl starts with what the stage variable holds."
  }

  assert {
    condition     = output.invoke_url == aws_api_gateway_stage.dragons.variables.baseUrl
    error_message = "The output and the stage variable are one URL."
  }

  assert {
    condition     = aws_api_gateway_stage.dragons.xray_tracing_enabled
    error_message = "The stage is traced."
  }

  assert {
    condition     = aws_api_gateway_stage.dragons.variables.release == "1.0.0"
    error_message = "GET /status tells what the stage variable holds."
  }
}

run "without_a_canary_everybody_gets_what_is_live" {
  command = plan

  assert {
    condition     = aws_api_gateway_stage.dragons.variables.alias == "live" && length(aws_api_gateway_stage.dragons.canary_settings) == 0
    error_message = "The stage names the live alias and no canary."
  }
}

run "a_canary_takes_its_share_of_the_same_deployment" {
  command = plan
  variables {
    canary_percent = 12.5
  }

  assert {
    condition = (
      aws_api_gateway_stage.dragons.canary_settings[0].percent_traffic == 12.5
      && aws_api_gateway_stage.dragons.canary_settings[0].deployment_id == aws_api_gateway_stage.dragons.deployment_id
      && aws_api_gateway_stage.dragons.canary_settings[0].stage_variable_overrides == tomap({ alias = "canary" })
    )
    error_message = "The canary is the same API by the other alias."
  }

  assert {
    condition     = aws_api_gateway_stage.dragons.variables.alias == "live"
    error_message = "The rest stays with what is live."
  }
}

run "every_call_may_be_a_canary" {
  command = plan
  variables {
    canary_percent = 100
  }

  assert {
    condition     = aws_api_gateway_stage.dragons.canary_settings[0].percent_traffic == 100
    error_message = "100 is the upper bound."
  }
}

run "every_method_has_the_stages_limits_and_logs_its_errors" {
  command = plan

  assert {
    condition     = keys(aws_api_gateway_method_settings.dragons) == ["*/*"]
    error_message = "Without overrides there is one setting, for all methods."
  }

  assert {
    condition = (
      aws_api_gateway_method_settings.dragons["*/*"].settings[0].throttling_rate_limit == 100
      && aws_api_gateway_method_settings.dragons["*/*"].settings[0].throttling_burst_limit == 200
    )
    error_message = "100 calls a second, 200 at once."
  }

  assert {
    condition = (
      aws_api_gateway_method_settings.dragons["*/*"].settings[0].logging_level == "ERROR"
      && !aws_api_gateway_method_settings.dragons["*/*"].settings[0].data_trace_enabled
    )
    error_message = "Errors are logged, bodies are not."
  }

  assert {
    condition     = !aws_api_gateway_method_settings.dragons["*/*"].settings[0].metrics_enabled
    error_message = "Metrics of each method cost, and nobody reads them unless told."
  }
}

run "a_method_has_limits_of_its_own_and_logs_like_the_rest" {
  command = plan
  variables {
    throttling       = { rate = 50, burst = 60 }
    data_trace       = true
    detailed_metrics = true
    method_throttling = {
      "POST /dragons"                   = { rate = 2, burst = 4 }
      "GET /dragons/reports/{reportId}" = { rate = 5, burst = 6 }
    }
  }

  assert {
    condition = {
      for method, found in aws_api_gateway_method_settings.dragons :
      method => [found.settings[0].throttling_rate_limit, found.settings[0].throttling_burst_limit]
      } == {
      "*/*"                              = [50, 60]
      "dragons/POST"                     = [2, 4]
      "dragons~1reports~1{reportId}/GET" = [5, 6]
    }
    error_message = "Each method is limited as its input says."
  }

  assert {
    condition = alltrue([
      for found in values(aws_api_gateway_method_settings.dragons) :
      found.settings[0].logging_level == "INFO" && found.settings[0].data_trace_enabled && found.settings[0].metrics_enabled
    ])
    error_message = "An override keeps logging and metrics, and the requests that do not fail are traced too."
  }
}

run "the_access_log_is_json_whatever_is_missing" {
  command = plan
  variables {
    context = merge(var.context, { log_retention_days = 14 })
  }

  assert {
    condition     = aws_cloudwatch_log_group.access.name == "/aws/apigateway/dragons-test-rest" && aws_cloudwatch_log_group.access.retention_in_days == 14
    error_message = "The access log has a group of its own, and an end."
  }

  assert {
    condition     = aws_cloudwatch_log_group.execution.name == "API-Gateway-Execution-Logs_abc123/v1" && aws_cloudwatch_log_group.execution.retention_in_days == 14
    error_message = "The execution log ends too."
  }

  assert {
    condition = { for group in values(aws_cloudwatch_log_group.canary) : group.name => group.retention_in_days } == {
      "/aws/apigateway/dragons-test-rest/Canary"    = 14
      "API-Gateway-Execution-Logs_abc123/v1/Canary" = 14
    }
    error_message = "And so do a canary's."
  }

  assert {
    condition     = aws_api_gateway_stage.dragons.access_log_settings[0].destination_arn == aws_cloudwatch_log_group.access.arn
    error_message = "The stage writes to that group."
  }

  assert {
    condition = alltrue([
      for name in ["requestId", "extendedRequestId", "caller", "status", "latency", "integrationLatency", "traceId", "error"] :
      can(regex("^\\$context\\.[A-Za-z.]+$", jsondecode(aws_api_gateway_stage.dragons.access_log_settings[0].format)[name]))
    ])
    error_message = "Each value is one variable, quoted."
  }

  assert {
    condition     = !strcontains(aws_api_gateway_stage.dragons.access_log_settings[0].format, "messageString")
    error_message = "messageString brings quotes of its own, and none where it is missing."
  }

  assert {
    condition     = !strcontains(aws_api_gateway_stage.dragons.access_log_settings[0].format, "\n")
    error_message = "A request is one line."
  }
}
