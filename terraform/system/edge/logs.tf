# Who asked the distribution for what, in CloudWatch as the APIs' access logs are: with their retention, and no bucket
# that takes access lists. CloudFront delivers from us-east-1 alone.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
resource "aws_cloudwatch_log_group" "access" {
  count    = var.edge.access_logs ? 1 : 0
  provider = aws.us_east_1

  # Below this name, no policy of the account's is written for each group: such policies have a limit.
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
  name              = "/aws/vendedlogs/cloudfront/${var.context.prefix}-site"
  retention_in_days = var.context.log_retention_days
}

resource "aws_cloudwatch_log_delivery_source" "access" {
  count    = var.edge.access_logs ? 1 : 0
  provider = aws.us_east_1

  name         = "${var.context.prefix}-site"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.site.arn
}

resource "aws_cloudwatch_log_delivery_destination" "access" {
  count    = var.edge.access_logs ? 1 : 0
  provider = aws.us_east_1

  name          = "${var.context.prefix}-site"
  output_format = "json"

  delivery_destination_configuration {
    destination_resource_arn = aws_cloudwatch_log_group.access[0].arn
  }
}

resource "aws_cloudwatch_log_delivery" "access" {
  count    = var.edge.access_logs ? 1 : 0
  provider = aws.us_east_1

  delivery_source_name     = aws_cloudwatch_log_delivery_source.access[0].name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.access[0].arn

  # Not the query, which has the code of who signs in, nor cookies.
  record_fields = [
    "date", "time", "c-ip", "cs-method", "cs-protocol", "cs-protocol-version", "cs-uri-stem", "sc-status", "sc-bytes",
    "sc-content-type", "ssl-protocol", "time-taken", "time-to-first-byte", "x-edge-detailed-result-type",
    "x-edge-location", "x-edge-request-id", "x-edge-result-type",
  ]
}
