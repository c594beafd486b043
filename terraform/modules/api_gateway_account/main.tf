# One setting for all of API Gateway in an account and a region: the role it writes logs with. So one stack has it, of
# as long a life as all whose logs are written with it; where another stack has it already, leave this module out.

data "aws_partition" "current" {}

resource "aws_iam_role" "logs" {
  name        = "${var.prefix}-api_gateway_logs"
  description = "What API Gateway writes access and execution logs with."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ApiGateway"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "apigateway.amazonaws.com" }
    }]
  })
}

# AWS's own policy: API Gateway refuses a role that may do less, and execution logs have names of its choosing.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.logs.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = aws_iam_role.logs.arn

  depends_on = [aws_iam_role_policy_attachment.logs]
}
