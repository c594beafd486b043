mock_provider "aws" {
  source = "../testing/mocks"
}

run "the_newest_versions_serve_by_default" {
  assert {
    condition     = output.pinned == {} && output.canary_percent == 0
    error_message = "without parameters there must be no pin and no canary"
  }

  assert {
    condition     = output.parameter_path == "/dragons/test" && output.rest_api_stage == "v1" && output.rest_api_id == module.rest_api.rest_api_id
    error_message = "promote and rollback must be told where things are"
  }

  assert {
    condition = (
      data.aws_ssm_parameters_by_path.pins.path == "/dragons/test/pins"
      && data.aws_ssm_parameters_by_path.canary.path == "/dragons/test/canary"
    )
    error_message = "the parameters must be those of the environment"
  }

  assert {
    condition     = can(formatdate("YYYY", terraform_data.release.input))
    error_message = "a release must be named by its time, so that names sort"
  }
}

run "other_code_is_another_release_and_no_other_deployment_of_the_api" {
  variables {
    repository_root = "../testing/repository"
  }

  assert {
    condition     = output.release != run.the_newest_versions_serve_by_default.release
    error_message = "the other manifest must name another release"
  }

  # A stage with a canary takes no other deployment, and every change of code would want one.
  assert {
    condition     = output.rest_api_deployment_trigger == run.the_newest_versions_serve_by_default.rest_api_deployment_trigger
    error_message = "code must move aliases and the stage's variable, and deploy the API no more"
  }
}

run "pins_and_a_canary_are_read_from_parameters" {
  command = plan
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

  assert {
    condition     = output.pinned == { list_dragons = "3", write_dataset = "12" }
    error_message = "the output must tell the versions that pins hold"
  }

  assert {
    condition     = output.canary_percent == 12.5
    error_message = "the output must tell the canary's share"
  }
}

run "a_share_of_nothing_is_no_canary" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/percent"], values = ["0"] }
  }

  assert {
    condition     = output.canary_percent == 0
    error_message = "a share of 0 must be understood"
  }
}

run "refuses_a_pin_of_a_function_that_there_is_not_and_a_share_that_is_no_number" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.pins
    values = { names = ["/dragons/test/pins/count_dragons"], values = ["3"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/percent"], values = ["ten"] }
  }
  expect_failures = [data.aws_ssm_parameters_by_path.pins, data.aws_ssm_parameters_by_path.canary]
}

run "refuses_a_pin_that_is_no_version_and_a_canary_of_more_than_everything" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.pins
    values = { names = ["/dragons/test/pins/list_dragons"], values = ["latest"] }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/percent"], values = ["101"] }
  }
  expect_failures = [data.aws_ssm_parameters_by_path.pins, data.aws_ssm_parameters_by_path.canary]
}

run "refuses_a_canary_parameter_that_it_does_not_know" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/test/canary/share"], values = ["10"] }
  }
  expect_failures = [data.aws_ssm_parameters_by_path.canary]
}

run "a_shift_is_read_from_its_parameter_and_warned_of" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.shifts
    values = { names = ["/dragons/test/shifts/list_dragons"], values = ["{\"held\": \"3\", \"percent\": 10}"] }
  }
  expect_failures = [check.shifts]
}

run "refuses_a_shift_of_no_function_or_without_its_percent" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.shifts
    values = { names = ["/dragons/test/shifts/count_dragons"], values = ["3"] }
  }
  expect_failures = [data.aws_ssm_parameters_by_path.shifts]
}
