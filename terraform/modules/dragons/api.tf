module "rest_api" {
  source = "../rest_api"

  prefix            = local.prefix
  region            = var.region
  invoke_url_format = coalesce(var.invoke_url_format, "https://%s.execute-api.${var.region}.amazonaws.com/%s")
  state_machine_arn = module.workflow.state_machine_arn
  list_dragons      = module.list_dragons
  schemas_path      = "${path.module}/../../../shared/dragons/schemas"
  allowed_origins   = var.allowed_origins
  release           = local.release
}
