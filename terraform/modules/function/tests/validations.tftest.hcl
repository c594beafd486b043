mock_provider "aws" {
  source = "../../testing/mocks"
}

run "takes_the_longest_name" {
  command = plan
  variables {
    name       = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    deployment = merge(var.deployment, { artifacts = { aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = var.deployment.artifacts.list_dragons } })
  }

  assert {
    condition     = length(aws_lambda_function.this.function_name) == 64
    error_message = "the limit must be the service's own"
  }
}

run "refuses_a_bucket_that_is_none" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts_bucket = "Artifacts!" })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_bad_prefix" {
  command = plan
  variables {
    deployment = merge(var.deployment, { prefix = "Dragons_" })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_digest_that_is_none" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { list_dragons = merge(var.deployment.artifacts.list_dragons, { content_digest = "latest" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_another_language" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { list_dragons = merge(var.deployment.artifacts.list_dragons, { runtime = "nodejs22.x" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_an_unknown_architecture" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { list_dragons = merge(var.deployment.artifacts.list_dragons, { architecture = "aarch64" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_function_of_the_edge" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { list_dragons = merge(var.deployment.artifacts.list_dragons, { edge = "viewer" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_zip_that_is_not_there" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { list_dragons = merge(var.deployment.artifacts.list_dragons, { path = "dist/missing.zip" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_name_too_long_for_lambda" {
  command = plan
  variables {
    name       = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    deployment = merge(var.deployment, { artifacts = { aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = var.deployment.artifacts.list_dragons } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_name_that_lambda_would_take" {
  command = plan
  variables {
    name       = "list_dragons-v2"
    deployment = merge(var.deployment, { artifacts = { list_dragons-v2 = var.deployment.artifacts.list_dragons } })
  }
  expect_failures = [var.name]
}

run "refuses_what_was_not_built" {
  command = plan
  variables {
    name = "count_dragons"
  }
  expect_failures = [var.deployment]
}

run "refuses_a_retention_that_logs_do_not_know" {
  command = plan
  variables {
    deployment = merge(var.deployment, { log_retention_days = 2 })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_handler_without_a_function" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { list_dragons = merge(var.deployment.artifacts.list_dragons, { handler = "handler" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_values_out_of_range" {
  command = plan
  variables {
    timeout_seconds = 901
    memory_mb       = 64
    tracing         = "On"
  }
  expect_failures = [var.timeout_seconds, var.memory_mb, var.tracing]
}

run "refuses_what_lambda_keeps_to_itself_and_a_sixth_layer" {
  command = plan
  variables {
    environment = { AWS_REGION = "us-east-1" }
    deployment  = merge(var.deployment, { layer_arns = [for number in range(1, 7) : "arn:aws:lambda:us-east-1:000000000000:layer:shared:${number}"] })
  }
  expect_failures = [var.environment, var.deployment]
}

run "refuses_a_variable_in_lower_case_and_a_layer_without_a_version" {
  command = plan
  variables {
    environment = { table = "dragons" }
    deployment  = merge(var.deployment, { layer_arns = ["arn:aws:lambda:us-east-1:000000000000:layer:shared"] })
  }
  expect_failures = [var.environment, var.deployment]
}
