mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  name       = "count_things"
  deployment = { prefix = "app-test", parameter_path = "/app/test/state_machines", release = "2026-11-27T08:00:00Z" }
  definition = "{\"Comment\": \"Sends.\", \"TimeoutSeconds\": 60, \"StartAt\": \"Send\", \"States\": {\"Send\": {\"Type\": \"Pass\", \"End\": true}}}"
}

run "callers_start_its_newest_version" {
  assert {
    condition     = aws_sfn_state_machine.this.publish && aws_sfn_alias.live.name == "live" && output.live_arn == aws_sfn_alias.live.arn
    error_message = "each change must be published, and live"
  }

  assert {
    condition = [
      for alias in [aws_sfn_alias.live, aws_sfn_alias.canary] :
      [for route in alias.routing_configuration : [route.state_machine_version_arn, route.weight]]
    ] == [[[aws_sfn_state_machine.this.state_machine_version_arn, 100]], [[aws_sfn_state_machine.this.state_machine_version_arn, 100]]]
    error_message = "without a pin, everybody must start the newest version, by either alias"
  }

  assert {
    # Byte for byte what a promotion or a rollback writes, so that a plan afterwards is clean.
    condition = (
      aws_ssm_parameter.live.name == "/app/test/state_machines/live/count_things"
      && aws_ssm_parameter.live.insecure_value == "{\"release\":\"2026-11-27T08:00:00Z\",\"version\":\"3\"}"
    )
    error_message = "what serves must be logged below the path, with its release"
  }

  assert {
    condition     = length(data.aws_sfn_state_machine_versions.pinned) == 0
    error_message = "without a pin there must be nothing to look up"
  }
}

run "a_pin_holds_it" {
  variables {
    deployment = merge(var.deployment, { pins = { count_things = "2", other = "1" } })
  }

  assert {
    condition = [
      for alias in [aws_sfn_alias.live, aws_sfn_alias.canary] : alias.routing_configuration[0].state_machine_version_arn
    ] == ["${aws_sfn_state_machine.this.arn}:2", "${aws_sfn_state_machine.this.arn}:2"]
    error_message = "both aliases must be on the pinned version"
  }

  assert {
    condition     = aws_ssm_parameter.live.insecure_value == jsonencode({ release = "2026-11-27T08:00:00Z", version = "2" })
    error_message = "the log must have what serves, not what is newest"
  }

  assert {
    condition     = { for parameter, found in data.aws_sfn_state_machine_versions.pinned : parameter => found.statemachine_arn } == { "/app/test/state_machines/pins/count_things = 2" = aws_sfn_state_machine.this.arn }
    error_message = "the pinned version must be looked up under the parameter's name"
  }
}

run "a_canary_tries_the_newest_version" {
  variables {
    deployment = merge(var.deployment, { pins = { count_things = "2" }, canary = true })
  }

  assert {
    condition = [
      for alias in [aws_sfn_alias.live, aws_sfn_alias.canary] : alias.routing_configuration[0].state_machine_version_arn
    ] == ["${aws_sfn_state_machine.this.arn}:2", aws_sfn_state_machine.this.state_machine_version_arn]
    error_message = "the canary must be on the newest version, live on its pin"
  }
}

run "refuses_a_pin_on_a_version_that_is_not_published" {
  command = plan
  variables {
    deployment = merge(var.deployment, { pins = { count_things = "1" } })
  }
  expect_failures = [data.aws_sfn_state_machine_versions.pinned]
}

run "refuses_a_pin_that_is_no_version" {
  command = plan
  variables {
    deployment = merge(var.deployment, { pins = { count_things = "latest" } })
  }
  expect_failures = [var.deployment]
}

run "refuses_a_path_with_a_slash_at_its_end" {
  command = plan
  variables {
    deployment = merge(var.deployment, { parameter_path = "/app/test/" })
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
