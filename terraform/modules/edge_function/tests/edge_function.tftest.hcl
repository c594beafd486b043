mock_provider "aws" {
  source = "../../testing/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "../../testing/mocks"
}

run "is_what_folder_and_manifest_say" {
  assert {
    condition     = aws_lambda_function.this.function_name == "dragons-test-edge_viewer_request" && aws_iam_role.this.name == "dragons-test-edge_viewer_request"
    error_message = "the function and its role must be named by the prefix and the folder"
  }

  assert {
    condition = (
      aws_lambda_function.this.handler == "edge_viewer_request.handler.handler"
      && aws_lambda_function.this.runtime == "python3.13"
      && aws_lambda_function.this.architectures == tolist(["x86_64"])
    )
    error_message = "handler, runtime and architecture must be the manifest's"
  }

  assert {
    condition = (
      aws_lambda_function.this.filename == "../../testing/repository/dist/functions/edge_viewer_request.zip"
      && aws_lambda_function.this.source_code_hash == var.deployment.artifacts.edge_viewer_request.content_digest
    )
    error_message = "the zip must be the manifest's, and the function change with its digest"
  }

  assert {
    condition     = aws_lambda_function.this.publish && output.qualified_arn == "arn:aws:lambda:us-east-1:000000000000:function:mocked:7"
    error_message = "each change must publish a version, and a distribution be told that version"
  }

  assert {
    condition     = aws_lambda_function.this.memory_size == 128 && aws_lambda_function.this.timeout == 5 && aws_lambda_function.this.skip_destroy
    error_message = "memory and time must be what the viewer's side takes, and replicas must not stop a destroy"
  }

  assert {
    condition     = length(aws_lambda_function.this.environment) == 0 && aws_lambda_function.this.layers == null
    error_message = "CloudFront takes no function with variables or a layer"
  }
}

run "is_run_by_both_services_and_writes_its_own_logs_alone" {
  assert {
    condition     = one(one(data.aws_iam_policy_document.trust.statement).principals).identifiers == toset(["edgelambda.amazonaws.com", "lambda.amazonaws.com"])
    error_message = "Lambda and Lambda@Edge must take the role, and nobody else"
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.permissions.statement : statement.sid => one(statement.resources) } == {
      WriteOwnLog       = "arn:aws:logs:us-east-1:000000000000:log-group:mocked:*"
      WriteReplicasLogs = "arn:aws:logs:*:000000000000:log-group:/aws/lambda/us-east-1.dragons-test-edge_viewer_request:*"
    }
    error_message = "a replica must write its own log, in any region"
  }

  assert {
    condition     = alltrue([for action in flatten([for statement in data.aws_iam_policy_document.permissions.statement : tolist(statement.actions)]) : startswith(action, "logs:")])
    error_message = "the function must do nothing but log"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/dragons-test-edge_viewer_request" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "the log must be the one Lambda writes to, and go when it is told to"
  }
}

run "takes_more_at_the_origin" {
  command = plan
  variables {
    memory_mb       = 10240
    timeout_seconds = 30
    skip_destroy    = false
    deployment = merge(var.deployment, { artifacts = { edge_viewer_request = merge(
      var.deployment.artifacts.edge_viewer_request, { edge = "origin", zip_size = 52428800 }
    ) } })
  }

  assert {
    condition     = aws_lambda_function.this.memory_size == 10240 && aws_lambda_function.this.timeout == 30 && !aws_lambda_function.this.skip_destroy
    error_message = "the origin's side must take what CloudFront takes there"
  }
}
