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

run "holds_one_item_of_a_key_unless_told" {
  assert {
    condition     = aws_dynamodb_table.this.range_key == null && length(aws_dynamodb_table.this.attribute) == 1
    error_message = "a table without sort_key must have no other attribute"
  }
}

run "keeps_the_items_of_a_key_in_order_when_told" {
  variables {
    sort_key = "position"
  }

  assert {
    condition     = aws_dynamodb_table.this.hash_key == "token_sha256" && aws_dynamodb_table.this.range_key == "position"
    error_message = "the items of a key must be in the order of sort_key"
  }

  assert {
    condition     = { for each in aws_dynamodb_table.this.attribute : each.name => each.type } == { token_sha256 = "S", position = "S" }
    error_message = "both keys must be texts"
  }
}

run "has_no_index_unless_told" {
  assert {
    condition     = length(aws_dynamodb_table.this.global_secondary_index) == 0 && output.index_arn == null
    error_message = "an index is paid for with each write: there must be none unless told"
  }
}

run "finds_items_in_the_order_of_a_number_when_told" {
  variables {
    index = { name = "most_calls", key = "kind", sort_key = "calls", sort_key_type = "N", projection = "KEYS_ONLY" }
  }

  assert {
    condition = [for each in aws_dynamodb_table.this.global_secondary_index : [each.name, each.hash_key, each.range_key, each.projection_type]] == [
      ["most_calls", "kind", "calls", "KEYS_ONLY"]
    ]
    error_message = "the index must have its two keys, and nothing else of an item"
  }

  assert {
    condition     = { for each in aws_dynamodb_table.this.attribute : each.name => each.type } == { token_sha256 = "S", kind = "S", calls = "N" }
    error_message = "the index's keys must be a text and a number"
  }

  assert {
    condition     = output.index_arn == "${output.arn}/index/most_calls"
    error_message = "who reads the index must be able to name it"
  }
}

run "finds_whole_items_in_the_order_of_a_text_when_told" {
  variables {
    index = { name = "waiting", key = "waiting", sort_key = "since" }
  }

  assert {
    condition = [for each in aws_dynamodb_table.this.global_secondary_index : [each.name, each.hash_key, each.range_key, each.projection_type]] == [
      ["waiting", "waiting", "since", "ALL"]
    ]
    error_message = "the index must have its keys, and all of each item"
  }

  assert {
    condition     = { for each in aws_dynamodb_table.this.attribute : each.name => each.type } == { token_sha256 = "S", waiting = "S", since = "S" }
    error_message = "all keys must be texts"
  }
}

run "refuses_a_bad_index" {
  command = plan
  variables {
    index = { name = "i", key = "Kind", sort_key = "calls" }
  }
  expect_failures = [var.index]
}

run "refuses_an_index_by_the_tables_own_key" {
  command = plan
  variables {
    index = { name = "most_calls", key = "token_sha256", sort_key = "calls" }
  }
  expect_failures = [var.index]
}

run "refuses_an_index_of_something_else" {
  command = plan
  variables {
    index = { name = "most_calls", key = "kind", sort_key = "calls", sort_key_type = "B" }
  }
  expect_failures = [var.index]
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

run "refuses_a_bad_sort_key" {
  command = plan
  variables {
    sort_key = "Position"
  }
  expect_failures = [var.sort_key]
}

run "refuses_one_attribute_for_both_keys" {
  command = plan
  variables {
    sort_key = "token_sha256"
  }
  expect_failures = [var.sort_key]
}
