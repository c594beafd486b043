mock_provider "aws" {
  source = "../../testing/mocks"
}

run "live_is_the_newest_version" {
  assert {
    condition     = aws_lambda_alias.live.function_version == "7" && aws_lambda_alias.canary.function_version == "7"
    error_message = "without a pin, both aliases must be on the version that was published"
  }

  assert {
    condition     = aws_ssm_parameter.live.name == "/dragons/test/live/list_dragons"
    error_message = "what serves must be logged below the environment's path"
  }

  assert {
    # Byte for byte what a promotion or a rollback writes, so that a plan afterwards is clean.
    condition     = aws_ssm_parameter.live.insecure_value == "{\"release\":\"2026-11-27T08:00:00Z\",\"version\":\"7\"}"
    error_message = "the log must have the release and the version"
  }

  assert {
    condition     = length(data.aws_lambda_function.pinned) == 0
    error_message = "without a pin there must be nothing to look up"
  }
}

run "a_pin_holds_its_function" {
  variables {
    deployment = merge(var.deployment, { release = "2026-11-27T09:00:00Z", pins = { list_dragons = "5", write_dataset = "2" } })
  }

  assert {
    condition     = aws_lambda_alias.live.function_version == "5" && aws_lambda_alias.canary.function_version == "5"
    error_message = "both aliases must be on the pinned version"
  }

  assert {
    condition     = aws_ssm_parameter.live.insecure_value == jsonencode({ release = "2026-11-27T09:00:00Z", version = "5" })
    error_message = "the log must have what serves, not what is newest"
  }

  assert {
    condition = { for parameter, found in data.aws_lambda_function.pinned : parameter => [found.function_name, found.qualifier] } == {
      "/dragons/test/pins/list_dragons = 5" = ["dragons-test-list_dragons", "5"]
    }
    error_message = "the pinned version must be looked up under the parameter's name"
  }
}

run "live_goes_on_once_the_pin_is_gone" {
  variables {
    deployment = merge(var.deployment, { pins = { write_dataset = "2" } })
  }

  assert {
    condition     = aws_lambda_alias.live.function_version == aws_lambda_function.this.version
    error_message = "a function without a pin must serve its newest version, whatever others are pinned at"
  }
}

run "a_canary_tries_the_newest_version" {
  variables {
    deployment = merge(var.deployment, { pins = { list_dragons = "5" }, canary = true })
  }

  assert {
    condition     = aws_lambda_alias.live.function_version == "5" && aws_lambda_alias.canary.function_version == aws_lambda_function.this.version
    error_message = "the canary must be on the newest version, live on its pin"
  }
}

run "a_shift_sends_a_share_of_the_callers_to_the_newest_version" {
  variables {
    deployment = merge(var.deployment, { shifts = { list_dragons = { held = "5", percent = 10 } } })
  }

  assert {
    condition = (
      aws_lambda_alias.live.function_version == "5"
      && aws_lambda_alias.live.routing_config[0].additional_version_weights == tomap({ "7" = 0.1 })
    )
    error_message = "one of ten callers must get the newest version, the others the one that is held"
  }

  assert {
    condition     = aws_lambda_alias.canary.function_version == "5" && aws_ssm_parameter.live.insecure_value == jsonencode({ release = "2026-11-27T08:00:00Z", version = "5" })
    error_message = "until its end, the version that is held must count as the one that serves"
  }

  assert {
    condition     = keys(data.aws_lambda_function.pinned) == ["/dragons/test/shifts/list_dragons = 5"]
    error_message = "the version that is held must be looked up under the parameter's name"
  }
}

run "a_shift_that_was_taken_back_holds_everybody" {
  variables {
    deployment = merge(var.deployment, { shifts = { list_dragons = { held = "5", percent = 0 } } })
  }

  assert {
    condition     = aws_lambda_alias.live.function_version == "5" && length(aws_lambda_alias.live.routing_config) == 0
    error_message = "nobody must get the newest version"
  }
}

run "a_pin_goes_before_a_shift" {
  variables {
    deployment = merge(var.deployment, { pins = { list_dragons = "4" }, shifts = { list_dragons = { held = "5", percent = 10 } } })
  }

  assert {
    condition     = aws_lambda_alias.live.function_version == "4" && length(aws_lambda_alias.live.routing_config) == 0
    error_message = "everybody must get the version that is pinned"
  }
}

run "refuses_a_shift_of_everybody" {
  command = plan
  variables {
    deployment = merge(var.deployment, { shifts = { list_dragons = { held = "5", percent = 100 } } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_pin_that_is_no_version" {
  command = plan
  variables {
    deployment = merge(var.deployment, { pins = { list_dragons = "$LATEST" } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_path_with_a_slash_at_its_end" {
  command = plan
  variables {
    deployment = merge(var.deployment, { parameter_path = "/dragons/test/" })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_release_without_a_name" {
  command = plan
  variables {
    deployment = merge(var.deployment, { release = "" })
  }
  expect_failures = [var.deployment]
}
