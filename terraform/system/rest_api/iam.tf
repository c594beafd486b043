locals {
  api_gateway_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ApiGateway"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "apigateway.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role" "rest_api" {
  name        = "${var.context.prefix}-rest_api"
  description = "What the REST API may do with the workflows."

  assume_role_policy = local.api_gateway_trust
}

resource "aws_iam_role_policy" "rest_api" {
  name = "workflow"
  role = aws_iam_role.rest_api.id

  # Starting by an alias is authorized by the state machine's own ARN.
  # https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "StartReport"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = var.state_machines.report_dragon.arn
      },
      {
        Sid      = "ReadReport"
        Effect   = "Allow"
        Action   = "states:DescribeExecution"
        Resource = "${replace(var.state_machines.report_dragon.arn, ":stateMachine:", ":execution:")}:*"
      },
      {
        Sid      = "Summarise"
        Effect   = "Allow"
        Action   = "states:StartSyncExecution"
        Resource = var.state_machines.summarise_dragons.arn
      },
    ]
  })
}
