# --- Required ---------------------------------------------------------------------------------------

variable "name" {
  description = "The function's folder under functions/."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.name))
    error_message = "name must be a folder of functions/: lower-case letters, digits and underscores, beginning with a letter."
  }

  validation {
    condition     = length("${var.prefix}-${var.name}") <= 64
    error_message = "name: \"${var.prefix}-${var.name}\" is longer than the 64 characters Lambda and IAM allow; shorten the folder's name."
  }
}

variable "prefix" {
  description = "What every physical name begins with, for example dragons-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.prefix))
    error_message = "prefix must be lower-case letters, digits and hyphens, such as dragons-dev."
  }
}

variable "artifact" {
  description = "The function's entry in dist/manifest.json."
  nullable    = false
  type = object({
    path           = string
    content_digest = string
    handler        = string
    runtime        = string
    architecture   = string
  })

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.artifact.content_digest))
    error_message = "artifact.content_digest must be 64 hexadecimal digits: run `python build.py`."
  }

  validation {
    condition     = can(regex("^[a-z0-9_]+(\\.[a-zA-Z0-9_]+)+$", var.artifact.handler))
    error_message = "artifact.handler must be a dotted Python name such as list_dragons.handler.handler."
  }

  validation {
    condition     = can(regex("^python3\\.[0-9]+$", var.artifact.runtime))
    error_message = "artifact.runtime must be a Python runtime of Lambda such as python3.13."
  }

  validation {
    condition     = contains(["x86_64", "arm64"], var.artifact.architecture)
    error_message = "artifact.architecture must be x86_64 or arm64."
  }
}

variable "artifacts_bucket" {
  description = "The bucket from which Lambda takes the zip."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.artifacts_bucket))
    error_message = "artifacts_bucket must be the name of a bucket."
  }
}

variable "repository_root" {
  description = "The folder that the artifact's path is relative to."
  type        = string

  validation {
    condition     = fileexists("${var.repository_root}/${var.artifact.path}")
    error_message = "${var.artifact.path} is missing: run `python build.py`."
  }
}

# --- What the function may do and is told ------------------------------------------------------------

variable "policy_statements" {
  description = "What the function may do besides writing its own log and traces."
  nullable    = false
  default     = []
  type = list(object({
    sid       = optional(string)
    actions   = list(string)
    resources = list(string)
  }))

  validation {
    condition = alltrue([
      for statement in var.policy_statements : length(statement.actions) > 0 && alltrue([
        for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))
      ])
    ])
    error_message = "policy_statements: every action must be named in full, such as s3:GetObject; no wildcards."
  }

  validation {
    condition = alltrue([
      for statement in var.policy_statements : length(statement.resources) > 0 && alltrue([
        for resource in statement.resources : startswith(resource, "arn:")
      ])
    ])
    error_message = "policy_statements: every resource must be an ARN; \"*\" alone is not."
  }
}

variable "environment" {
  description = "The function's environment variables."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.environment) : can(regex("^[A-Z][A-Z0-9_]+$", key))])
    error_message = "environment: names must be upper-case letters, digits and underscores."
  }

  validation {
    condition     = alltrue([for key in keys(var.environment) : !can(regex("^(AWS|LAMBDA)_", key))])
    error_message = "environment: names beginning with AWS_ or LAMBDA_ belong to Lambda."
  }
}

variable "layer_arns" {
  description = "ARNs of layer versions, applied in this order."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.layer_arns) <= 5
    error_message = "layer_arns: Lambda takes five layers at most."
  }

  validation {
    condition     = alltrue([for arn in var.layer_arns : can(regex(":layer:[A-Za-z0-9_-]+:[0-9]+$", arn))])
    error_message = "layer_arns: each must be the ARN of a layer version, ending in :layer:<name>:<number>."
  }
}

# --- How it runs -------------------------------------------------------------------------------------

variable "timeout_seconds" {
  description = "Seconds an invocation may take."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900
    error_message = "timeout_seconds must be 1 to 900."
  }
}

variable "memory_mb" {
  description = "Memory of one execution environment, in MB; the processor's share grows with it."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240
    error_message = "memory_mb must be 128 to 10240."
  }
}

variable "log_retention_days" {
  description = "Days the log is kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days
    )
    error_message = "log_retention_days must be a period CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ..."
  }
}

variable "tracing" {
  description = "Active samples and sends traces to X-Ray; PassThrough follows the caller's decision only."
  type        = string
  default     = "Active"
  nullable    = false

  validation {
    condition     = contains(["Active", "PassThrough"], var.tracing)
    error_message = "tracing must be Active or PassThrough."
  }
}
