mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  prefix = "dragons-test"
}

run "gives_api_gateway_a_role_for_its_logs" {
  assert {
    condition     = output.role_arn == aws_iam_role.logs.arn && aws_iam_role.logs.name == "dragons-test-api_gateway_logs"
    error_message = "the account must hold the module's own role"
  }

  assert {
    condition     = jsondecode(aws_iam_role.logs.assume_role_policy).Statement[0].Principal == { Service = "apigateway.amazonaws.com" }
    error_message = "the role must trust API Gateway and nothing else"
  }

  assert {
    condition     = aws_iam_role_policy_attachment.logs.policy_arn == "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    error_message = "the role must have AWS's own policy for it"
  }
}

run "refuses_a_bad_prefix" {
  command = plan
  variables {
    prefix = "Dragons_"
  }
  expect_failures = [var.prefix]
}
