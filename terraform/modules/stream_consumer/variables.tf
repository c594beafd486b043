# --- Required ---------------------------------------------------------------------------------------

variable "name" {
  description = "The consumer's physical name, for example app-dev-write_dataset: the dead-letter queue's begins with it."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,67}$", var.name))
    error_message = "name must be 1 to 67 letters, digits, underscores and hyphens: SQS allows 80, and -dead-letters is added."
  }
}

variable "function" {
  description = "The consumer: its alias's ARN, its role, and whether it is halted, so that records wait."
  nullable    = false
  type = object({
    alias_arn = string
    role_name = string
    halted    = optional(bool, false)
  })

  validation {
    condition     = can(regex(":function:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$", var.function.alias_arn))
    error_message = "function.alias_arn must be the ARN of an alias, ending in :function:<name>:<alias>."
  }
}

variable "stream_arn" {
  description = "The ARN of a DynamoDB table's stream."
  type        = string

  validation {
    condition     = can(regex(":table/[^/]+/stream/.+$", var.stream_arn))
    error_message = "stream_arn must be the ARN of a DynamoDB stream, with :table/<name>/stream/<label> in it."
  }
}

# --- Batches -----------------------------------------------------------------------------------------

variable "batch_size" {
  description = "Records an invocation gets at most."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= 10000
    error_message = "batch_size must be 1 to 10000."
  }
}

variable "batch_window_seconds" {
  description = "Seconds to wait for a batch to fill."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.batch_window_seconds >= 0 && var.batch_window_seconds <= 300
    error_message = "batch_window_seconds must be 0 to 300."
  }
}

variable "parallelization_factor" {
  description = "Batches of one shard handled at once; records of one key stay in order."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.parallelization_factor >= 1 && var.parallelization_factor <= 10
    error_message = "parallelization_factor must be 1 to 10."
  }
}

# --- Failures ----------------------------------------------------------------------------------------

variable "retry_attempts" {
  description = "Times a failed batch is tried again before it goes to the dead-letter queue."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.retry_attempts >= 0 && var.retry_attempts <= 10000
    error_message = "retry_attempts must be 0 to 10000: without an end, one bad record would block its shard."
  }
}

variable "record_age_seconds" {
  description = "Seconds after which a record is given up and goes to the dead-letter queue."
  type        = number
  default     = 21600
  nullable    = false

  validation {
    condition     = var.record_age_seconds >= 60 && var.record_age_seconds <= 72000
    error_message = "record_age_seconds must be 60 to 72000: the stream forgets after 24 hours, and a redrive needs some of them."
  }
}
