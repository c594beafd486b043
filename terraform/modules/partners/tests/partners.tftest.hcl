mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  prefix       = "dragons-test"
  protect_data = true
}

run "table_of_hashes" {
  assert {
    condition     = output.table_name == "dragons-test-partners" && aws_dynamodb_table.partners.hash_key == "token_sha256"
    error_message = "the table's name and key are fixed"
  }

  assert {
    condition     = aws_dynamodb_table.partners.point_in_time_recovery[0].enabled && aws_dynamodb_table.partners.server_side_encryption[0].enabled
    error_message = "the table must be encrypted and recoverable"
  }

  assert {
    condition     = aws_dynamodb_table.partners.deletion_protection_enabled
    error_message = "protect_data must protect the table"
  }
}

run "can_be_thrown_away_when_told" {
  variables {
    protect_data = false
  }

  assert {
    condition     = !aws_dynamodb_table.partners.deletion_protection_enabled
    error_message = "without protection the table must go with its environment"
  }
}

run "refuses_a_bad_prefix" {
  command = plan
  variables {
    prefix = "Dragons_"
  }
  expect_failures = [var.prefix]
}
