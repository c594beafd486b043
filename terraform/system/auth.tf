# Who may report, one row a person. It stands before the user pool: a trigger of the pool's writes it.
module "reporters" {
  source = "../modules/table"

  name         = "${local.prefix}-reporters"
  key          = "sub"
  protect_data = var.protect_data
}

module "auth" {
  source = "./auth"

  context       = local.context
  domain_prefix = coalesce(var.sign_in.domain_prefix, "${local.prefix}-${local.account_id}")

  triggers = {
    pre_sign_up          = module.pre_sign_up
    post_confirmation    = module.post_confirmation
    pre_token_generation = module.pre_token_generation
  }

  callback_urls          = var.sign_in.callback_urls
  logout_urls            = var.sign_in.logout_urls
  password_sign_in       = var.sign_in.by_password
  oidc_identity_provider = var.oidc_identity_provider
  issuer_url_format      = var.url_formats.issuer
  hosted_ui_url_format   = var.url_formats.hosted_ui
}
