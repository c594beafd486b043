resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.physical_name}"
  retention_in_days = var.deployment.log_retention_days
}
