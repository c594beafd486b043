mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  prefix       = "dragons-test"
  protect_data = true
}

run "a_row_a_person" {
  assert {
    condition     = output.table_name == "dragons-test-reporters" && aws_dynamodb_table.reporters.hash_key == "sub"
    error_message = "the table's name and key are fixed"
  }

  assert {
    condition     = aws_dynamodb_table.reporters.point_in_time_recovery[0].enabled && aws_dynamodb_table.reporters.server_side_encryption[0].enabled
    error_message = "the table must be encrypted and recoverable"
  }

  assert {
    condition     = aws_dynamodb_table.reporters.deletion_protection_enabled
    error_message = "protect_data must protect the table"
  }
}

run "can_be_thrown_away_when_told" {
  variables {
    protect_data = false
  }

  assert {
    condition     = !aws_dynamodb_table.reporters.deletion_protection_enabled
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
