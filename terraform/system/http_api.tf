module "http_api" {
  source = "./http_api"

  context           = local.context
  list_dragons      = module.list_dragons
  read_scope        = module.auth.read_scope
  allowed_origins   = var.allowed_origins
  throttling        = var.throttling
  invoke_url_format = var.url_formats.http_api

  # The user pool's own tokens, for the site's users and the partners' machines, or another issuer's.
  jwt_authorizer = var.jwt_authorizer != null ? var.jwt_authorizer : {
    issuer   = module.auth.issuer
    audience = [module.auth.user_pool_client_id, module.auth.machine_client_id]
  }

  route_throttling      = var.route_throttling
  partners_upstream_url = var.partners_upstream_url
}
