mock_provider "aws" {
  source = "../../testing/mocks"
}

run "refuses_a_name_too_long_for_the_queue" {
  command = plan
  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  expect_failures = [var.name]
}

run "refuses_a_function_without_its_alias" {
  command = plan
  variables {
    function = merge(var.function, { alias_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-write_dataset" })
  }
  expect_failures = [var.function]
}

run "refuses_a_table_instead_of_its_stream" {
  command = plan
  variables {
    stream_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/dragons-test-dragons"
  }
  expect_failures = [var.stream_arn]
}

run "refuses_batches_out_of_range" {
  command = plan
  variables {
    batch_size             = 0
    batch_window_seconds   = 301
    parallelization_factor = 11
  }
  expect_failures = [var.batch_size, var.batch_window_seconds, var.parallelization_factor]
}

run "refuses_to_retry_for_ever" {
  command = plan
  variables {
    retry_attempts     = -1
    record_age_seconds = 86400
  }
  expect_failures = [var.retry_attempts, var.record_age_seconds]
}

run "refuses_a_function_that_may_do_it_twice" {
  command = plan
  variables {
    function = merge(var.function, { idempotent = false })
  }
  expect_failures = [var.function]
}

run "refuses_a_filter_that_is_no_object" {
  command = plan
  variables {
    filters = ["[1]"]
  }
  expect_failures = [var.filters]
}

run "refuses_a_sixth_filter" {
  command = plan
  variables {
    filters = [for number in range(6) : jsonencode({ eventName = [tostring(number)] })]
  }
  expect_failures = [var.filters]
}
