mock_provider "aws" {
  source = "../../testing/mocks"
}

run "is_stopped_when_it_invokes_itself_and_keeps_nothing_ready" {
  assert {
    condition     = aws_lambda_function_recursion_config.this.recursive_loop == "Terminate" && aws_lambda_function_recursion_config.this.function_name == "dragons-test-list_dragons"
    error_message = "unless told, a function that feeds itself must be stopped"
  }

  assert {
    condition = (
      length(aws_lambda_provisioned_concurrency_config.live) == 0
      && length(aws_appautoscaling_target.live) + length(aws_appautoscaling_target.scheduled) == 0
      && length(aws_appautoscaling_policy.utilization) == 0
      && length(aws_appautoscaling_scheduled_action.this) == 0
    )
    error_message = "unless told, nothing must be kept ready: it is charged"
  }
}

run "may_invoke_itself_where_that_is_meant" {
  variables {
    recursive_loop = "Allow"
  }

  assert {
    condition     = aws_lambda_function_recursion_config.this.recursive_loop == "Allow"
    error_message = "the input must reach Lambda"
  }
}

run "keeps_a_number_of_live_ready" {
  variables {
    provisioned_concurrency = { minimum = 2 }
  }

  assert {
    condition = (
      aws_lambda_provisioned_concurrency_config.live[0].function_name == "dragons-test-list_dragons"
      && aws_lambda_provisioned_concurrency_config.live[0].qualifier == "live"
      && aws_lambda_provisioned_concurrency_config.live[0].provisioned_concurrent_executions == 2
    )
    error_message = "the alias that callers use must have what is ready"
  }

  assert {
    condition = (
      aws_appautoscaling_target.live[0].resource_id == "function:dragons-test-list_dragons:live"
      && aws_appautoscaling_target.live[0].scalable_dimension == "lambda:function:ProvisionedConcurrency"
      && aws_appautoscaling_target.live[0].min_capacity == 2
      && aws_appautoscaling_target.live[0].max_capacity == 2
    )
    error_message = "without a maximum, the number must stay"
  }

  assert {
    condition     = length(aws_appautoscaling_policy.utilization) == 0 && length(aws_appautoscaling_scheduled_action.this) == 0
    error_message = "nothing must move it"
  }
}

run "follows_the_utilization" {
  variables {
    provisioned_concurrency = { minimum = 1, maximum = 10, utilization = 0.7 }
  }

  assert {
    condition     = aws_appautoscaling_target.live[0].min_capacity == 1 && aws_appautoscaling_target.live[0].max_capacity == 10
    error_message = "the bounds must be the input's"
  }

  assert {
    condition     = aws_appautoscaling_policy.utilization[0].resource_id == aws_appautoscaling_target.live[0].resource_id
    error_message = "what is tracked must be the alias's"
  }
}

run "follows_the_utilization_and_schedules" {
  variables {
    provisioned_concurrency = {
      minimum     = 1
      maximum     = 10
      utilization = 0.7
      schedules = {
        morning = { schedule = "cron(0 8 ? * MON-FRI *)", timezone = "Europe/Berlin", minimum = 5, maximum = 20 }
        evening = { schedule = "cron(0 18 ? * MON-FRI *)", minimum = 1, maximum = 10 }
      }
    }
  }

  assert {
    condition     = aws_appautoscaling_target.scheduled[0].min_capacity == 1 && aws_appautoscaling_target.scheduled[0].max_capacity == 10
    error_message = "the bounds must begin with the input's"
  }

  assert {
    condition     = length(aws_appautoscaling_target.live) == 0
    error_message = "there must be one target"
  }

  assert {
    condition = (
      aws_appautoscaling_policy.utilization[0].target_tracking_scaling_policy_configuration[0].target_value == 0.7
      && aws_appautoscaling_policy.utilization[0].target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type == "LambdaProvisionedConcurrencyUtilization"
      && aws_appautoscaling_policy.utilization[0].resource_id == aws_appautoscaling_target.scheduled[0].resource_id
    )
    error_message = "the utilization must be tracked"
  }

  assert {
    condition = { for name, action in aws_appautoscaling_scheduled_action.this : name => [
      action.schedule, action.timezone, action.scalable_target_action[0].min_capacity, action.scalable_target_action[0].max_capacity
      ] } == {
      morning = ["cron(0 8 ? * MON-FRI *)", "Europe/Berlin", "5", "20"]
      evening = ["cron(0 18 ? * MON-FRI *)", "UTC", "1", "10"]
    }
    error_message = "each schedule must set its own bounds"
  }
}

run "refuses_a_loop_setting_that_is_none" {
  command = plan
  variables {
    recursive_loop = "Stop"
  }
  expect_failures = [var.recursive_loop]
}

run "refuses_bounds_that_cross" {
  command = plan
  variables {
    provisioned_concurrency = { minimum = 3, maximum = 2 }
  }
  expect_failures = [var.provisioned_concurrency]
}

run "keeps_nothing_ready_while_it_is_halted" {
  variables {
    halted                  = true
    provisioned_concurrency = { minimum = 2 }
  }

  assert {
    condition     = length(aws_lambda_provisioned_concurrency_config.live) == 0 && length(aws_appautoscaling_target.live) == 1
    error_message = "nothing can be ready where nothing may run; the bounds must stay"
  }
}

run "refuses_to_keep_more_ready_than_is_reserved" {
  command = plan
  variables {
    reserved_concurrency    = 2
    provisioned_concurrency = { minimum = 1, maximum = 3 }
  }
  expect_failures = [var.provisioned_concurrency]
}

run "refuses_a_utilization_that_is_none" {
  command = plan
  variables {
    provisioned_concurrency = { minimum = 1, maximum = 2, utilization = 70 }
  }
  expect_failures = [var.provisioned_concurrency]
}

run "refuses_a_schedule_that_is_none" {
  command = plan
  variables {
    provisioned_concurrency = { minimum = 1, schedules = { morning = { schedule = "8:00", minimum = 1, maximum = 2 } } }
  }
  expect_failures = [var.provisioned_concurrency]
}
