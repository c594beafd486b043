mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  environment = { TABLE = "dragons" }
  encrypted = {
    key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    context = { environment = "test", purpose = "configuration" }
  }
  # As long as what KMS gives back for a short text.
  secret = "AQICAHhNZXRhbGxpY2FsbHkgc2hhcnAgdGVldGgsIGFuZCBhIHdhcm0gaGVhcnQgYmVsb3cgYWxsIHRoYXQgc2NhbGVzLg=="
}

run "has_lambdas_own_key_unless_told" {
  command = plan

  assert {
    condition     = aws_lambda_function.this.kms_key_arn == null && length(data.aws_iam_policy_document.permissions.statement) == 2
    error_message = "without a key of the environment there must be none, and no permission for one"
  }
}

run "keeps_its_variables_with_the_environments_key" {
  command = plan
  variables {
    deployment = merge(var.deployment, { encryption = var.encrypted })
  }

  assert {
    condition     = aws_lambda_function.this.kms_key_arn == var.encrypted.key_arn && one(aws_lambda_function.this.environment).variables == tomap({ TABLE = "dragons" })
    error_message = "the variables must be encrypted with the key"
  }

  assert {
    condition = (
      data.aws_iam_policy_document.permissions.statement[2].actions == toset(["kms:Decrypt"])
      && data.aws_iam_policy_document.permissions.statement[2].resources == toset([var.encrypted.key_arn])
      && one(data.aws_iam_policy_document.permissions.statement[2].condition).variable == "kms:EncryptionContext:aws:lambda:FunctionArn"
      && one(data.aws_iam_policy_document.permissions.statement[2].condition).values == tolist([
        "arn:aws:lambda:eu-west-1:123456789012:function:dragons-test-list_dragons",
        "arn:aws:lambda:eu-west-1:123456789012:function:dragons-test-list_dragons:*",
      ])
    )
    error_message = "the role must decrypt the function's own variables alone"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.permissions.statement) == 3
    error_message = "who has no secrets must decrypt none"
  }
}

run "names_no_key_where_there_is_nothing_to_encrypt" {
  command = plan
  variables {
    environment = {}
    deployment  = merge(var.deployment, { encryption = var.encrypted })
  }

  assert {
    condition     = aws_lambda_function.this.kms_key_arn == null && length(data.aws_iam_policy_document.permissions.statement) == 2
    error_message = "Lambda keeps no key for a function without variables: it would differ in every plan"
  }
}

run "is_told_how_its_secrets_were_encrypted_and_may_decrypt_them" {
  command = plan
  variables {
    deployment = merge(var.deployment, { encryption = var.encrypted })
    secrets    = { PASSWORD = var.secret }
  }

  assert {
    condition     = one(aws_lambda_function.this.environment).variables == tomap({ TABLE = "dragons", PASSWORD = var.secret, ENCRYPTION = jsonencode(var.encrypted) })
    error_message = "a secret must be a variable as it was given, beside how it was encrypted"
  }

  assert {
    condition = (
      data.aws_iam_policy_document.permissions.statement[3].actions == toset(["kms:Decrypt"])
      && data.aws_iam_policy_document.permissions.statement[3].resources == toset([var.encrypted.key_arn])
      && { for condition in data.aws_iam_policy_document.permissions.statement[3].condition : condition.variable => one(condition.values) } == {
        "kms:EncryptionContext:environment" = "test", "kms:EncryptionContext:purpose" = "configuration"
      }
    )
    error_message = "the role must decrypt secrets of this context alone"
  }
}

run "refuses_a_secret_without_a_key" {
  command = plan
  variables {
    secrets = { PASSWORD = var.secret }
  }
  expect_failures = [var.secrets]
}

run "refuses_a_secret_that_is_not_encrypted" {
  command = plan
  variables {
    deployment = merge(var.deployment, { encryption = var.encrypted })
    secrets    = { PASSWORD = "hush" }
  }
  expect_failures = [var.secrets]
}

run "refuses_a_secret_by_a_name_that_is_taken" {
  command = plan
  variables {
    deployment = merge(var.deployment, { encryption = var.encrypted })
    secrets    = { TABLE = var.secret }
  }
  expect_failures = [var.secrets]
}

run "refuses_a_secret_by_a_name_of_lambdas" {
  command = plan
  variables {
    deployment = merge(var.deployment, { encryption = var.encrypted })
    secrets    = { AWS_PASSWORD = var.secret }
  }
  expect_failures = [var.secrets]
}
