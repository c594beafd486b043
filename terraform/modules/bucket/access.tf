resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.bucket

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"] # a denial: nothing at all may travel unencrypted
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  # For one resource alone: anybody's may ask the same service for the bucket's objects.
  # https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
  dynamic "statement" {
    for_each = var.readers

    content {
      sid       = "Read${replace(title(split(".", statement.key)[0]), "-", "")}"
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.this.arn}/*"]

      principals {
        type        = "Service"
        identifiers = [statement.key]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceArn"
        values   = [statement.value]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "tls_only" {
  # S3 refuses two changes of one bucket's access at once (OperationAborted): one after the other.
  bucket = aws_s3_bucket_public_access_block.this.bucket
  policy = data.aws_iam_policy_document.tls_only.json
}
