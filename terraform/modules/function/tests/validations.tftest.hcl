mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  name             = "list_dragons"
  prefix           = "dragons-test"
  artifacts_bucket = "dragons-test-000000000000-artifacts"
  repository_root  = "../../testing/repository"

  artifact = {
    path           = "dist/functions/list_dragons.zip"
    content_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    handler        = "list_dragons.handler.handler"
    runtime        = "python3.13"
    architecture   = "x86_64"
  }
}

run "takes_the_longest_name" {
  command = plan
  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }

  assert {
    condition     = length(aws_lambda_function.this.function_name) == 64
    error_message = "the limit must be the service's own"
  }
}

run "refuses_bad_names" {
  command = plan
  variables {
    name             = "list_dragons-v2"
    artifacts_bucket = "Artifacts!"
  }
  expect_failures = [var.name, var.artifacts_bucket]
}

run "refuses_a_bad_prefix" {
  command = plan
  variables {
    prefix = "Dragons_"
  }
  expect_failures = [var.prefix]
}

run "refuses_a_digest_that_is_none" {
  command = plan
  variables {
    artifact = {
      path           = "dist/functions/list_dragons.zip"
      content_digest = "latest"
      handler        = "list_dragons.handler.handler"
      runtime        = "python3.13"
      architecture   = "x86_64"
    }
  }
  expect_failures = [var.artifact]
}

run "refuses_another_language" {
  command = plan
  variables {
    artifact = {
      path           = "dist/functions/list_dragons.zip"
      content_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      handler        = "list_dragons.handler.handler"
      runtime        = "nodejs22.x"
      architecture   = "x86_64"
    }
  }
  expect_failures = [var.artifact]
}

run "refuses_an_unknown_architecture" {
  command = plan
  variables {
    artifact = {
      path           = "dist/functions/list_dragons.zip"
      content_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      handler        = "list_dragons.handler.handler"
      runtime        = "python3.13"
      architecture   = "aarch64"
    }
  }
  expect_failures = [var.artifact]
}

run "refuses_a_zip_that_is_not_there" {
  command = plan
  variables {
    artifact = {
      path           = "dist/missing.zip"
      content_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      handler        = "list_dragons.handler.handler"
      runtime        = "python3.13"
      architecture   = "x86_64"
    }
  }
  expect_failures = [var.repository_root]
}

run "refuses_a_name_too_long_for_lambda" {
  command = plan
  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  expect_failures = [var.name]
}

run "refuses_a_handler_without_a_function" {
  command = plan
  variables {
    artifact = {
      path           = "dist/functions/list_dragons.zip"
      content_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      handler        = "handler"
      runtime        = "python3.13"
      architecture   = "x86_64"
    }
  }
  expect_failures = [var.artifact]
}

run "refuses_values_out_of_range" {
  command = plan
  variables {
    timeout_seconds    = 901
    memory_mb          = 64
    log_retention_days = 2
    tracing            = "On"
  }
  expect_failures = [var.timeout_seconds, var.memory_mb, var.log_retention_days, var.tracing]
}

run "refuses_what_lambda_keeps_to_itself_and_a_sixth_layer" {
  command = plan
  variables {
    environment = { AWS_REGION = "us-east-1" }
    layer_arns  = [for number in range(1, 7) : "arn:aws:lambda:us-east-1:000000000000:layer:shared:${number}"]
  }
  expect_failures = [var.environment, var.layer_arns]
}

run "refuses_a_variable_in_lower_case_and_a_layer_without_a_version" {
  command = plan
  variables {
    environment = { table = "dragons" }
    layer_arns  = ["arn:aws:lambda:us-east-1:000000000000:layer:shared"]
  }
  expect_failures = [var.environment, var.layer_arns]
}
