# --- Required ---------------------------------------------------------------------------------------

variable "context" {
  description = "What the rooms of an environment share: what its names begin with, its region, and the days that logs are kept."
  type        = object({ prefix = string, region = string, log_retention_days = number })
  nullable    = false
}

variable "routes" {
  description = "What functions answer: a method and a path, such as \"GET /dragons\" => the function, by the alias to call it by, and who may call it. authorization is JWT (a token with one of the scopes; null: read_scope), AWS_IAM (by signature) or NONE (anybody)."
  type = map(object({
    function = object({
      function_name = string
      alias_name    = string
      alias_arn     = string
    })
    authorization = optional(string, "JWT")
    scopes        = optional(list(string))
  }))
  nullable = false
}

variable "jwt_authorizer" {
  description = "Whose access tokens are taken: the URL of an OpenID Connect issuer, and whom the tokens may be for."
  type        = object({ issuer = string, audience = list(string) })
  nullable    = false
}

variable "read_scope" {
  description = "The scope that a route wants unless it says otherwise, such as dragons/read."
  type        = string
  nullable    = false
}

variable "allowed_origins" {
  description = "Origins whose pages may call the API from a browser, such as https://dragons.example."
  type        = list(string)
  nullable    = false
}

variable "throttling" {
  description = "What the API takes of each route: calls a second (rate), and at once (burst)."
  type        = object({ rate = number, burst = number })
  nullable    = false
}

variable "route_throttling" {
  description = "Routes with a rate and a burst of their own, such as \"GET /dragons\" = { rate = 10, burst = 20 }."
  type        = map(object({ rate = number, burst = number }))
  nullable    = false

  validation {
    condition = alltrue([
      for route, limits in var.route_throttling :
      contains(local.routes, route) && limits.rate > 0 && limits.burst >= 1 && floor(limits.burst) == limits.burst
    ])
    error_message = "route_throttling must map routes of the HTTP API to a rate above 0 and a whole burst from 1 on: ${join(", ", local.routes)}."
  }
}

variable "detailed_metrics" {
  description = "Whether CloudWatch has metrics of each route beside those of the whole API. They are charged as custom metrics."
  type        = bool
  nullable    = false
}

# --- Optional ---------------------------------------------------------------------------------------

variable "partners_upstream_url" {
  description = "What ANY /partners/{proxy+} is passed on to, without a slash at its end. Null: there is no such route."
  type        = string
  default     = null
}

variable "invoke_url_format" {
  description = "Where the API answers: %s for its id. Null: AWS's own address."
  type        = string
  default     = null
}
