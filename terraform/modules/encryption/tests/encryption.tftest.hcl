mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  name       = "app-test"
  region     = "eu-west-1"
  account_id = "123456789012"
  context    = { environment = "test", purpose = "configuration" }
}

run "rotates_and_waits_before_it_goes" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "the key must rotate, and can be brought back for 30 days unless told"
  }

  assert {
    condition     = output.alias == "alias/app-test" && startswith(aws_kms_key.this.description, "app-test: ")
    error_message = "the key must be found by its name, with its alias and without"
  }
}

run "names_each_action_and_lets_the_account_alone_use_it" {
  command = plan

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.this.statement :
      alltrue([for action in statement.actions : can(regex("^kms:[A-Za-z]+$", action))])
      && one(statement.principals).identifiers == toset(["arn:aws:iam::123456789012:root"])
    ])
    error_message = "every action must be named, for the account alone"
  }

  assert {
    condition = alltrue([
      for action in ["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"] :
      !contains(data.aws_iam_policy_document.this.statement[0].actions, action)
    ])
    error_message = "who administers the key must not use it by that alone"
  }

  assert {
    condition     = contains(data.aws_iam_policy_document.this.statement[0].actions, "kms:PutKeyPolicy")
    error_message = "the account must never be locked out of its key"
  }
}

run "is_used_by_services_and_in_contexts_that_are_named" {
  command = plan

  assert {
    condition = [
      for statement in slice(data.aws_iam_policy_document.this.statement, 1, 5) :
      { for condition in statement.condition : condition.variable => one(condition.values) }
      ] == [
      { "kms:ViaService" = "lambda.eu-west-1.amazonaws.com" },
      { "kms:EncryptionContext:aws:lambda:FunctionArn" = "arn:aws:lambda:eu-west-1:123456789012:function:app-test-*" },
      { "kms:ViaService" = "ssm.eu-west-1.amazonaws.com" },
      { "kms:EncryptionContext:environment" = "test", "kms:EncryptionContext:purpose" = "configuration" },
    ]
    error_message = "each use must have its condition"
  }
}

run "refuses_what_kms_would" {
  command = plan
  variables {
    name          = "App Test"
    account_id    = "1234"
    context       = {}
    deletion_days = 6
  }
  expect_failures = [var.name, var.account_id, var.context, var.deletion_days]
}
