data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    # Lambda runs the function in us-east-1, and Lambda@Edge its replicas.
    principals {
      type        = "Service"
      identifiers = ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = local.physical_name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "permissions" {
  statement {
    sid       = "WriteOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }

  # A replica logs in the region that it runs in, to a group that it makes itself and that is named after the function's
  # own region.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
  statement {
    sid       = "WriteReplicasLogs"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:*:${var.deployment.account_id}:log-group:/aws/lambda/us-east-1.${local.physical_name}:*"]
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "permissions"
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.permissions.json
}
