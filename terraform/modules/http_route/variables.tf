variable "api" {
  description = "The HTTP API: its physical name, its id, and what the ARNs of its routes begin with."
  type        = object({ name = string, id = string, execution_arn = string })
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+$", var.api.name))
    error_message = "api.name must be letters, digits, underscores and hyphens: the permissions' names begin with it."
  }
}

variable "function" {
  description = "The function that answers: its name, and the alias to call it by."
  type        = object({ function_name = string, alias_name = string, alias_arn = string })
  nullable    = false

  validation {
    condition     = endswith(var.function.alias_arn, ":${var.function.alias_name}")
    error_message = "function.alias_arn must be that of its alias, ending in :<alias_name>."
  }
}

variable "routes" {
  description = "What the function answers: a method and a path, such as \"GET /items/{id}\" => who may call it. authorization is NONE (anybody), AWS_IAM (by signature) or JWT, which goes with an authorizer and the scopes of which a token must have one."
  type = map(object({
    authorization = optional(string, "NONE")
    authorizer_id = optional(string)
    scopes        = optional(list(string))
  }))
  nullable = false

  validation {
    condition = length(var.routes) > 0 && alltrue([
      for route in keys(var.routes) : can(regex("^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) /[A-Za-z0-9._~/{}+-]*$", route))
    ])
    error_message = "routes must name at least one route, each a method and a path, such as GET /items."
  }

  validation {
    condition     = alltrue([for route in values(var.routes) : contains(["NONE", "AWS_IAM", "JWT"], route.authorization)])
    error_message = "routes: authorization must be NONE, AWS_IAM or JWT."
  }

  validation {
    condition = alltrue([
      for route in values(var.routes) : route.authorization == "JWT" || (route.authorizer_id == null && route.scopes == null)
    ])
    error_message = "routes: an authorizer and scopes go with JWT alone."
  }
}
