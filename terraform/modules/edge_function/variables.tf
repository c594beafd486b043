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
  description = "What all edge functions of an environment share: what their names begin with, the account, for how many days their logs are kept, and the zips that build.py made (the manifest's functions, and the folder that their paths begin at)."
  nullable    = false
  type = object({
    prefix             = string
    account_id         = string
    repository_root    = string
    log_retention_days = optional(number, 30)

    artifacts = map(object({
      path           = string
      content_digest = string
      zip_size       = number
      handler        = string
      runtime        = string
      architecture   = string
      edge           = optional(string)
    }))
  })

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.deployment.prefix))
    error_message = "deployment.prefix must be lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen."
  }

  validation {
    condition     = length("${var.deployment.prefix}-${var.name}") <= 64
    error_message = "name: \"${var.deployment.prefix}-${var.name}\" is longer than the 64 characters Lambda and IAM allow; shorten the folder's name."
  }

  validation {
    condition     = can(regex("^[0-9]{12}$", var.deployment.account_id))
    error_message = "deployment.account_id must be twelve digits."
  }

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.deployment.log_retention_days
    )
    error_message = "deployment.log_retention_days must be a period CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ..."
  }

  validation {
    condition     = contains(keys(var.deployment.artifacts), var.name)
    error_message = "${var.name} is not in deployment.artifacts: there is no such folder in functions/, or `python build.py` was not run."
  }

  validation {
    condition     = try(contains(["viewer", "origin"], var.deployment.artifacts[var.name].edge), !contains(keys(var.deployment.artifacts), var.name))
    error_message = "functions/${var.name} does not declare itself as an edge function: write viewer or origin into its edge.txt, and run `python build.py`."
  }

  validation {
    condition     = try(fileexists("${var.deployment.repository_root}/${var.deployment.artifacts[var.name].path}"), true)
    error_message = "the zip of ${var.name} is missing: run `python build.py`."
  }

  validation {
    condition     = try(can(regex("^[0-9a-f]{64}$", var.deployment.artifacts[var.name].content_digest)), true)
    error_message = "deployment.artifacts: the content_digest of ${var.name} must be 64 hexadecimal digits: run `python build.py`."
  }

  validation {
    condition     = try(can(regex("^[a-z0-9_]+(\\.[a-zA-Z0-9_]+)+$", var.deployment.artifacts[var.name].handler)), true)
    error_message = "deployment.artifacts: the handler of ${var.name} must be a dotted Python name such as edge_viewer_request.handler.handler."
  }

  validation {
    condition     = try(var.deployment.artifacts[var.name].zip_size <= local.limits[var.deployment.artifacts[var.name].edge].zip_bytes, true)
    error_message = "the zip of ${var.name} is larger than the ${try(local.limits[var.deployment.artifacts[var.name].edge].zip_bytes, 0)} bytes that CloudFront takes there: take something out of functions/${var.name}."
  }

  validation {
    condition     = try(can(regex("^python3\\.[0-9]+$", var.deployment.artifacts[var.name].runtime)) && var.deployment.artifacts[var.name].architecture == "x86_64", true)
    error_message = "${var.name}: Lambda@Edge runs Python on x86_64 alone, and the manifest says ${try("${var.deployment.artifacts[var.name].runtime} on ${var.deployment.artifacts[var.name].architecture}", "neither")}: run `python build.py`."
  }
}

# --- Optional ---------------------------------------------------------------------------------------

variable "memory_mb" {
  description = "Memory of one execution environment, in MB. At the viewer, CloudFront takes 128 alone."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= local.limit.memory_mb && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb: at the ${local.artifact.edge}, it must be a whole number from 128 to ${local.limit.memory_mb}."
  }
}

variable "timeout_seconds" {
  description = "Seconds an invocation may take."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= local.limit.timeout_seconds && floor(var.timeout_seconds) == var.timeout_seconds
    error_message = "timeout_seconds: at the ${local.artifact.edge}, it must be a whole number from 1 to ${local.limit.timeout_seconds}."
  }
}

variable "skip_destroy" {
  description = "Whether the function stays in the account when Terraform would delete it. AWS deletes none of whose replicas any are left, which is hours after its distribution is gone."
  type        = bool
  default     = true
  nullable    = false
}
