# --- Required ---------------------------------------------------------------------------------------

variable "context" {
  description = "What the rooms of an environment share: what its names begin with, its region, and the days that logs are kept."
  type        = object({ prefix = string, region = string, log_retention_days = number })
  nullable    = false
}

variable "list_dragons" {
  description = "The function that lists dragons, and the alias to invoke it by."
  type = object({
    function_name = string
    alias_name    = string
    alias_arn     = string
  })
  nullable = false
}

variable "jwt_authorizer" {
  description = "Whose access tokens are taken: the URL of an OpenID Connect issuer, and whom the tokens may be for."
  type        = object({ issuer = string, audience = list(string) })
  nullable    = false

  validation {
    condition     = can(regex("^https?://[^?#\\s]+$", var.jwt_authorizer.issuer)) && length(var.jwt_authorizer.audience) > 0
    error_message = "jwt_authorizer must have the issuer's URL and at least one audience."
  }
}

variable "read_scope" {
  description = "The scope that the routes want, such as dragons/read."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[!#-\\[\\]-~]+$", var.read_scope))
    error_message = "read_scope must be one scope, without blanks and quotes."
  }
}

variable "allowed_origins" {
  description = "Origins whose pages may call the API from a browser, such as https://dragons.example."
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.allowed_origins) > 0 && alltrue([
      for origin in var.allowed_origins : can(regex("^https?://[a-z0-9.-]+(:[0-9]{1,5})?$", origin))
    ])
    error_message = "allowed_origins must name at least one origin such as https://dragons.example, with no path and no wildcard."
  }
}

variable "throttling" {
  description = "What the API takes of each route: calls a second (rate), and at once (burst)."
  type        = object({ rate = number, burst = number })
  nullable    = false

  validation {
    condition     = var.throttling.rate > 0 && var.throttling.burst >= 1 && floor(var.throttling.burst) == var.throttling.burst
    error_message = "throttling.rate must be above 0, throttling.burst a whole number from 1 on."
  }
}

# --- Optional ---------------------------------------------------------------------------------------

variable "route_throttling" {
  description = "Routes with a rate and a burst of their own, such as \"GET /dragons\" = { rate = 10, burst = 20 }."
  type        = map(object({ rate = number, burst = number }))
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for route, limits in var.route_throttling :
      contains(local.routes, route) && limits.rate > 0 && limits.burst >= 1 && floor(limits.burst) == limits.burst
    ])
    error_message = "route_throttling must map routes of the HTTP API to a rate above 0 and a whole burst from 1 on: ${join(", ", local.routes)}."
  }
}

variable "partners_upstream_url" {
  description = "What ANY /partners/{proxy+} is passed on to, without a slash at its end. Null: there is no such route."
  type        = string
  default     = null

  validation {
    condition     = var.partners_upstream_url == null || can(regex("^https?://[^?#{}\\s]*[^/?#{}\\s]$", var.partners_upstream_url))
    error_message = "partners_upstream_url must be a URL without a query, a fragment, and a slash at its end; or null."
  }
}

variable "invoke_url_format" {
  description = "Where the API answers: %s for its id. Null: AWS's own address."
  type        = string
  default     = null

  validation {
    condition     = var.invoke_url_format == null || can(regex("^https?://[^%\\s]*%s[^%\\s]*$", var.invoke_url_format))
    error_message = "invoke_url_format must be a URL with %s once: the API's id."
  }
}
