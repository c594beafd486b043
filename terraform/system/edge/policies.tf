# What is cached by which key, and which headers answers have.
locals {
  # Those that AWS keeps for everybody; their ids are the same in all accounts.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
  managed = {
    caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    caching_disabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    security_headers  = "67f7725c-6f97-4210-82d7-5512b31e9d03"

    # All of a viewer's headers, the token and the functions' x-release among them, but for the host, which would lead
    # API Gateway to another API.
    all_viewer_except_host_header = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
  }

  # Scheme and host, where the site's page asks for tokens.
  connect = regex("^https?://[^/]+", var.hosted_ui_url)

  # API Gateway says no more by these than what they mean, nor does CloudFront.
  error_pages = [502, 503, 504]

  content_security_policy = join("; ", [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' ${local.small_page_style}",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self' ${local.connect}",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ])
  # Of the small page that functions/edge_origin_response answers errors with.
  small_page_style = "'sha256-MJJfglAWBX0C7KvjXLgOD/wLbsT7i5fdmOlKI5shOSY='"
}

# Pages differ by release, and by nothing else that a viewer sends: no cookie, no query.
resource "aws_cloudfront_cache_policy" "pages" {
  name        = "${var.context.prefix}-pages"
  comment     = "The site's pages, by release."
  min_ttl     = 0
  default_ttl = 60
  max_ttl     = 300

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "whitelist"

      headers {
        items = ["x-release"]
      }
    }

    query_strings_config {
      query_string_behavior = "none"
    }
  }
}

# What functions/edge_viewer_response says of pages, for what CloudFront does not call it: errors and assets. The function
# runs after this policy, so its headers are the ones that count.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-cloudfront-trigger-events.html
resource "aws_cloudfront_response_headers_policy" "site" {
  name    = "${var.context.prefix}-site"
  comment = "The site's pages, assets and errors."

  security_headers_config {
    content_security_policy {
      content_security_policy = local.content_security_policy
      override                = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }

    content_type_options {
      override = true
    }
  }

  custom_headers_config {
    items {
      header   = "permissions-policy"
      value    = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
      override = true
    }
  }

  # What the bucket tells of itself.
  remove_headers_config {
    dynamic "items" {
      for_each = toset(["server", "x-amz-server-side-encryption", "x-amz-version-id"])

      content {
        header = items.key
      }
    }
  }
}
