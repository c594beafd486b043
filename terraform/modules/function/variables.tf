# --- Required ---------------------------------------------------------------------------------------

variable "name" {
  description = "The function's folder under functions/."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.name))
    error_message = "name must be a folder of functions/: lower-case letters, digits and underscores, beginning with a letter."
  }
}

variable "deployment" {
  description = "What all functions of an environment share: what their names begin with, the zips that build.py made (the manifest's functions, and the folder that their paths begin at), the bucket they go through, their layers, for how many days their logs are kept, and which versions serve: the path of the release's parameters, the release's name, the versions that pins hold by function, the shifts by function (the version that is held, and the percent of its calls that the newest gets), and whether a canary runs; which functions are halted; reserved concurrency by function, where it is another than in the function's block; and the key of their variables with the context of their secrets, unless Lambda's own key does."
  nullable    = false
  type = object({
    prefix             = string
    repository_root    = string
    artifacts_bucket   = string
    layer_arns         = optional(list(string), [])
    log_retention_days = optional(number, 30)
    parameter_path     = string
    release            = string
    pins               = optional(map(string), {})
    shifts             = optional(map(object({ held = string, percent = number })), {})
    canary             = optional(bool, false)
    halted             = optional(set(string), [])
    encryption         = optional(object({ key_arn = string, context = map(string) }))

    reserved_concurrency = optional(map(number), {})

    artifacts = map(object({
      path           = string
      content_digest = string
      handler        = string
      runtime        = string
      architecture   = string
      edge           = optional(string)
    }))
  })

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.deployment.prefix))
    error_message = "deployment.prefix must be lower-case letters, digits and hyphens, such as app-dev."
  }

  validation {
    condition     = length("${var.deployment.prefix}-${var.name}") <= 64
    error_message = "name: \"${var.deployment.prefix}-${var.name}\" is longer than the 64 characters Lambda and IAM allow; shorten the folder's name."
  }

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.deployment.artifacts_bucket))
    error_message = "deployment.artifacts_bucket must be the name of a bucket."
  }

  validation {
    condition     = contains(keys(var.deployment.artifacts), var.name)
    error_message = "${var.name} is not in deployment.artifacts: there is no such folder in functions/, or `python build.py` was not run."
  }

  validation {
    condition     = try(var.deployment.artifacts[var.name].edge, null) == null
    error_message = "functions/${var.name} declares itself as an edge function: its block's source must be ../modules/edge_function."
  }

  validation {
    condition     = try(fileexists("${var.deployment.repository_root}/${var.deployment.artifacts[var.name].path}"), true)
    error_message = "the zip of ${var.name} is missing: run `python build.py`."
  }

  validation {
    condition     = alltrue([for artifact in values(var.deployment.artifacts) : can(regex("^[0-9a-f]{64}$", artifact.content_digest))])
    error_message = "deployment.artifacts: each content_digest must be 64 hexadecimal digits: run `python build.py`."
  }

  validation {
    condition     = alltrue([for artifact in values(var.deployment.artifacts) : can(regex("^[a-z0-9_]+(\\.[a-zA-Z0-9_]+)+$", artifact.handler))])
    error_message = "deployment.artifacts: each handler must be a dotted Python name such as list_items.handler.handler."
  }

  validation {
    condition     = alltrue([for artifact in values(var.deployment.artifacts) : can(regex("^python3\\.[0-9]+$", artifact.runtime))])
    error_message = "deployment.artifacts: each runtime must be a Python runtime of Lambda such as python3.13."
  }

  validation {
    condition     = alltrue([for artifact in values(var.deployment.artifacts) : contains(["x86_64", "arm64"], artifact.architecture)])
    error_message = "deployment.artifacts: each architecture must be x86_64 or arm64."
  }

  validation {
    condition     = length(var.deployment.layer_arns) <= 5
    error_message = "deployment.layer_arns: Lambda takes five layers at most."
  }

  validation {
    condition     = alltrue([for arn in var.deployment.layer_arns : can(regex(":layer:[A-Za-z0-9_-]+:[0-9]+$", arn))])
    error_message = "deployment.layer_arns: each must be the ARN of a layer version, ending in :layer:<name>:<number>."
  }

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.deployment.log_retention_days
    )
    error_message = "deployment.log_retention_days must be a period CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ..."
  }

  validation {
    condition     = can(regex("^(/[A-Za-z0-9_.-]+)+$", var.deployment.parameter_path))
    error_message = "deployment.parameter_path must be a path of SSM parameters such as /app/dev, without a slash at its end."
  }

  validation {
    condition     = length(var.deployment.release) > 0
    error_message = "deployment.release must not be empty: it tells one release from another."
  }

  validation {
    condition     = alltrue([for version in values(var.deployment.pins) : can(regex("^[1-9][0-9]*$", version))])
    error_message = "deployment.pins: each must be the number of a published version, such as 7."
  }

  validation {
    condition = alltrue([
      for shift in values(var.deployment.shifts) : can(regex("^[1-9][0-9]*$", shift.held)) && shift.percent >= 0 && shift.percent < 100
    ])
    error_message = "deployment.shifts: each must hold a published version, such as 7, and have a percent from 0 to below 100."
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

variable "secrets" {
  description = "Environment variables whose values were encrypted with the environment's key before they came here (base64); the function decrypts them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.secrets) == 0 || var.deployment.encryption != null
    error_message = "secrets need a key: give the environment one of its own."
  }

  # What KMS encrypts begins with its own header, and is longer than it.
  validation {
    condition     = alltrue([for value in values(var.secrets) : can(regex("^(?:[A-Za-z0-9+/]{4}){20,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", value))])
    error_message = "secrets must be encrypted, in base64: ${join(", ", [for name, value in var.secrets : name if !can(regex("^(?:[A-Za-z0-9+/]{4}){20,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", value))])} is not."
  }

  validation {
    condition     = length(setintersection(keys(var.secrets), concat(keys(var.environment), ["ENCRYPTION"]))) == 0
    error_message = "secrets must have other names than the variables of environment, and than ENCRYPTION, which tells the key."
  }

  validation {
    condition     = alltrue([for key in keys(var.secrets) : can(regex("^[A-Z][A-Z0-9_]+$", key)) && !can(regex("^(AWS|LAMBDA)_", key))])
    error_message = "secrets: names must be upper-case letters, digits and underscores, and not begin with AWS_ or LAMBDA_."
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

variable "reserved_concurrency" {
  description = "Invocations at once, which are taken off what the account's other functions may use. Null: as many as those leave."
  type        = number
  default     = null

  validation {
    condition     = var.reserved_concurrency == null || try(var.reserved_concurrency >= 1 && floor(var.reserved_concurrency) == var.reserved_concurrency, false)
    error_message = "reserved_concurrency must be a whole number of at least 1, or null; halted = true stops the function."
  }
}

variable "halted" {
  description = "Whether the function is stopped: callers are refused, and what its queues and streams hold waits."
  type        = bool
  default     = false
  nullable    = false
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

# --- How often and how much it runs ------------------------------------------------------------------

variable "idempotent" {
  description = "Whether the same event a second time changes nothing more. Where an event may come again, no other function will do. In this repository, a contract test runs the handler twice."
  type        = bool
  default     = false
  nullable    = false
}

variable "asynchronous" {
  description = "For a function that is invoked asynchronously: the seconds that an event waits at most, how often it is tried again, and the ARN of what gets the events that failed or, if that matters, succeeded: a standard queue, a standard topic, a bus or a function; for failures, a bucket too. Null: it is not."
  type = object({
    event_age_seconds = optional(number, 21600)
    retries           = optional(number, 0)
    on_failure        = string
    on_success        = optional(string)
  })
  default = null

  validation {
    condition = var.asynchronous == null || try(
      var.asynchronous.event_age_seconds >= 60 && var.asynchronous.event_age_seconds <= 21600, false
    )
    error_message = "asynchronous.event_age_seconds must be 60 to 21600."
  }

  validation {
    condition     = var.asynchronous == null || try(contains([0, 1, 2], var.asynchronous.retries), false)
    error_message = "asynchronous.retries must be 0, 1 or 2."
  }

  validation {
    condition     = var.idempotent || try(var.asynchronous.retries, 0) == 0
    error_message = "asynchronous.retries must be 0, unless the function declares idempotent = true: a retry would do again what is done."
  }

  validation {
    condition = var.asynchronous == null || try(
      can(regex("^arn:aws:(sqs|sns|events|lambda|s3):", var.asynchronous.on_failure)) && !endswith(var.asynchronous.on_failure, ".fifo"), false
    )
    error_message = "asynchronous.on_failure must be the ARN of a standard queue, a standard topic, a bus, a function or a bucket."
  }

  validation {
    condition = try(var.asynchronous.on_success, null) == null || try(
      can(regex("^arn:aws:(sqs|sns|events|lambda):", var.asynchronous.on_success)) && !endswith(var.asynchronous.on_success, ".fifo"), false
    )
    error_message = "asynchronous.on_success must be the ARN of a standard queue, a standard topic, a bus or a function."
  }
}

variable "recursive_loop" {
  description = "Terminate stops a chain of events in which the function invokes itself; Allow is for one that is meant to."
  type        = string
  default     = "Terminate"
  nullable    = false

  validation {
    condition     = contains(["Terminate", "Allow"], var.recursive_loop)
    error_message = "recursive_loop must be Terminate or Allow."
  }
}

variable "provisioned_concurrency" {
  description = "Execution environments of `live` that are kept ready, and charged: a minimum, and a maximum (null: the minimum). With a utilization, their number follows the share of them that is in use. With schedules, by name, these are the bounds to begin with, and each schedule sets others from its time on: cron(...), rate(...) or at(...). The first schedule, and the last to go, take a second apply: they register the target anew. Null: none."
  type = object({
    minimum     = number
    maximum     = optional(number)
    utilization = optional(number)
    schedules = optional(map(object({
      schedule = string
      timezone = optional(string, "UTC")
      minimum  = number
      maximum  = number
    })), {})
  })
  default = null

  validation {
    condition = var.provisioned_concurrency == null || try(
      var.provisioned_concurrency.minimum >= 1 && coalesce(var.provisioned_concurrency.maximum, var.provisioned_concurrency.minimum) >= var.provisioned_concurrency.minimum, false
    )
    error_message = "provisioned_concurrency.minimum must be at least 1, and maximum no less than that."
  }

  validation {
    condition = local.reserved_concurrency == null || var.provisioned_concurrency == null || try(
      coalesce(var.provisioned_concurrency.maximum, var.provisioned_concurrency.minimum) <= local.reserved_concurrency, false
    )
    error_message = "provisioned_concurrency.maximum must not exceed reserved_concurrency: it is taken from that."
  }

  validation {
    condition = try(var.provisioned_concurrency.utilization, null) == null || try(
      var.provisioned_concurrency.utilization >= 0.1 && var.provisioned_concurrency.utilization <= 0.9, false
    )
    error_message = "provisioned_concurrency.utilization must be 0.1 to 0.9, such as 0.7."
  }

  validation {
    condition = alltrue([
      for each in values(try(var.provisioned_concurrency.schedules, {})) :
      can(regex("^(cron|rate|at)\\(.+\\)$", each.schedule)) && each.minimum >= 1 && each.maximum >= each.minimum
    ])
    error_message = "provisioned_concurrency.schedules must each have a schedule such as cron(0 8 ? * MON-FRI *), a minimum of at least 1 and a maximum no less than that."
  }
}
