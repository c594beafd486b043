mock_provider "aws" {
  source = "../../testing/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "../../testing/mocks"
}

run "takes_the_longest_name" {
  command = plan
  variables {
    name       = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    deployment = merge(var.deployment, { artifacts = { aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = var.deployment.artifacts.edge_viewer_request } })
  }

  assert {
    condition     = length(aws_lambda_function.this.function_name) == 64
    error_message = "the limit must be the service's own"
  }
}

run "refuses_a_name_too_long_for_lambda" {
  command = plan
  variables {
    name       = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    deployment = merge(var.deployment, { artifacts = { aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = var.deployment.artifacts.edge_viewer_request } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_name_that_lambda_would_take" {
  command = plan
  variables {
    name       = "edge-viewer"
    deployment = merge(var.deployment, { artifacts = { edge-viewer = var.deployment.artifacts.edge_viewer_request } })
  }
  expect_failures = [var.name]
}

run "refuses_more_than_the_viewers_side_takes" {
  command = plan
  variables {
    memory_mb       = 256
    timeout_seconds = 6
  }
  expect_failures = [var.memory_mb, var.timeout_seconds]
}

run "refuses_more_than_the_origins_side_takes" {
  command = plan
  variables {
    memory_mb       = 10241
    timeout_seconds = 31
    deployment      = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { edge = "origin" }) } })
  }
  expect_failures = [var.memory_mb, var.timeout_seconds]
}

run "refuses_less_than_lambda_takes" {
  command = plan
  variables {
    memory_mb       = 64
    timeout_seconds = 0.5
  }
  expect_failures = [var.memory_mb, var.timeout_seconds]
}

run "refuses_a_zip_too_large_for_the_viewers_side" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { zip_size = 1048577 }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_zip_too_large_for_the_origins_side" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { edge = "origin", zip_size = 52428801 }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_function_that_is_not_the_edges" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { edge = null }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_side_that_there_is_not" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { edge = "middle" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_another_architecture" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { architecture = "arm64" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_another_language" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { runtime = "nodejs22.x" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_digest_that_is_none" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { content_digest = "latest" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_handler_without_a_function" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { handler = "handler" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_zip_that_is_not_there" {
  command = plan
  variables {
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(var.deployment.artifacts.edge_viewer_request, { path = "dist/missing.zip" }) } })
  }
  expect_failures = [var.deployment]
}

run "refuses_what_was_not_built" {
  command = plan
  variables {
    name = "edge_count_dragons"
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

run "refuses_an_account_that_is_none" {
  command = plan
  variables {
    deployment = merge(var.deployment, { account_id = "me" })
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
