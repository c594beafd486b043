mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

mock_provider "aws" {
  alias           = "us_east_1"
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  repository_root = "../../.."
}

run "gives_what_others_need_to_know" {
  command = plan
  variables {
    endpoint = "http://127.0.0.1:4631"
  }
  override_data {
    target = module.dragons.data.aws_ssm_parameters_by_path.pins
    values = { names = ["/dragons/local/pins/list_dragons"], values = ["3"] }
  }
  override_data {
    target = module.dragons.data.aws_ssm_parameters_by_path.canary
    values = { names = ["/dragons/local/canary/percent"], values = ["10"] }
  }
  override_data {
    target = module.dragons.data.aws_ssm_parameters_by_path.machine_pins
    values = { names = ["/dragons/local/state_machines/pins/report_dragon"], values = ["2"] }
  }

  assert {
    condition     = output.dragons_table == "dragons-local-dragons"
    error_message = "dragons_table must be the environment's own"
  }

  assert {
    condition     = output.partners_table == "dragons-local-partners" && output.partners_usage_plan_id != null
    error_message = "what a partner needs to be added must be told"
  }

  assert {
    condition     = output.pinned == { list_dragons = "3" } && output.pinned_state_machines == { report_dragon = "2" } && output.canary_percent == 10
    error_message = "pins and canary must be told"
  }

  assert {
    condition     = output.parameter_path == "/dragons/local" && output.rest_api_id != null && output.rest_api_stage == "v1"
    error_message = "what promote and rollback need must be told"
  }

  assert {
    condition     = output.dataset_bucket == "dragons-local-000000000000-dataset"
    error_message = "dataset_bucket must be the environment's own"
  }

  assert {
    condition     = output.functions.list_dragons == "arn:aws:lambda:us-east-1:000000000000:function:dragons-local-list_dragons:live"
    error_message = "functions must give the ARN of each live alias"
  }

  assert {
    condition     = can(regex(":stateMachine:[^:]+$", output.report_dragon_arn))
    error_message = "report_dragon_arn must be unqualified"
  }

  assert {
    condition     = can(regex("^http://127\\.0\\.0\\.1:4631/_aws/execute-api/[^/]+/v1$", output.rest_api_url))
    error_message = "rest_api_url must be where this environment's API answers, on the local cloud's own port, ending with the stage"
  }

  assert {
    condition     = output.identity_pool_id == "us-east-1:00000000-0000-0000-0000-000000000000"
    error_message = "the identity pool must be told"
  }
}

# Of each variable of a root: the environments share all but the first.
run "refuses_paths_with_a_slash_at_their_end_and_another_word_on_placeholders" {
  command = plan
  variables {
    endpoint            = "http://127.0.0.1:4566/"
    repository_root     = "../../../"
    placeholder_domains = "refuse"
  }
  expect_failures = [var.endpoint, var.repository_root, var.placeholder_domains]
}
