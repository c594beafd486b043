# What stands in front of the site and both APIs: one distribution, with a function at each of CloudFront's four events.
locals {
  # Scheme, host, port and path of each API's URL; the path is the stage's.
  apis = {
    for name, url in { rest_api = var.rest_api_url, http_api = var.http_api_url } :
    name => regex("^(?P<scheme>https?)://(?P<host>[^/:]+)(?::(?P<port>[0-9]+))?(?P<path>/.*)?$", url)
  }
  prefixes = { rest_api = "/api", http_api = "/http" }

  # What has no address of AWS's own is found at the distribution's alone, whatever its aliases say.
  site_url = format(
    coalesce(var.site_url_format, "https://%s"),
    try([for alias in var.edge.aliases : alias if var.site_url_format == null][0], aws_cloudfront_distribution.site.domain_name),
  )
  encrypted = startswith(coalesce(var.site_url_format, "https://"), "https://")

  # Pages and their cookies need all four. An asset has its name for good, so that nothing is to be decided before it is
  # looked for, and nothing to be added to it afterwards. An API's answer is its own.
  events = {
    pages  = ["viewer-request", "origin-request", "origin-response", "viewer-response"]
    assets = ["origin-response"]
    apis   = ["viewer-request", "origin-request", "origin-response"]
  }
}

resource "aws_cloudfront_distribution" "site" {
  comment             = "${var.context.prefix}: the site and both APIs"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.edge.price_class
  aliases             = var.edge.aliases
  web_acl_id          = var.edge.web_acl_arn
  wait_for_deployment = var.edge.wait_for_deployment

  origin {
    origin_id                = "site"
    domain_name              = module.bucket.regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id

    # No function of the edge has variables: these headers tell them, and S3 takes no notice.
    dynamic "custom_header" {
      for_each = merge({ for release, folder in local.folders : "x-folder-${release}" => folder }, { "x-connect" = local.connect })

      content {
        name  = custom_header.key
        value = custom_header.value
      }
    }
  }

  dynamic "origin" {
    for_each = local.prefixes

    content {
      origin_id   = origin.key
      domain_name = local.apis[origin.key].host
      origin_path = local.apis[origin.key].path

      custom_origin_config {
        origin_protocol_policy = "${local.apis[origin.key].scheme}-only"
        http_port              = local.apis[origin.key].scheme == "http" ? coalesce(local.apis[origin.key].port, 80) : 80
        https_port             = local.apis[origin.key].scheme == "https" ? coalesce(local.apis[origin.key].port, 443) : 443
        origin_ssl_protocols   = ["TLSv1.2"]
      }

      custom_header {
        name  = "x-prefix"
        value = origin.value
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = "site"
    viewer_protocol_policy     = local.encrypted ? "redirect-to-https" : "allow-all"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = aws_cloudfront_cache_policy.pages.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.site.id

    dynamic "lambda_function_association" {
      for_each = toset(local.events.pages)

      content {
        event_type = lambda_function_association.key
        lambda_arn = var.functions[lambda_function_association.key].qualified_arn
      }
    }
  }

  ordered_cache_behavior {
    path_pattern               = "/assets/*"
    target_origin_id           = "site"
    viewer_protocol_policy     = local.encrypted ? "redirect-to-https" : "allow-all"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.managed.caching_optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.site.id

    dynamic "lambda_function_association" {
      for_each = toset(local.events.assets)

      content {
        event_type = lambda_function_association.key
        lambda_arn = var.functions[lambda_function_association.key].qualified_arn
      }
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.prefixes

    content {
      path_pattern     = "${ordered_cache_behavior.value}/*"
      target_origin_id = ordered_cache_behavior.key
      # A redirect would come too late: the token would have been sent in plain text, and a body be lost.
      viewer_protocol_policy     = local.encrypted ? "https-only" : "allow-all"
      allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      cache_policy_id            = local.managed.caching_disabled
      origin_request_policy_id   = local.managed.all_viewer_except_host_header
      response_headers_policy_id = local.managed.security_headers

      dynamic "lambda_function_association" {
        for_each = toset(local.events.apis)

        content {
          event_type = lambda_function_association.key
          lambda_arn = var.functions[lambda_function_association.key].qualified_arn
        }
      }
    }
  }

  # Of all behaviours, the APIs' too: so only what says nothing of its own has a page, and each error is asked for again
  # the next time, which CloudFront would otherwise remember for ten seconds.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
  dynamic "custom_error_response" {
    for_each = toset([400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504])

    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = 0
      response_code         = contains(local.error_pages, custom_error_response.value) ? custom_error_response.value : null
      response_page_path    = contains(local.error_pages, custom_error_response.value) ? "/errors/no_answer.html" : null
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = length(var.edge.countries.allowed) > 0 ? "whitelist" : length(var.edge.countries.refused) > 0 ? "blacklist" : "none"
      locations        = concat(var.edge.countries.allowed, var.edge.countries.refused)
    }
  }

  # CloudFront's own certificate takes TLS 1.0 too, whatever is asked for: a domain of one's own does not.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-values-specify.html
  viewer_certificate {
    cloudfront_default_certificate = var.edge.certificate_arn == null
    acm_certificate_arn            = var.edge.certificate_arn
    ssl_support_method             = var.edge.certificate_arn == null ? null : "sni-only"
    minimum_protocol_version       = var.edge.certificate_arn == null ? "TLSv1" : "TLSv1.2_2021"
  }

  lifecycle {
    precondition {
      condition     = length(local.unknown_releases) == 0
      error_message = "${local.site_path}/: only live and next are known, and there is ${join(", ", local.unknown_releases)}: delete the others."
    }

    precondition {
      condition = length(local.no_folders) == 0
      error_message = join("\n", [
        for release, folder in local.no_folders :
        "${local.site_path}/${release}: \"${folder}\" is no release of the site: `make site` writes it anew, or delete the parameter."
      ])
    }
  }
}
