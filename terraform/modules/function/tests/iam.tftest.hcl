mock_provider "aws" {
  source = "../../testing/mocks"
}

run "may_write_its_log_and_traces_and_nothing_more" {
  assert {
    condition = (
      data.aws_iam_policy_document.trust.statement[0].actions == toset(["sts:AssumeRole"])
      && one(data.aws_iam_policy_document.trust.statement[0].principals).identifiers == toset(["lambda.amazonaws.com"])
    )
    error_message = "the role must trust Lambda and nothing else"
  }

  assert {
    condition = (
      data.aws_iam_policy_document.permissions.statement[0].actions == toset(["logs:CreateLogStream", "logs:PutLogEvents"])
      && data.aws_iam_policy_document.permissions.statement[0].resources == toset(["arn:aws:logs:us-east-1:000000000000:log-group:mocked:*"])
    )
    error_message = "log permissions must be for the function's own log group"
  }

  assert {
    condition     = data.aws_iam_policy_document.permissions.statement[1].actions == toset(["xray:PutTelemetryRecords", "xray:PutTraceSegments"])
    error_message = "a traced function must be able to send its traces"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.permissions.statement) == 2
    error_message = "nothing is allowed unless it is asked for"
  }
}

run "needs_no_traces_when_passing_through" {
  variables {
    tracing = "PassThrough"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.permissions.statement) == 1
    error_message = "without active tracing there is nothing to send"
  }
}

run "adds_the_statements_it_is_given" {
  variables {
    policy_statements = [
      { sid = "ReadDataset", actions = ["s3:GetObject"], resources = ["arn:aws:s3:::dataset/dragons/*"] },
    ]
  }

  assert {
    condition = (
      data.aws_iam_policy_document.permissions.statement[2].sid == "ReadDataset"
      && data.aws_iam_policy_document.permissions.statement[2].actions == toset(["s3:GetObject"])
      && data.aws_iam_policy_document.permissions.statement[2].resources == toset(["arn:aws:s3:::dataset/dragons/*"])
    )
    error_message = "the statement must be in the policy as given"
  }
}

run "refuses_every_action" {
  command = plan
  variables {
    policy_statements = [{ actions = ["*"], resources = ["arn:aws:s3:::dataset"] }]
  }
  expect_failures = [var.policy_statements]
}

run "refuses_every_action_of_a_service" {
  command = plan
  variables {
    policy_statements = [{ actions = ["s3:GetObject", "s3:*"], resources = ["arn:aws:s3:::dataset"] }]
  }
  expect_failures = [var.policy_statements]
}

run "refuses_part_of_an_action" {
  command = plan
  variables {
    policy_statements = [{ actions = ["s3:Get*"], resources = ["arn:aws:s3:::dataset"] }]
  }
  expect_failures = [var.policy_statements]
}

run "refuses_every_resource" {
  command = plan
  variables {
    policy_statements = [{ actions = ["s3:GetObject"], resources = ["*"] }]
  }
  expect_failures = [var.policy_statements]
}

run "refuses_a_statement_of_no_actions" {
  command = plan
  variables {
    policy_statements = [{ actions = [], resources = ["arn:aws:s3:::dataset"] }]
  }
  expect_failures = [var.policy_statements]
}
