# --- Required ---------------------------------------------------------------------------------------

variable "context" {
  description = "What the rooms of an environment share: what its names begin with, its region, and whether data refuses to be destroyed."
  type        = object({ prefix = string, region = string, protect_data = bool })
  nullable    = false
}

variable "domain_prefix" {
  description = "The hosted UI's domain, below amazoncognito.com: unique in its region over all of AWS."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.domain_prefix)) && !can(regex("aws|amazon|cognito", var.domain_prefix))
    error_message = "domain_prefix must be 1 to 63 lower-case letters, digits and hyphens, without aws, amazon and cognito."
  }
}

variable "triggers" {
  description = "The functions pre_sign_up, post_confirmation and pre_token_generation, by the aliases to call them by."
  nullable    = false
  type = map(object({
    function_name = string
    alias_name    = string
    alias_arn     = string
    role_name     = string
  }))

  validation {
    condition     = toset(keys(var.triggers)) == toset(["pre_sign_up", "post_confirmation", "pre_token_generation"])
    error_message = "triggers must be pre_sign_up, post_confirmation and pre_token_generation."
  }
}

variable "callback_urls" {
  description = "Where the hosted UI may send people back to with a code."
  type        = list(string)
  nullable    = false

  validation {
    # Cognito takes plain http for this machine alone.
    condition     = length(var.callback_urls) > 0 && alltrue([for url in var.callback_urls : can(regex("^(https://[^/?#*\\s]+|http://localhost(:[0-9]+)?(/|$))[^#*\\s]*$", url))])
    error_message = "callback_urls must name at least one https URL (or http://localhost), without a fragment or a wildcard."
  }
}

variable "logout_urls" {
  description = "Where the hosted UI may send people to who have signed out."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for url in var.logout_urls : can(regex("^(https://[^/?#*\\s]+|http://localhost(:[0-9]+)?(/|$))[^#*\\s]*$", url))])
    error_message = "logout_urls must be https URLs (or http://localhost), without a fragment or a wildcard."
  }
}

# --- Optional ---------------------------------------------------------------------------------------

variable "password_sign_in" {
  description = "Whether tools may sign people in with their plain password. People themselves never need it."
  type        = bool
  default     = false
  nullable    = false
}

variable "oidc_identity_provider" {
  description = "An OpenID Connect provider whose people may sign in: its name, issuer, client and scopes. Null: none."
  type = object({
    name          = string
    issuer        = string
    client_id     = string
    client_secret = string
    scopes        = optional(list(string), ["openid", "email"])
  })
  default   = null
  sensitive = true

  validation {
    condition     = var.oidc_identity_provider == null || can(regex("^[A-Za-z][A-Za-z0-9-]{2,31}$", var.oidc_identity_provider.name))
    error_message = "oidc_identity_provider.name must be 3 to 32 letters, digits and hyphens, beginning with a letter."
  }

  # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
  validation {
    condition = var.oidc_identity_provider == null || !try(contains(
      ["COGNITO", "Facebook", "Google", "LoginWithAmazon", "SignInWithApple"], var.oidc_identity_provider.name
    ), false)
    error_message = "oidc_identity_provider.name is one of Cognito's own names for providers: choose another, such as MyGoogle."
  }

  validation {
    condition     = var.oidc_identity_provider == null || try(length(var.oidc_identity_provider.client_id) > 0 && length(var.oidc_identity_provider.client_secret) > 0, false)
    error_message = "oidc_identity_provider must have the client's id and secret, as the provider gave them."
  }

  validation {
    condition     = var.oidc_identity_provider == null || can(regex("^https?://[^?#]+$", var.oidc_identity_provider.issuer))
    error_message = "oidc_identity_provider.issuer must be the issuer's URL."
  }

  validation {
    condition     = var.oidc_identity_provider == null || try(contains(var.oidc_identity_provider.scopes, "openid"), false)
    error_message = "oidc_identity_provider.scopes must contain openid."
  }
}

variable "issuer_url_format" {
  description = "What the tokens' issuer looks like: %s for the pool's id. Null: AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.issuer_url_format == null || can(regex("^https?://[^%\\s]+%s$", var.issuer_url_format))
    error_message = "issuer_url_format must be a URL that ends with %s, the pool's id."
  }
}

variable "hosted_ui_url_format" {
  description = "Where the hosted UI answers: %s for its domain. Null: AWS's own address."
  type        = string
  default     = null

  validation {
    condition     = var.hosted_ui_url_format == null || can(regex("^https?://[^%\\s]*%s[^%\\s]*$", var.hosted_ui_url_format))
    error_message = "hosted_ui_url_format must be a URL with %s once: the domain."
  }
}
