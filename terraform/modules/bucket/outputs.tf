output "name" {
  description = "The bucket's name."
  value       = aws_s3_bucket.this.bucket
}

output "arn" {
  description = "The bucket's ARN."
  value       = aws_s3_bucket.this.arn
}

output "regional_domain_name" {
  description = "The bucket's address in its region, by which CloudFront reads it."
  value       = aws_s3_bucket.this.bucket_regional_domain_name
}

output "noncurrent_days" {
  description = "Days for which a replaced or deleted object can still be brought back. Null: for good."
  value       = one(aws_s3_bucket_lifecycle_configuration.this[*].rule[0].noncurrent_version_expiration[0].noncurrent_days)
}
