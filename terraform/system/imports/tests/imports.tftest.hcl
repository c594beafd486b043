mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  context = {
    prefix         = "dragons-test"
    account_id     = "000000000000"
    region         = "us-east-1"
    protect_data   = true
    kms_encryption = false
    machines       = { prefix = "dragons-test", parameter_path = "/dragons/test/state_machines", release = "2026-11-27T08:00:00Z", pins = {}, canary = false }
  }
  start_import = {
    function_name = "dragons-test-start_import"
    alias_name    = "live"
    alias_arn     = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-start_import:live"
  }
  read_import_arn   = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-read_import:live"
  finish_import_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-finish_import:live"
  report_dragon = {
    arn      = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon"
    live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon:live"
  }
  event_bus = { name = "dragons-test", arn = "arn:aws:events:us-east-1:000000000000:event-bus/dragons-test" }
  imports   = { max_concurrency = 7, tolerated_failure_percentage = 5, history_days = 30, work_days = 7 }
}

run "a_file_that_is_put_starts_its_import_by_the_alias" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_notification.files.lambda_function[0].lambda_function_arn == var.start_import.alias_arn
      && aws_s3_bucket_notification.files.lambda_function[0].events == toset(["s3:ObjectCreated:*"])
    )
    error_message = "every object that is created must be told to the alias"
  }

  assert {
    condition = (
      aws_lambda_permission.files.qualifier == "live" && aws_lambda_permission.files.principal == "s3.amazonaws.com"
      && aws_lambda_permission.files.source_arn == "arn:aws:s3:::mocked" && aws_lambda_permission.files.source_account == "000000000000"
    )
    error_message = "only this account's bucket may invoke the alias: a bucket's name could become another account's"
  }
}

run "the_definition_is_told_its_limits" {
  command = plan

  assert {
    condition     = jsondecode(module.import_dragons.definition).States.ImportLines.MaxConcurrency == 7
    error_message = "as many lines at once as the input says"
  }

  assert {
    condition     = strcontains(module.import_dragons.definition, "\"ToleratedFailurePercentage\": 5.0")
    error_message = "the percent must have a fraction, which every reader of the language takes"
  }
}

run "the_role_is_narrow" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(module.import_dragons.policy).Statement :
      statement.Sid if try(statement.Resource == "*", false)
    ] == ["Trace"]
    error_message = "only X-Ray, which accepts no ARN, has the resource *"
  }

  assert {
    condition = {
      for statement in jsondecode(module.import_dragons.policy).Statement : statement.Sid => statement.Resource
      if contains(["MapLines", "ReportDragon", "FollowReports", "WriteFailure"], statement.Sid)
      } == {
      MapLines      = ["arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-import_dragons"]
      ReportDragon  = [var.report_dragon.arn]
      FollowReports = ["arn:aws:states:us-east-1:000000000000:execution:dragons-test-report_dragon:*"]
      WriteFailure  = ["arn:aws:s3:::mocked/results/*"]
    }
    error_message = "it may start itself and reports, follow these, and write results"
  }
}

run "what_is_worked_on_goes_and_files_stay" {
  command = plan

  assert {
    condition     = output.bucket.name == "dragons-test-000000000000-imports" && output.work_bucket.name == "dragons-test-000000000000-imports-work"
    error_message = "the buckets must be named by what they are for"
  }
}
