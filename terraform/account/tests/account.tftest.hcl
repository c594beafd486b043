mock_provider "aws" {
  source = "../testing/mocks"
}

variables {
  account_id = "000000000000"
}

run "has_a_role_for_api_gateways_logs" {
  assert {
    condition     = output.api_gateway_role_arn == "arn:aws:iam::000000000000:role/mocked"
    error_message = "the account must have the role"
  }
}

run "refuses_no_account_and_a_zone_for_a_region" {
  command = plan
  variables {
    account_id = "dev"
    region     = "us-east-1a"
  }
  expect_failures = [var.account_id, var.region]
}
