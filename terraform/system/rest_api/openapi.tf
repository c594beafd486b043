# The OpenAPI document, rendered once: what API Gateway imports is what the deployment's trigger is the hash of. Nothing
# of it changes with the code: a stage with a canary takes no other deployment.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
locals {
  schemas = {
    for name in ["dragon", "report"] :
    # API Gateway adds the draft itself, and OpenAPI 3.0 knows no "$schema".
    name => { for key, value in jsondecode(file("${var.schemas_path}/${name}.json")) : key => value if key != "$schema" }
  }

  # Parts that several mapping templates begin with.
  fragments = {
    allow_origin = trimspace(templatefile("${path.module}/templates/allow_origin.vtl", {
      allowed_origins = jsonencode(var.allowed_origins)
    }))
    execution_name = trimspace(file("${path.module}/templates/execution_name.vtl"))
    report_state   = trimspace(file("${path.module}/templates/report_state.vtl"))
  }

  mapping_templates = {
    for name in [
      "describe_report", "preflight", "report_accepted", "report_found", "report_found_xml", "report_not_found",
      "report_not_started", "start_report", "start_summary", "status", "summary", "summary_not_started",
    ] :
    name => templatefile("${path.module}/templates/${name}.vtl", merge(local.fragments, {
      # The alias is in no execution's ARN, so a report is found whichever version it began with.
      execution_arn_prefix  = replace(var.state_machines.report_dragon.arn, ":stateMachine:", ":execution:")
      report_dragon_arn     = local.started.report_dragon
      summarise_dragons_arn = local.started.summarise_dragons
      text_messages         = var.text_messages
    }))
  }

  # Decoded and encoded again, so that a comment or a blank in the file is no reason to deploy.
  openapi = jsonencode(yamldecode(templatefile("${path.module}/openapi.yaml.tftpl", {
    title                  = "${var.context.prefix}-rest"
    region                 = var.context.region
    credentials            = aws_iam_role.rest_api.arn
    uris                   = local.uris
    user_pool_arn          = var.user_pool_arn
    authorizer_uri         = var.functions.authorize_partner.alias_invoke_arn
    authorizer_credentials = aws_iam_role.authorizer.arn
    authorizer_ttl_seconds = var.authorizer_ttl_seconds
    error_allowed_origin   = local.error_allowed_origin
    schemas                = { for name, schema in local.schemas : name => jsonencode(schema) }
    templates              = { for name, template in local.mapping_templates : name => jsonencode(template) }
  })))

  # A gateway response substitutes, it cannot choose from a list. Its body holds nothing of anybody's, and the API
  # takes no cookies, so where there is more than one origin every origin may read it.
  error_allowed_origin = length(var.allowed_origins) == 1 ? var.allowed_origins[0] : "*"
}
