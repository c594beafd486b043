# The provider takes 55 seconds for it, on AWS and off.
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = var.noncurrent_days == null ? 0 : 1

  # S3 takes rules on noncurrent versions only once there are versions.
  bucket = aws_s3_bucket_versioning.this.bucket

  rule {
    id     = "expire-what-was-replaced"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    # What is left of a deleted object whose versions are gone; where objects go by their age, S3 takes it along.
    expiration {
      days                         = var.expiration_days
      expired_object_delete_marker = var.expiration_days == null ? true : null
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}
