# --- Required ---------------------------------------------------------------------------------------

variable "context" {
  description = "What the rooms of an environment share: what its names begin with, what its parameters' names begin with, its region, and whether data refuses to be destroyed."
  type        = object({ prefix = string, parameter_path = string, region = string, protect_data = bool })
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
  description = "Where the hosted UI may send people back to with a code; the first, unless an app asks for another."
  type        = list(string)
  nullable    = false
}

variable "logout_urls" {
  description = "Where the hosted UI may send people to who have signed out."
  type        = list(string)
  nullable    = false
}

variable "password_sign_in" {
  description = "Whether tools may sign people in with their plain password. People themselves never need it."
  type        = bool
  nullable    = false
}

# --- Optional ---------------------------------------------------------------------------------------

variable "oidc_identity_provider" {
  description = "An OpenID Connect provider whose people may sign in: its name, issuer, client and scopes. Without a secret of the client, that is in the parameter oidc_client_secret. Null: none."
  type = object({
    name          = string
    issuer        = string
    client_id     = string
    client_secret = optional(string)
    scopes        = list(string)
  })
  default   = null
  sensitive = true
}

variable "issuer_url_format" {
  description = "What the tokens' issuer looks like: %s for the pool's id. Null: AWS's own."
  type        = string
  default     = null
}

variable "hosted_ui_url_format" {
  description = "Where the hosted UI answers: %s for its domain. Null: AWS's own address."
  type        = string
  default     = null
}

variable "email" {
  description = "What mails are sent through: the ARN of an identity of SES, the sender (an address of it, or a name and <the address>), and where replies go. Null: Cognito's own sender."
  type        = object({ identity_arn = string, from = string, reply_to = optional(string) })
  default     = null
}
