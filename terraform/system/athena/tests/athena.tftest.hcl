mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"

  mock_resource "aws_athena_workgroup" {
    defaults = { arn = "arn:aws:athena:us-east-1:000000000000:workgroup/dragons-test" }
  }
}

variables {
  context = { prefix = "dragons-my-test", region = "us-east-1", account_id = "000000000000", protect_data = true }
  athena  = { bytes_per_query = 20000000, result_days = 1 }
  dataset = { bucket = "dataset", bucket_arn = "arn:aws:s3:::dataset", prefix = "dragons/" }
}

run "a_query_reads_no_more_than_its_limit_and_its_result_goes" {
  command = plan

  assert {
    condition = (
      aws_athena_workgroup.dragons.configuration[0].bytes_scanned_cutoff_per_query == 20000000
      && aws_athena_workgroup.dragons.configuration[0].enforce_workgroup_configuration
    )
    error_message = "nobody may get around the limit of bytes"
  }

  assert {
    condition = (
      aws_athena_workgroup.dragons.configuration[0].result_configuration[0].output_location == "s3://dragons-my-test-000000000000-athena/"
      && aws_athena_workgroup.dragons.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_S3"
      && module.results.noncurrent_days == 1
    )
    error_message = "results must go to a bucket of their own, encrypted, and be gone after a day"
  }

  assert {
    condition     = !aws_athena_workgroup.dragons.force_destroy
    error_message = "protect_data must protect the workgroup's history"
  }
}

run "lines_are_text_of_the_same_folders_as_a_whole_and_by_family" {
  command = plan

  assert {
    condition     = output.database == "dragons_my_test" && output.workgroup == "dragons-my-test"
    error_message = "Glue takes no hyphens"
  }

  assert {
    condition = alltrue([for table in [aws_glue_catalog_table.dragons, aws_glue_catalog_table.dragons_by_family] : (
      table.storage_descriptor[0].location == "s3://dataset/dragons/"
      && [for column in table.storage_descriptor[0].columns : "${column.name} ${column.type}"] == ["line string"]
      && endswith(table.storage_descriptor[0].ser_de_info[0].serialization_library, ".LazySimpleSerDe")
    )])
    error_message = "a table must have the lines as they are, below the dataset's prefix"
  }

  assert {
    condition = (
      [for key in aws_glue_catalog_table.dragons_by_family.partition_keys : key.name] == ["family_str"]
      && aws_glue_catalog_table.dragons_by_family.parameters["projection.enabled"] == "true"
      && aws_glue_catalog_table.dragons_by_family.parameters["projection.family_str.type"] == "injected"
      && aws_glue_catalog_table.dragons_by_family.parameters["storage.location.template"] == "s3://dataset/dragons/family_str=$${family_str}/"
    )
    error_message = "a family's folder must be found by its name in the query"
  }
}

run "who_queries_may_do_that_in_this_workgroup_alone" {
  command = plan

  assert {
    condition = { for statement in output.policy_statements : statement.sid => statement.resources } == {
      Query = ["arn:aws:athena:us-east-1:000000000000:workgroup/dragons-test"]
      ReadCatalog = [
        "arn:aws:glue:us-east-1:000000000000:catalog",
        "arn:aws:glue:us-east-1:000000000000:database/dragons_my_test",
        "arn:aws:glue:us-east-1:000000000000:table/dragons_my_test/dragons",
        "arn:aws:glue:us-east-1:000000000000:table/dragons_my_test/dragons_by_family",
      ]
      LocateBuckets = ["arn:aws:s3:::mocked", "arn:aws:s3:::dataset"]
      ListResults   = ["arn:aws:s3:::mocked"]
      KeepResults   = ["arn:aws:s3:::mocked/*"]
    }
    error_message = "each statement must name its own resources"
  }

  assert {
    condition     = alltrue([for statement in output.policy_statements : !strcontains(join(" ", statement.actions), "*")])
    error_message = "every action must be named"
  }
}

run "results_stay_where_no_days_are_given_and_all_can_be_thrown_away" {
  command = plan
  variables {
    context = { prefix = "dragons-test", region = "us-east-1", account_id = "000000000000", protect_data = false }
    athena  = { bytes_per_query = 10485760, result_days = null }
  }

  assert {
    condition     = module.results.noncurrent_days == null && aws_athena_workgroup.dragons.force_destroy
    error_message = "null must mean for good, and without protection the workgroup must go with its queries"
  }
}
