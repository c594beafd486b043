mock_provider "aws" {
  source = "../testing/mocks"
}

run "nothing_is_halted_by_default" {
  command = plan

  assert {
    condition     = output.halted == {} && data.aws_ssm_parameters_by_path.halted.path == "/dragons/test/halted"
    error_message = "without an input and a parameter every function must run"
  }
}

run "an_apply_keeps_halted_what_make_halt_has_stopped_and_what_the_environment_names" {
  command = plan
  variables {
    halted               = ["list_dragons", "write_dataset"]
    reserved_concurrency = { validate_dragon = 20 }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.halted
    values = { names = ["/dragons/test/halted/tally_families", "/dragons/test/halted/write_dataset"], values = ["{}", "{}"] }
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

run "refuses_functions_that_there_are_not" {
  command = plan
  variables {
    halted               = ["count_dragons"]
    reserved_concurrency = { count_dragons = 5 }
  }
  expect_failures = [var.halted, var.reserved_concurrency]
}

run "refuses_a_reservation_of_nothing" {
  command = plan
  variables {
    reserved_concurrency = { list_dragons = 0 }
  }
  expect_failures = [var.reserved_concurrency]
}

run "refuses_a_parameter_of_no_function" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.halted
    values = { names = ["/dragons/test/halted/count_dragons"], values = ["{}"] }
  }
  expect_failures = [data.aws_ssm_parameters_by_path.halted]
}
