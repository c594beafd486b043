variable "context" {
  description = "What the rooms of an environment share: what its names begin with."
  type        = object({ prefix = string })
  nullable    = false
}

variable "user_pool" {
  description = "Whose ID tokens sign people in: the user pool's endpoint, cognito-idp.<region>.amazonaws.com/<id>, and the app client that they are for."
  type        = object({ endpoint = string, client_id = string })
  nullable    = false

  validation {
    condition     = can(regex("^cognito-idp\\.[a-z0-9-]+\\.amazonaws\\.com/[\\w-]+_[0-9A-Za-z]+$", var.user_pool.endpoint))
    error_message = "user_pool.endpoint must be cognito-idp.<region>.amazonaws.com/<user pool id>, without https://."
  }

  validation {
    condition     = can(regex("^[\\w+]+$", var.user_pool.client_id))
    error_message = "user_pool.client_id must be the id of an app client."
  }
}

variable "guest_routes" {
  description = "ARNs of the API routes that guests may invoke, each <execution ARN>/<stage>/<verb>/<path>."
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.guest_routes) > 0 && alltrue([
      for arn in var.guest_routes : can(regex("^arn:[a-z-]+:execute-api:[a-z0-9-]+:[0-9]{12}:[a-z0-9]+/[^/]+/[A-Z]+/[^*]+$", arn))
    ])
    error_message = "guest_routes must name at least one route by its ARN: one API, one verb, and no wildcard in the path."
  }
}

variable "signed_in_routes" {
  description = "The same for identities that have signed in."
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.signed_in_routes) > 0 && alltrue([
      for arn in var.signed_in_routes : can(regex("^arn:[a-z-]+:execute-api:[a-z0-9-]+:[0-9]{12}:[a-z0-9]+/[^/]+/[A-Z]+/[^*]+$", arn))
    ])
    error_message = "signed_in_routes must name at least one route by its ARN: one API, one verb, and no wildcard in the path."
  }
}
