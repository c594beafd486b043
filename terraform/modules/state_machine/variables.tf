# --- Required ---------------------------------------------------------------------------------------

variable "name" {
  description = "The state machine's name, without what all names of the environment begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.name))
    error_message = "name must be lower-case letters, digits and underscores, beginning with a letter."
  }

  validation {
    condition     = length("${var.deployment.prefix}-${var.name}") <= 64
    error_message = "name: \"${var.deployment.prefix}-${var.name}\" is longer than the 64 characters that IAM allows for the role."
  }
}

variable "deployment" {
  description = "What all state machines of an environment share: what their names begin with, and which versions serve: the path of the release's parameters, the release's name, the versions that pins hold by machine, and whether a canary runs."
  nullable    = false
  type = object({
    prefix         = string
    parameter_path = string
    release        = string
    pins           = optional(map(string), {})
    canary         = optional(bool, false)
  })

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.deployment.prefix))
    error_message = "deployment.prefix must be lower-case letters, digits and hyphens, such as app-dev."
  }

  validation {
    condition     = can(regex("^(/[A-Za-z0-9_.-]+)+$", var.deployment.parameter_path))
    error_message = "deployment.parameter_path must be a path of SSM parameters such as /app/dev/state_machines, without a slash at its end."
  }

  validation {
    condition     = length(var.deployment.release) > 0
    error_message = "deployment.release must not be empty: it tells one release from another."
  }

  validation {
    condition     = alltrue([for version in values(var.deployment.pins) : can(regex("^[1-9][0-9]*$", version))])
    error_message = "deployment.pins: each must be the number of a published version, such as 7."
  }
}

variable "definition" {
  description = "What it does: JSON in the Amazon States Language."
  type        = string
  nullable    = false

  validation {
    condition     = try(contains(keys(jsondecode(var.definition).States), jsondecode(var.definition).StartAt), false)
    error_message = "definition must be JSON with States, and with one of them as StartAt."
  }

  validation {
    condition     = try(length(jsondecode(var.definition).Comment) > 0 && jsondecode(var.definition).TimeoutSeconds > 0, false)
    error_message = "definition must say what it is for (Comment), and when it has taken too long (TimeoutSeconds)."
  }
}

# --- What it may do ----------------------------------------------------------------------------------

variable "policy_statements" {
  description = "What it may do besides sending traces and its log. not_resources names what a statement leaves out, where what it allows has no ARN."
  type = list(object({
    sid           = optional(string)
    actions       = list(string)
    resources     = optional(list(string))
    not_resources = optional(list(string))
  }))
  default  = []
  nullable = false

  validation {
    condition = alltrue([
      for statement in var.policy_statements : length(statement.actions) > 0 && alltrue([
        for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))
      ])
    ])
    error_message = "policy_statements: every action must be named in full, such as sqs:SendMessage; no wildcards."
  }

  validation {
    condition = alltrue([
      for statement in var.policy_statements : (statement.resources == null) != (statement.not_resources == null)
    ])
    error_message = "policy_statements: each must have either resources or not_resources."
  }

  validation {
    condition = alltrue([
      for named in [for statement in var.policy_statements : coalesce(statement.resources, statement.not_resources, [])] :
      length(named) > 0 && alltrue([for resource in named : startswith(resource, "arn:")])
    ])
    error_message = "policy_statements: each must name at least one resource, by its ARN; \"*\" alone is not."
  }
}

# --- How it runs -------------------------------------------------------------------------------------

variable "type" {
  description = "STANDARD runs each step once and keeps the history; EXPRESS is for many short executions, whose steps may be repeated."
  type        = string
  default     = "STANDARD"
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "EXPRESS"], var.type)
    error_message = "type must be STANDARD or EXPRESS."
  }
}

variable "tracing" {
  description = "Whether executions are traced by X-Ray."
  type        = bool
  default     = true
  nullable    = false
}

variable "logging" {
  description = "What is logged (level: ALL, ERROR, FATAL or OFF), for how many days it is kept, and whether inputs and outputs are in it, which may be callers' data. Without a level, ERROR of an EXPRESS machine; of a STANDARD one nothing, since it keeps each execution's history for 90 days anyway."
  type = object({
    level          = optional(string)
    retention_days = optional(number, 30)
    include_data   = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.logging.level == null || try(contains(["ALL", "ERROR", "FATAL", "OFF"], var.logging.level), false)
    error_message = "logging.level must be ALL, ERROR, FATAL or OFF, or left out."
  }
}
