# Who signs in: the user pool, what its tokens allow, and the apps that ask for them.
resource "aws_cognito_user_pool" "dragons" {
  name = "${var.context.prefix}-users"

  # The pre token generation trigger may change access tokens in this plan and in PLUS alone.
  # https://docs.aws.amazon.com/cognito/latest/developerguide/feature-plans-features-essentials.html
  user_pool_tier      = "ESSENTIALS"
  deletion_protection = var.context.protect_data ? "ACTIVE" : "INACTIVE"

  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  username_configuration {
    case_sensitive = false
  }

  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = true
    temporary_password_validity_days = 3
  }

  # Cognito's own sender ends at 50 mails a day, for the whole account.
  # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
  dynamic "email_configuration" {
    for_each = var.email == null ? [] : [var.email]

    content {
      email_sending_account  = "DEVELOPER"
      source_arn             = email_configuration.value.identity_arn
      from_email_address     = email_configuration.value.from
      reply_to_email_address = email_configuration.value.reply_to
    }
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  lambda_config {
    pre_sign_up       = var.triggers.pre_sign_up.alias_arn
    post_confirmation = var.triggers.post_confirmation.alias_arn

    pre_token_generation_config {
      lambda_arn     = var.triggers.pre_token_generation.alias_arn
      lambda_version = "V2_0"
    }
  }
}

# ADR 4: the groups grant the scopes, in functions/pre_token_generation.
resource "aws_cognito_user_group" "dragons" {
  for_each = {
    reporters = "Who may report dragons: everybody who has confirmed an address."
    reviewers = "Who may decide on reports, too."
  }

  name         = each.key
  description  = each.value
  user_pool_id = aws_cognito_user_pool.dragons.id
}

resource "aws_cognito_resource_server" "dragons" {
  identifier   = "dragons"
  name         = "Dragons"
  user_pool_id = aws_cognito_user_pool.dragons.id

  dynamic "scope" {
    for_each = local.scopes

    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }
}

locals {
  scopes = {
    read   = "Read the list of dragons."
    report = "Report dragons."
    review = "Decide on reports."
  }

  issuer = format(
    coalesce(var.issuer_url_format, "https://cognito-idp.${var.context.region}.amazonaws.com/%s"),
    aws_cognito_user_pool.dragons.id,
  )
  hosted_ui_url = format(
    coalesce(var.hosted_ui_url_format, "https://%s.auth.${var.context.region}.amazoncognito.com"),
    aws_cognito_user_pool_domain.dragons.domain,
  )
}
