# Where people sign in by browser, and with whose account besides one of the pool's own.
resource "aws_cognito_user_pool_domain" "dragons" {
  domain       = var.domain_prefix
  user_pool_id = aws_cognito_user_pool.dragons.id
}

# A SecureString, which whoever has the secret writes: it is then in no shell, no workflow and no file of theirs.
data "aws_ssm_parameter" "oidc_client_secret" {
  count = nonsensitive(try(var.oidc_identity_provider.client_secret == null, false)) ? 1 : 0

  name = "${var.context.parameter_path}/oidc_client_secret"
}

resource "aws_cognito_identity_provider" "oidc" {
  # Whether there is one is no secret, its client's secret is.
  count = nonsensitive(var.oidc_identity_provider != null) ? 1 : 0

  user_pool_id  = aws_cognito_user_pool.dragons.id
  provider_name = var.oidc_identity_provider.name
  provider_type = "OIDC"

  provider_details = {
    client_id                 = var.oidc_identity_provider.client_id
    client_secret             = try(data.aws_ssm_parameter.oidc_client_secret[0].value, var.oidc_identity_provider.client_secret)
    oidc_issuer               = var.oidc_identity_provider.issuer
    authorize_scopes          = join(" ", var.oidc_identity_provider.scopes)
    attributes_request_method = "GET"
    # Cognito would add it.
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
    attributes_url_add_attributes = "false"
  }

  attribute_mapping = {
    email    = "email"
    username = "sub"
  }

  # Cognito asks the issuer for its URLs, once, and keeps them here: those of another issuer need another provider.
  # https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html
  lifecycle {
    ignore_changes = [
      provider_details["attributes_url"],
      provider_details["authorize_url"],
      provider_details["jwks_uri"],
      provider_details["token_url"],
    ]
    replace_triggered_by = [terraform_data.oidc_issuer]
  }
}

resource "terraform_data" "oidc_issuer" {
  count = nonsensitive(var.oidc_identity_provider != null) ? 1 : 0

  input = nonsensitive(var.oidc_identity_provider.issuer)
}
