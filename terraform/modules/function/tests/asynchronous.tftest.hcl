mock_provider "aws" {
  source = "../../testing/mocks"
}

run "has_no_settings_unless_it_is_invoked_asynchronously" {
  assert {
    condition     = length(aws_lambda_function_event_invoke_config.live) == 0 && length(aws_iam_role_policy.destinations) == 0
    error_message = "a function that is waited for must have neither settings nor permissions for it"
  }
}

run "tells_of_what_it_gives_up" {
  variables {
    asynchronous = { on_failure = "arn:aws:sqs:us-east-1:000000000000:dead-letters" }
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.live[0].function_name == "dragons-test-list_dragons"
      && aws_lambda_function_event_invoke_config.live[0].qualifier == "live"
    )
    error_message = "the settings must be those of the alias that callers use"
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.live[0].maximum_retry_attempts == 0
      && aws_lambda_function_event_invoke_config.live[0].maximum_event_age_in_seconds == 21600
    )
    error_message = "unless told, nothing must be tried again, and events must wait for as long as Lambda keeps them"
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.live[0].destination_config[0].on_failure[0].destination == var.asynchronous.on_failure
      && length(aws_lambda_function_event_invoke_config.live[0].destination_config[0].on_success) == 0
    )
    error_message = "what fails must reach its destination, and what succeeds needs none"
  }

  assert {
    condition = [for statement in data.aws_iam_policy_document.destinations.statement : [statement.actions, statement.resources]] == [
      [toset(["sqs:SendMessage"]), toset(["arn:aws:sqs:us-east-1:000000000000:dead-letters"])],
    ]
    error_message = "the role must be able to send to the destination, and nothing more"
  }
}

run "tries_again_what_is_idempotent" {
  variables {
    idempotent = true
    asynchronous = {
      event_age_seconds = 600
      retries           = 2
      on_failure        = "arn:aws:s3:::failures"
      on_success        = "arn:aws:lambda:us-east-1:000000000000:function:next:live"
    }
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.live[0].maximum_retry_attempts == 2
      && aws_lambda_function_event_invoke_config.live[0].maximum_event_age_in_seconds == 600
      && aws_lambda_function_event_invoke_config.live[0].destination_config[0].on_success[0].destination == var.asynchronous.on_success
    )
    error_message = "retries, age and the destination of successes must be as told"
  }

  assert {
    condition = [for statement in data.aws_iam_policy_document.destinations.statement : [statement.actions, statement.resources]] == [
      [toset(["s3:PutObject"]), toset(["arn:aws:s3:::failures/*"])],
      [toset(["lambda:InvokeFunction"]), toset(["arn:aws:lambda:us-east-1:000000000000:function:next:live"])],
      [toset(["s3:ListBucket"]), toset(["arn:aws:s3:::failures"])],
    ]
    error_message = "each destination must have the permissions of its own service"
  }

  assert {
    condition     = output.idempotent
    error_message = "what the function declares must be told"
  }
}

run "allows_a_topic_and_a_bus" {
  variables {
    asynchronous = {
      on_failure = "arn:aws:sns:us-east-1:000000000000:failures"
      on_success = "arn:aws:events:us-east-1:000000000000:event-bus/dragons"
    }
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.destinations.statement : one(statement.actions)] == ["sns:Publish", "events:PutEvents"]
    error_message = "each destination must have the permission of its own service"
  }
}

run "refuses_to_try_again_what_is_not_idempotent" {
  command = plan
  variables {
    asynchronous = { retries = 1, on_failure = "arn:aws:sqs:us-east-1:000000000000:dead-letters" }
  }
  expect_failures = [var.asynchronous]
}

run "refuses_values_that_lambda_does_not_take" {
  command = plan
  variables {
    idempotent   = true
    asynchronous = { event_age_seconds = 59, retries = 3, on_failure = "arn:aws:sqs:us-east-1:000000000000:dead-letters" }
  }
  expect_failures = [var.asynchronous]
}

run "refuses_a_fifo_queue" {
  command = plan
  variables {
    asynchronous = { on_failure = "arn:aws:sqs:us-east-1:000000000000:dead-letters.fifo" }
  }
  expect_failures = [var.asynchronous]
}

run "refuses_a_bucket_for_successes" {
  command = plan
  variables {
    asynchronous = { on_failure = "arn:aws:s3:::failures", on_success = "arn:aws:s3:::successes" }
  }
  expect_failures = [var.asynchronous]
}
