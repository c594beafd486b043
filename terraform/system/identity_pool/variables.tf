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

variable "routes" {
  description = "ARNs of the API routes that each kind of identity may invoke, each <execution ARN>/<stage>/<verb>/<path>. The kinds are Cognito's own words: guests, and who has signed in."
  type        = object({ unauthenticated = list(string), authenticated = list(string) })
  nullable    = false

  validation {
    condition     = alltrue([for routes in values(var.routes) : length(routes) > 0])
    error_message = "routes must name at least one route for each kind of identity."
  }

  validation {
    condition = alltrue([
      for arn in flatten(values(var.routes)) : can(regex("^arn:[a-z-]+:execute-api:[a-z0-9-]+:[0-9]{12}:[a-z0-9]+/[^/]+/[A-Z]+/[^*]+$", arn))
    ])
    error_message = "routes must be named by their ARNs: one API, one verb, and no wildcard in the path."
  }
}
