data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

locals {
  own_key = length(local.variables) > 0 && var.deployment.encryption != null
  # Of the key's partition, region and account.
  function_arn = replace(
    try(var.deployment.encryption.key_arn, ""), "/^(arn:[^:]+):kms:([^:]+:[^:]+):.*$/", "$1:lambda:$2:function:${local.physical_name}"
  )
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

  dynamic "statement" {
    for_each = var.tracing == "Active" ? ["SendTraces"] : []

    content {
      sid     = statement.value
      actions = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      # X-Ray knows no ARN for traces.
      resources = ["*"]
    }
  }

  # As its environment starts. The function's own ARN, known from its name: the policy comes before the function.
  # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
  dynamic "statement" {
    for_each = local.own_key ? ["DecryptOwnVariables"] : []

    content {
      sid       = statement.value
      actions   = ["kms:Decrypt"]
      resources = [var.deployment.encryption.key_arn]

      condition {
        test     = "ArnLike"
        variable = "kms:EncryptionContext:aws:lambda:FunctionArn"
        values   = [local.function_arn, "${local.function_arn}:*"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.secrets) > 0 ? ["DecryptSecrets"] : []

    content {
      sid       = statement.value
      actions   = ["kms:Decrypt"]
      resources = [var.deployment.encryption.key_arn]

      dynamic "condition" {
        for_each = var.deployment.encryption.context

        content {
          test     = "StringEquals"
          variable = "kms:EncryptionContext:${condition.key}"
          values   = [condition.value]
        }
      }
    }
  }

  dynamic "statement" {
    for_each = var.policy_statements

    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "permissions"
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.permissions.json
}
