mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  name       = "count_things"
  deployment = { prefix = "app-test", parameter_path = "/app/test/state_machines", release = "2026-11-27T08:00:00Z" }
  definition = "{\"Comment\": \"Sends.\", \"TimeoutSeconds\": 60, \"StartAt\": \"Send\", \"States\": {\"Send\": {\"Type\": \"Pass\", \"End\": true}}}"
  policy_statements = [
    { sid = "Send", actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:us-east-1:000000000000:things"] },
  ]
}

run "is_standard_traced_and_named" {
  assert {
    condition     = output.name == "app-test-count_things" && output.arn == aws_sfn_state_machine.this.arn
    error_message = "its name must be the prefix and the name"
  }

  assert {
    condition     = aws_sfn_state_machine.this.type == "STANDARD" && aws_sfn_state_machine.this.tracing_configuration[0].enabled
    error_message = "unless told, it must be standard and traced"
  }

  assert {
    condition     = output.definition == var.definition && aws_sfn_state_machine.this.role_arn == aws_iam_role.this.arn
    error_message = "it must do what its definition says, in its own role"
  }

  assert {
    condition     = length(aws_sfn_state_machine.this.logging_configuration) == 0 && length(aws_cloudwatch_log_group.this) == 0 && output.log_group_name == null
    error_message = "unless told, nothing must be logged"
  }
}

run "its_role_may_do_what_it_is_given_and_trace" {
  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal == { Service = "states.amazonaws.com" } && aws_iam_role.this.name == "app-test-count_things"
    error_message = "the role must trust Step Functions and nothing else"
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this[0].policy).Statement[0] == {
      Sid = "Send", Effect = "Allow", Action = ["sqs:SendMessage"], Resource = ["arn:aws:sqs:us-east-1:000000000000:things"]
    }
    error_message = "the statement must be in the policy as given"
  }

  assert {
    condition     = [for statement in jsondecode(output.policy).Statement : statement.Sid if try(statement.Resource == "*", false)] == ["Trace"]
    error_message = "only X-Ray, which accepts no ARN, has the resource *"
  }
}

run "what_has_no_arn_is_allowed_by_what_is_left_out" {
  variables {
    policy_statements = [{ actions = ["sns:Publish"], not_resources = ["arn:*:sns:*:*:*"] }]
  }

  assert {
    condition     = jsondecode(output.policy).Statement[0] == { Effect = "Allow", Action = ["sns:Publish"], NotResource = ["arn:*:sns:*:*:*"] }
    error_message = "a statement must be able to leave resources out"
  }
}

run "is_logged_when_told" {
  variables {
    tracing = false
    logging = { level = "ALL", retention_days = 14, include_data = true }
  }

  assert {
    condition     = aws_cloudwatch_log_group.this[0].name == "/aws/vendedlogs/states/app-test-count_things" && aws_cloudwatch_log_group.this[0].retention_in_days == 14
    error_message = "the log must have a group of its own, and an end"
  }

  assert {
    condition = (
      aws_sfn_state_machine.this.logging_configuration[0].level == "ALL"
      && aws_sfn_state_machine.this.logging_configuration[0].include_execution_data
      && aws_sfn_state_machine.this.logging_configuration[0].log_destination == "${aws_cloudwatch_log_group.this[0].arn}:*"
    )
    error_message = "the machine must write all there, with data"
  }

  assert {
    condition     = [for statement in jsondecode(output.policy).Statement : statement.Sid] == ["Send", "DeliverLog"]
    error_message = "the role must be able to deliver the log, and need not trace"
  }
}

run "an_express_machine_logs_its_errors_unless_told" {
  variables {
    type = "EXPRESS"
  }

  assert {
    condition     = aws_sfn_state_machine.this.type == "EXPRESS" && aws_sfn_state_machine.this.logging_configuration[0].level == "ERROR"
    error_message = "nothing else tells why an express execution failed"
  }

  assert {
    condition     = !aws_sfn_state_machine.this.logging_configuration[0].include_execution_data && output.log_group_name == aws_cloudwatch_log_group.this[0].name
    error_message = "callers' data must not be in it"
  }
}

run "an_express_machine_logs_nothing_when_told" {
  variables {
    type    = "EXPRESS"
    logging = { level = "OFF" }
  }

  assert {
    condition     = length(aws_sfn_state_machine.this.logging_configuration) == 0 && length(aws_cloudwatch_log_group.this) == 0
    error_message = "OFF must be off"
  }
}

run "without_anything_to_do_there_is_no_policy" {
  variables {
    policy_statements = []
    tracing           = false
  }

  assert {
    condition     = length(aws_iam_role_policy.this) == 0
    error_message = "IAM refuses a policy without statements"
  }
}

run "refuses_bad_names_and_kinds" {
  command = plan
  variables {
    name       = "Count-Things"
    definition = "{\"StartAt\": \"Nowhere\", \"States\": {}}"
    type       = "FAST"
    logging    = { level = "DEBUG" }
  }
  expect_failures = [var.name, var.definition, var.type, var.logging]
}

run "refuses_a_machine_that_says_nothing_or_may_run_forever" {
  command = plan
  variables {
    definition = "{\"StartAt\": \"Send\", \"States\": {\"Send\": {\"Type\": \"Pass\", \"End\": true}}}"
  }
  expect_failures = [var.definition]
}

run "refuses_a_bad_prefix" {
  command = plan
  variables {
    deployment = { prefix = "App_", parameter_path = "/app/test", release = "r" }
  }
  expect_failures = [var.deployment]
}

run "refuses_a_name_too_long_for_its_role" {
  command = plan
  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  expect_failures = [var.name]
}

run "refuses_part_of_an_action" {
  command = plan
  variables {
    policy_statements = [{ actions = ["sqs:Send*"], resources = ["arn:aws:sqs:us-east-1:000000000000:things"] }]
  }
  expect_failures = [var.policy_statements]
}

run "refuses_every_resource" {
  command = plan
  variables {
    policy_statements = [{ actions = ["sqs:SendMessage"], resources = ["*"] }]
  }
  expect_failures = [var.policy_statements]
}

run "refuses_neither_resources_nor_what_is_left_out" {
  command = plan
  variables {
    policy_statements = [{ actions = ["sqs:SendMessage"] }]
  }
  expect_failures = [var.policy_statements]
}

run "refuses_a_statement_of_no_resources" {
  command = plan
  variables {
    policy_statements = [{ actions = ["sqs:SendMessage"], resources = [] }]
  }
  expect_failures = [var.policy_statements]
}
