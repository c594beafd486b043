resource "aws_iam_role" "report_dragon" {
  name        = "${var.context.prefix}-report_dragon"
  description = "What the state machine report_dragon may do."

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

resource "aws_iam_role_policy" "report_dragon" {
  name = "report_dragon"
  role = aws_iam_role.report_dragon.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ValidateDragon"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = var.validate_dragon_arn
      },
      {
        Sid      = "AddDragon"
        Effect   = "Allow"
        Action   = "dynamodb:PutItem"
        Resource = var.table_arn
      },
      {
        # A phone number has no ARN, so it cannot be named as a resource. Everything that has one (topics,
        # platform endpoints) is left out instead: what remains is sending a text.
        Sid         = "Alert"
        Effect      = "Allow"
        Action      = "sns:Publish"
        NotResource = "arn:*:sns:*:*:*"
      },
      {
        # X-Ray's write actions accept no ARN:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
        Sid    = "Trace"
        Effect = "Allow"
        Action = [
          "xray:GetSamplingRules",
          "xray:GetSamplingTargets",
          "xray:PutTelemetryRecords",
          "xray:PutTraceSegments",
        ]
        Resource = "*"
      },
    ]
  })
}
