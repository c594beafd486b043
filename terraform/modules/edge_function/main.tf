# A function that CloudFront runs close to viewers: Lambda@Edge. It has no layer, no environment variables and no alias;
# the distribution names a published version, which CloudFront replicates.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
locals {
  # Lambda's and IAM's limit is 64 characters for both; variable "deployment" holds it to that.
  physical_name = "${var.deployment.prefix}-${var.name}"
  artifact      = var.deployment.artifacts[var.name]

  # What CloudFront takes at the viewer, and at the origin.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
  limits = {
    viewer = { memory_mb = 128, timeout_seconds = 5, zip_bytes = 1024 * 1024 }
    origin = { memory_mb = 10240, timeout_seconds = 30, zip_bytes = 50 * 1024 * 1024 }
  }
  limit = local.limits[local.artifact.edge]
}

# From the file: Lambda takes a zip from a bucket of its own region alone, and the artifacts' is in the environment's.
resource "aws_lambda_function" "this" {
  provider = aws.us_east_1

  function_name = local.physical_name
  role          = aws_iam_role.this.arn
  publish       = true
  skip_destroy  = var.skip_destroy

  filename = "${var.deployment.repository_root}/${local.artifact.path}"
  # Any text will do here; code_sha256 holds the zip's own.
  source_code_hash = local.artifact.content_digest

  handler       = local.artifact.handler
  runtime       = local.artifact.runtime
  architectures = [local.artifact.architecture]

  timeout     = var.timeout_seconds
  memory_size = var.memory_mb

  # Otherwise a first invocation could create the log group, without retention, or lack its permissions.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}
