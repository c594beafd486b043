mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  name         = "dragons-test-partners"
  key          = "token_sha256"
  protect_data = true
}

run "a_table_by_one_key" {
  assert {
    condition     = output.name == "dragons-test-partners" && aws_dynamodb_table.this.hash_key == "token_sha256"
    error_message = "the table must have its name and key"
  }

  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].enabled && !aws_dynamodb_table.this.server_side_encryption[0].enabled
    error_message = "the table must be recoverable, and encrypted with the key that costs nothing"
  }

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "protect_data must protect the table"
  }
}

run "can_be_thrown_away_when_told" {
  variables {
    protect_data = false
  }

  assert {
    condition     = !aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "without protection the table must go with its environment"
  }
}

run "is_encrypted_with_the_accounts_key_when_told" {
  variables {
    kms_encryption = true
  }

  assert {
    condition     = aws_dynamodb_table.this.server_side_encryption[0].enabled
    error_message = "the table must be encrypted with the account's own key"
  }
}

run "refuses_a_bad_name_and_key" {
  command = plan
  variables {
    name = "a table"
    key  = "Token-SHA256"
  }
  expect_failures = [var.name, var.key]
}
