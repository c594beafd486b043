mock_provider "aws" {
  source = "../../testing/mocks"
}

run "reserves_nothing_by_default" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == -1 && !output.halted
    error_message = "a function must share the account's concurrency unless told"
  }
}

run "reserves_what_its_block_says" {
  command = plan
  variables {
    reserved_concurrency = 5
    deployment           = merge(var.deployment, { reserved_concurrency = { write_dataset = 7 }, halted = ["write_dataset"] })
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 5 && !output.halted
    error_message = "what is said of another function must not count"
  }
}

run "an_environment_may_say_another_number" {
  command = plan
  variables {
    reserved_concurrency = 5
    deployment           = merge(var.deployment, { reserved_concurrency = { list_dragons = 50 } })
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 50
    error_message = "the environment's number must come before the block's"
  }
}

run "is_halted_by_its_block" {
  command = plan
  variables {
    reserved_concurrency = 5
    halted               = true
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 0 && output.halted
    error_message = "a halted function must run nothing, and its consumers must know"
  }
}

run "is_halted_by_its_environment" {
  command = plan
  variables {
    deployment = merge(var.deployment, { halted = ["list_dragons"], reserved_concurrency = { list_dragons = 50 } })
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 0 && output.halted
    error_message = "a function that make halt has stopped must stay so when it is applied"
  }
}

run "refuses_a_reservation_of_nothing" {
  command = plan
  variables {
    reserved_concurrency = 0
  }
  expect_failures = [var.reserved_concurrency]
}
