# Inspects a dragon: work that no service of AWS does, but a worker that runs anywhere (workers/dragons_inspector).
resource "aws_sfn_activity" "inspect_dragon" {
  name = "${var.context.prefix}-inspect_dragon"
}

# What a worker needs, to be attached to whatever it runs as.
resource "aws_iam_policy" "inspect_dragon" {
  name        = "${var.context.prefix}-inspect_dragon"
  description = "What a worker of the activity inspect_dragon may do."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Work"
        Effect   = "Allow"
        Action   = ["states:GetActivityTask", "states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"]
        Resource = aws_sfn_activity.inspect_dragon.id
      },
      {
        Sid      = "ReadDragon"
        Effect   = "Allow"
        Action   = "dynamodb:GetItem"
        Resource = var.table_arn
      },
    ]
  })
}
