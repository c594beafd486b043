mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  queue = { arn = "arn:aws:sqs:us-east-1:000000000000:tally", visibility_timeout_seconds = 180 }
  function = {
    alias_arn       = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-tally_families:live"
    role_name       = "dragons-test-tally_families"
    timeout_seconds = 30
    idempotent      = true
  }
}

run "takes_nothing_while_its_function_is_halted" {
  command = plan
  variables {
    function = merge(var.function, { halted = true })
  }

  assert {
    condition     = !aws_lambda_event_source_mapping.queue.enabled
    error_message = "messages that are refused count as received, and would end in the dead-letter queue"
  }
}

run "a_part_of_a_batch_may_fail" {
  command = plan

  assert {
    condition     = aws_lambda_event_source_mapping.queue.enabled
    error_message = "a function that is not halted must get its messages"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue.function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "what failed must come again, and nothing else"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue.scaling_config[0].maximum_concurrency == 5
    error_message = "invocations at once must have a limit"
  }

  assert {
    condition     = data.aws_iam_policy_document.permissions.statement[0].resources == toset([var.queue.arn])
    error_message = "the function may take messages of this queue alone"
  }
}

run "refuses_a_queue_that_hides_messages_too_briefly_and_batches_that_never_fill" {
  command = plan
  variables {
    queue               = { arn = "arn:aws:sqs:us-east-1:000000000000:tally", visibility_timeout_seconds = 179 }
    batch_size          = 11
    maximum_concurrency = 1
  }
  expect_failures = [var.function, var.batch_size, var.maximum_concurrency]
}

run "refuses_to_wait_for_a_batch_of_a_fifo_queue" {
  command = plan
  variables {
    queue                = { arn = "arn:aws:sqs:us-east-1:000000000000:journal.fifo", visibility_timeout_seconds = 300 }
    batch_window_seconds = 1
  }
  expect_failures = [var.batch_window_seconds]
}

run "refuses_a_function_that_may_do_it_twice" {
  command = plan
  variables {
    function = merge(var.function, { idempotent = false })
  }
  expect_failures = [var.function]
}
