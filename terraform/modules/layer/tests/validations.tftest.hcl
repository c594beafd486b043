mock_provider "aws" {
  source = "../../testing/mocks"
}

run "takes_the_longest_name" {
  command = plan
  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }

  assert {
    condition     = length(aws_lambda_layer_version.this.layer_name) == 140
    error_message = "the limit must be the service's own"
  }
}

run "refuses_bad_names" {
  command = plan
  variables {
    name             = "shared-v2"
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
    artifact = merge(var.artifact, { content_digest = "latest" })
  }
  expect_failures = [var.artifact]
}

run "refuses_another_language" {
  command = plan
  variables {
    artifact = merge(var.artifact, { runtime = "nodejs22.x" })
  }
  expect_failures = [var.artifact]
}

run "refuses_an_unknown_architecture" {
  command = plan
  variables {
    artifact = merge(var.artifact, { architecture = "aarch64" })
  }
  expect_failures = [var.artifact]
}

run "refuses_a_zip_that_is_not_there" {
  command = plan
  variables {
    artifact = merge(var.artifact, { path = "dist/missing.zip" })
  }
  expect_failures = [var.repository_root]
}

run "refuses_a_name_too_long_for_lambda" {
  command = plan
  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  expect_failures = [var.name]
}
