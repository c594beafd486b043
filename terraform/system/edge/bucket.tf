# The site's files: each release's pages in a folder of their own, and the assets of all of them beside.
module "bucket" {
  source = "../../modules/bucket"

  name            = "${var.context.prefix}-${var.context.account_id}-site"
  force_destroy   = true # `make site` has it all
  noncurrent_days = var.history_days

  # The distribution comes before the policy that lets it read, and after the bucket.
  readers = { "cloudfront.amazonaws.com" = aws_cloudfront_distribution.site.arn }
}

resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "${var.context.prefix}-site"
  description                       = "Signs what CloudFront asks of the site's bucket."
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}
