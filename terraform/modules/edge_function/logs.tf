# Of what runs in us-east-1 by itself, as `make invoke` has it. Replicas make groups of their own, in each region that they
# run in; those have no retention.
resource "aws_cloudwatch_log_group" "this" {
  provider = aws.us_east_1

  name              = "/aws/lambda/${local.physical_name}"
  retention_in_days = var.deployment.log_retention_days
}
