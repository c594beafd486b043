variable "repository_root" {
  description = "The folder that holds dist/, made by `python build.py`, seen from this one."
  type        = string
  default     = "../../.."
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s].*[^/]$", var.repository_root))
    error_message = "repository_root must be the path of a folder, without a slash at its end."
  }
}

variable "rangers" {
  description = "The phones of rangers, who have a text for each new dragon: set it in TF_VAR_rangers, since numbers are personal."
  type        = list(string)
  default     = []
  nullable    = false
  sensitive   = true
}

variable "oidc_identity_provider" {
  description = "An OpenID Connect provider whose people may sign in: set it in TF_VAR_oidc_identity_provider. Its client's secret is read from the SecureString parameter /dragons/<environment>/oidc_client_secret, unless it is given here. Null: none."
  type = object({
    name          = string
    issuer        = string
    client_id     = string
    client_secret = optional(string)
    scopes        = optional(list(string))
  })
  default   = null
  sensitive = true
}
