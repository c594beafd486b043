# The role that API Gateway writes logs with: one for the account, which another stack may keep already.
module "api_gateway_account" {
  source = "../modules/api_gateway_account"
  count  = var.manage_api_gateway_account ? 1 : 0

  prefix = local.prefix
}

# The REST API's methods, such as POST /dragons: API Gateway takes settings of any other, to no effect.
locals {
  methods = flatten([
    for path, item in yamldecode(file("${path.module}/rest_api/openapi.yaml.tftpl")).paths :
    [for method in keys(item) : "${upper(method)} ${path}"]
  ])
}

module "rest_api" {
  source = "./rest_api"

  context           = local.context
  invoke_url_format = coalesce(var.url_formats.rest_api, "https://%s.execute-api.${var.region}.amazonaws.com/%s")
  state_machine_arn = module.workflow.state_machine_arn
  functions         = { list_dragons = module.list_dragons, authorize_partner = module.authorize_partner }
  user_pool_arn     = module.auth.user_pool_arn
  schemas_path      = "${path.module}/../../shared/dragons/schemas"
  allowed_origins   = var.allowed_origins
  release           = local.release

  canary_percent     = local.canary_percent
  throttling         = var.throttling
  method_throttling  = var.method_throttling
  partner_throttling = var.partner_throttling
  data_trace         = var.data_trace

  # A stage cannot log before the account has a role for it.
  depends_on = [module.api_gateway_account]
}
