mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  context = {
    prefix         = "dragons-test"
    parameter_path = "/dragons/test"
    region         = "us-east-1"
    account_id     = "000000000000"
    protect_data   = true
    kms_encryption = false
    machines       = { prefix = "dragons-test", parameter_path = "/dragons/test/state_machines", release = "2026-11-27T08:00:00Z", pins = {}, canary = false }
  }
  query_engine         = "scan"
  dataset_history_days = 7
  compaction           = { schedule = "rate(1 day)", max_concurrency = 7 }
  compact_family_arn   = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-compact_family:live"
  rebuild_dataset_arn  = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-rebuild_dataset:live"
}

run "compacts_the_dataset_by_its_alias_on_a_schedule" {
  assert {
    condition = (
      aws_cloudwatch_event_rule.compact_dataset.schedule_expression == "rate(1 day)"
      && aws_cloudwatch_event_target.compact_dataset.arn == output.state_machines.compact_dataset.live_arn
    )
    error_message = "the rule must start the alias live"
  }

  assert {
    condition     = jsondecode(module.compact_dataset.definition).States.CompactFamilies.MaxConcurrency == 7
    error_message = "so many families must be merged at once"
  }

  assert {
    condition = {
      for statement in jsondecode(module.compact_dataset.policy).Statement : statement.Sid => statement.Resource
      if contains(["ListFamilies", "CompactAndRebuild", "MapFamilies"], try(statement.Sid, ""))
      } == {
      ListFamilies      = ["arn:aws:s3:::mocked"]
      CompactAndRebuild = [var.compact_family_arn, var.rebuild_dataset_arn]
      MapFamilies       = ["arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-compact_dataset"]
    }
    error_message = "the machine must list families, and have them merged"
  }
}

run "table_dataset_and_parameters" {
  assert {
    condition     = output.table_name == "dragons-test-dragons" && aws_dynamodb_table.dragons.hash_key == "dragon_name_str"
    error_message = "the table's name and key are fixed"
  }

  assert {
    condition = toset([
      for each in aws_dynamodb_table.dragons.global_secondary_index : join(" ", compact([each.name, each.hash_key, each.range_key]))
    ]) == toset(["${output.family_index.name} family_str", "${output.name_index.name} registry dragon_name_str"])
    error_message = "an index must tell whether a family is known, and another all names in order"
  }

  assert {
    condition = (
      endswith(output.family_index.arn, "/index/by_family") && endswith(output.name_index.arn, "/index/by_name")
      && alltrue([for each in aws_dynamodb_table.dragons.global_secondary_index : each.projection_type == "KEYS_ONLY"])
    )
    error_message = "the indexes must hold keys alone, and be found by their ARNs"
  }

  assert {
    condition     = aws_dynamodb_table.dragons.billing_mode == "PAY_PER_REQUEST"
    error_message = "the table must be paid by use"
  }

  assert {
    condition     = aws_dynamodb_table.dragons.stream_enabled && aws_dynamodb_table.dragons.stream_view_type == "NEW_AND_OLD_IMAGES"
    error_message = "consumers need each record as it was and as it is"
  }

  assert {
    condition     = aws_dynamodb_table.dragons.point_in_time_recovery[0].enabled && !aws_dynamodb_table.dragons.server_side_encryption[0].enabled
    error_message = "the table must be recoverable, and encrypted with the key that costs nothing"
  }

  assert {
    condition     = aws_dynamodb_table.dragons.deletion_protection_enabled
    error_message = "protect_data must protect the table"
  }

  assert {
    condition     = output.dataset_bucket == "dragons-test-000000000000-dataset"
    error_message = "the dataset's bucket must carry environment and account"
  }

  assert {
    condition     = aws_ssm_parameter.dataset_bucket.name == "/dragons/test/dataset_bucket" && aws_ssm_parameter.dataset_bucket.insecure_value == output.dataset_bucket
    error_message = "/dragons/<env>/dataset_bucket must hold the bucket's name"
  }

  assert {
    condition     = aws_ssm_parameter.dataset_prefix.name == "/dragons/test/dataset_prefix" && aws_ssm_parameter.dataset_prefix.insecure_value == "dragons/"
    error_message = "/dragons/<env>/dataset_prefix must be dragons/"
  }

  assert {
    condition     = aws_ssm_parameter.query_engine.name == "/dragons/test/query_engine" && aws_ssm_parameter.query_engine.insecure_value == "scan"
    error_message = "/dragons/<env>/query_engine must be scan unless told otherwise"
  }

  assert {
    condition = { for key, parameter in output.parameters : key => parameter.name } == {
      dataset_bucket = "/dragons/test/dataset_bucket"
      dataset_prefix = "/dragons/test/dataset_prefix"
      query_engine   = "/dragons/test/query_engine"
    }
    error_message = "each parameter must be found by its last name"
  }
}

run "is_encrypted_with_the_accounts_key_when_told" {
  variables {
    context = merge(var.context, { kms_encryption = true })
  }

  assert {
    condition     = aws_dynamodb_table.dragons.server_side_encryption[0].enabled
    error_message = "the table must be encrypted with the account's own key"
  }
}

run "can_be_thrown_away_when_told" {
  variables {
    context = merge(var.context, { protect_data = false })
  }

  assert {
    condition     = !aws_dynamodb_table.dragons.deletion_protection_enabled
    error_message = "without protection the table must go with its environment"
  }
}
