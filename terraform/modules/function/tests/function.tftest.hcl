mock_provider "aws" {
  source = "../../testing/mocks"
}

run "is_what_folder_and_manifest_say" {
  assert {
    condition     = aws_lambda_function.this.function_name == "dragons-test-list_dragons"
    error_message = "the function's name must be the prefix and the folder"
  }

  assert {
    condition     = aws_iam_role.this.name == "dragons-test-list_dragons"
    error_message = "each function must have a role of its own, named like it"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/dragons-test-list_dragons"
    error_message = "the log group must be the one Lambda writes to"
  }

  assert {
    condition = (
      aws_lambda_function.this.handler == "list_dragons.handler.handler"
      && aws_lambda_function.this.runtime == "python3.13"
      && aws_lambda_function.this.architectures == tolist(["arm64"])
    )
    error_message = "handler, runtime and architecture must be the manifest's"
  }

  assert {
    condition     = aws_s3_object.zip.key == "functions/list_dragons/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.zip"
    error_message = "the zip's key must name its digest"
  }

  assert {
    condition     = aws_lambda_function.this.s3_key == aws_s3_object.zip.key && aws_lambda_function.this.source_code_hash == var.deployment.artifacts.list_dragons.content_digest
    error_message = "the function must change with the digest"
  }

  assert {
    condition     = aws_s3_object.zip.source == "../../testing/repository/dist/functions/list_dragons.zip"
    error_message = "the manifest's path is relative to the repository's root"
  }

  assert {
    condition     = aws_lambda_function.this.publish
    error_message = "each change must publish a version"
  }

  assert {
    condition     = aws_lambda_alias.live.name == "live" && aws_lambda_alias.live.function_version == "7"
    error_message = "the alias live must point to the published version"
  }

  assert {
    condition     = aws_lambda_alias.canary.name == "canary" && aws_lambda_alias.canary.function_version == "7"
    error_message = "without a canary, its alias must be where live is"
  }

  assert {
    condition     = output.canary_alias_name == "canary"
    error_message = "the canary's alias must be told"
  }

  assert {
    condition     = output.alias_name == "live" && output.alias_arn == aws_lambda_alias.live.arn
    error_message = "callers must be given the alias"
  }

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "Active"
    error_message = "functions must be traced by default"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "a log must not be kept for ever"
  }

  assert {
    condition     = length(aws_lambda_function.this.environment) == 0
    error_message = "an empty block would show up as a change in every plan"
  }
}

run "passes_what_it_is_given" {
  variables {
    environment     = { DRAGONS_TABLE = "dragons-test-dragons" }
    deployment      = merge(var.deployment, { layer_arns = ["arn:aws:lambda:us-east-1:000000000000:layer:dragons-test-shared:3"] })
    timeout_seconds = 28
    memory_mb       = 512
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables == tomap({ DRAGONS_TABLE = "dragons-test-dragons" })
    error_message = "environment variables must reach the function"
  }

  assert {
    condition = (
      aws_lambda_function.this.layers == tolist(["arn:aws:lambda:us-east-1:000000000000:layer:dragons-test-shared:3"])
      && aws_lambda_function.this.timeout == 28
      && aws_lambda_function.this.memory_size == 512
    )
    error_message = "layers, timeout and memory must reach the function"
  }
}
