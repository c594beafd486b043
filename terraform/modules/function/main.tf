locals {
  # Lambda's and IAM's limit is 64 characters for both; variable "deployment" holds it to that.
  physical_name = "${var.deployment.prefix}-${var.name}"
  artifact      = var.deployment.artifacts[var.name]

  # Whoever decrypts secrets is told with what.
  variables = merge(
    var.environment,
    var.secrets,
    length(var.secrets) > 0 ? { ENCRYPTION = jsonencode(var.deployment.encryption) } : {},
  )
  # Lambda keeps no key for a function without variables.
  kms_key_arn = local.own_key ? var.deployment.encryption.key_arn : null
}

# Lambda creates functions in parallel from S3; from an uploaded file, the provider takes them one at a time.
resource "aws_s3_object" "zip" {
  bucket = var.deployment.artifacts_bucket
  key    = "functions/${var.name}/${local.artifact.content_digest}.zip"
  source = "${var.deployment.repository_root}/${local.artifact.path}"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_function" "this" {
  function_name = local.physical_name
  role          = aws_iam_role.this.arn
  publish       = true

  s3_bucket = aws_s3_object.zip.bucket
  s3_key    = aws_s3_object.zip.key
  # Any text will do here, and this one is known before the upload; code_sha256 holds the zip's own.
  source_code_hash = local.artifact.content_digest

  handler       = local.artifact.handler
  runtime       = local.artifact.runtime
  architectures = [local.artifact.architecture]
  layers        = var.deployment.layer_arns

  timeout     = var.timeout_seconds
  memory_size = var.memory_mb
  kms_key_arn = local.kms_key_arn

  reserved_concurrent_executions = local.halted ? 0 : coalesce(local.reserved_concurrency, -1) # -1: none is reserved

  dynamic "environment" {
    for_each = length(local.variables) > 0 ? [local.variables] : []

    content {
      variables = environment.value
    }
  }

  tracing_config {
    mode = var.tracing
  }

  # Otherwise a first invocation could create the log group, without retention, or lack its permissions.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}
