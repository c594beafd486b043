# One key for what an environment's functions are told: their environment variables, SecureString parameters, and values
# that were encrypted before Terraform saw them. Tables, queues and buckets have keys of AWS's own.
resource "aws_kms_key" "this" {
  description             = "${var.name}: environment variables, parameters and secrets of functions"
  enable_key_rotation     = true # once a year; what was encrypted before stays readable
  deletion_window_in_days = var.deletion_days
  policy                  = data.aws_iam_policy_document.this.json
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

locals {
  account = "arn:aws:iam::${var.account_id}:root"
}

# The account's IAM policies decide who may do what of this, and nobody may do more: the key is used by the services and
# in the contexts named here alone. In a key's policy, `*` as resource is the key.
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html (administration)
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html (ViaService, EncryptionContext)
data "aws_iam_policy_document" "this" {
  # None of them encrypts or decrypts.
  statement {
    sid       = "Administer"
    resources = ["*"]

    actions = [
      "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey",
      "kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations",
      "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
    ]

    principals {
      type        = "AWS"
      identifiers = [local.account]
    }
  }

  # Who deploys a function or reads its configuration, as with the key that Lambda has by itself: the grant is the one
  # that the function's role decrypts with. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
  statement {
    sid       = "LambdaVariables"
    actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.account]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["lambda.${var.region}.amazonaws.com"]
    }
  }

  # A function's role, as its environment starts.
  statement {
    sid       = "FunctionsOwnVariables"
    actions   = ["kms:Decrypt"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:lambda:FunctionArn"
      values   = ["arn:aws:lambda:${var.region}:${var.account_id}:function:${var.name}-*"]
    }
  }

  # https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
  statement {
    sid       = "SecureStringParameters"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.account]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["ssm.${var.region}.amazonaws.com"]
    }
  }

  # Values that are encrypted by whoever configures a function, and decrypted by its code.
  statement {
    sid       = "Secrets"
    actions   = ["kms:Decrypt", "kms:Encrypt"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.account]
    }

    dynamic "condition" {
      for_each = var.context

      content {
        test     = "StringEquals"
        variable = "kms:EncryptionContext:${condition.key}"
        values   = [condition.value]
      }
    }
  }
}
