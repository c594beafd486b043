# What commands leave in parameters, and an apply keeps. The refusals of several parameters share a run: each plans the
# whole system.
mock_provider "aws" {
  source = "../testing/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "../testing/mocks"
}

run "an_apply_keeps_what_commands_have_pinned_shared_and_halted" {
  command = plan
  variables {
    halted               = ["list_dragons", "write_dataset"]
    reserved_concurrency = { validate_dragon = 20 }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.pins
    values = {
      names  = ["/dragons/test/pins/list_dragons", "/dragons/test/pins/write_dataset"]
      values = ["3", "12"]
    }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/percent"], values = ["12.5"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.machine_pins
    values = { names = ["/dragons/test/state_machines/pins/compact_dataset"], values = ["2"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.halted
    values = { names = ["/dragons/test/halted/tally_families", "/dragons/test/halted/write_dataset"], values = ["{}", "{}"] }
  }

  assert {
    condition     = output.pinned == { list_dragons = "3", write_dataset = "12" } && output.pinned_state_machines == { compact_dataset = "2" }
    error_message = "the output must tell the versions that pins hold"
  }

  assert {
    condition     = output.canary_percent == 12.5
    error_message = "the output must tell the canary's share"
  }

  assert {
    # no command takes the input back, so it counts first
    condition     = output.halted == { list_dragons = "input", tally_families = "parameter", write_dataset = "input" }
    error_message = "the output must tell what is halted, and why"
  }

  assert {
    condition     = module.list_dragons.halted && module.tally_families.halted && module.write_dataset.halted && !module.announce_dragon.halted
    error_message = "those functions must be halted, and no other"
  }
}

run "a_shift_is_warned_of_and_a_share_of_nothing_is_no_canary" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.shifts
    values = { names = ["/dragons/test/shifts/list_dragons"], values = ["{\"held\": \"3\", \"percent\": 10}"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/percent"], values = ["0"] }
  }
  expect_failures = [check.shifts]

  assert {
    condition     = output.canary_percent == 0
    error_message = "a share of 0 must be understood"
  }
}

run "refuses_parameters_of_no_function_and_a_share_that_is_no_number" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.machine_pins
    values = { names = ["/dragons/test/state_machines/pins/list_dragons"], values = ["3"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.pins
    values = { names = ["/dragons/test/pins/count_dragons"], values = ["3"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/percent"], values = ["ten"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.shifts
    values = { names = ["/dragons/test/shifts/count_dragons"], values = ["{\"held\": \"3\", \"percent\": 10}"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.halted
    values = { names = ["/dragons/test/halted/count_dragons"], values = ["{}"] }
  }
  expect_failures = [
    data.aws_ssm_parameters_by_path.pins, data.aws_ssm_parameters_by_path.canary,
    data.aws_ssm_parameters_by_path.shifts, data.aws_ssm_parameters_by_path.halted,
    data.aws_ssm_parameters_by_path.machine_pins,
  ]
}

run "refuses_a_pin_that_is_no_version_a_shift_without_its_percent_and_a_canary_of_more_than_everything" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.pins
    values = { names = ["/dragons/test/pins/list_dragons"], values = ["latest"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.machine_pins
    values = { names = ["/dragons/test/state_machines/pins/report_dragon"], values = ["0"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/percent"], values = ["101"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.shifts
    values = { names = ["/dragons/test/shifts/list_dragons"], values = ["3"] }
  }
  expect_failures = [
    data.aws_ssm_parameters_by_path.pins, data.aws_ssm_parameters_by_path.canary,
    data.aws_ssm_parameters_by_path.shifts, data.aws_ssm_parameters_by_path.machine_pins,
  ]
}

run "refuses_a_canary_parameter_that_it_does_not_know" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/share"], values = ["10"] }
  }
  expect_failures = [data.aws_ssm_parameters_by_path.canary]
}
