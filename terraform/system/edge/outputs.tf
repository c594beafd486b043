output "site_url" {
  description = "Where the site answers, without a path."
  value       = local.site_url
}

output "site" {
  description = "What a release of the site needs: the bucket of its files, the distribution's id, and the path of the parameters live and next."
  value = {
    bucket          = module.bucket.name
    distribution_id = aws_cloudfront_distribution.site.id
    parameter_path  = local.site_path
  }
}

output "functions" {
  description = "The ARN of each function's published version, by the name of its folder."
  value       = { for event, function in var.functions : "edge_${replace(event, "-", "_")}" => function.qualified_arn }
}
