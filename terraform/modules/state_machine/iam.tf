locals {
  given = [
    for statement in var.policy_statements : merge(
      { Effect = "Allow", Action = statement.actions },
      statement.sid == null ? {} : { Sid = statement.sid },
      statement.resources == null ? {} : { Resource = statement.resources },
      statement.not_resources == null ? {} : { NotResource = statement.not_resources },
    )
  ]

  # X-Ray's write actions accept no ARN:
  # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  trace = {
    Sid    = "Trace"
    Effect = "Allow"
    Action = [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]
    Resource = "*"
  }

  # Nor do the actions on log deliveries:
  # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
  deliver_log = {
    Sid    = "DeliverLog"
    Effect = "Allow"
    Action = [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ]
    Resource = "*"
  }

  statements = concat(
    local.given,
    var.tracing ? [local.trace] : [],
    local.logged ? [local.deliver_log] : [],
  )
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "aws_iam_role" "this" {
  name        = local.physical_name
  description = "What the state machine ${var.name} may do."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "StepFunctions"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  count = length(local.statements) > 0 ? 1 : 0

  name   = var.name
  role   = aws_iam_role.this.id
  policy = local.policy
}
