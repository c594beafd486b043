# --- Required ---------------------------------------------------------------------------------------

variable "queue" {
  description = "The queue: its ARN, and the seconds for which a message that was received is hidden."
  nullable    = false
  type = object({
    arn                        = string
    visibility_timeout_seconds = number
  })
}

variable "function" {
  description = "The consumer: its alias's ARN, its role, its timeout, whether it declares itself idempotent, and whether it is halted, so that messages wait."
  nullable    = false
  type = object({
    alias_arn       = string
    role_name       = string
    timeout_seconds = number
    halted          = optional(bool, false)
    idempotent      = bool
  })

  validation {
    condition     = var.function.idempotent
    error_message = "function.idempotent must be true, in the function's block: a queue's messages come again when they fail, and now and then when they did not."
  }

  validation {
    condition     = can(regex(":function:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$", var.function.alias_arn))
    error_message = "function.alias_arn must be the ARN of an alias, ending in :function:<name>:<alias>."
  }

  # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
  validation {
    condition     = var.queue.visibility_timeout_seconds >= 6 * var.function.timeout_seconds + var.batch_window_seconds
    error_message = "queue.visibility_timeout_seconds must be at least six times function.timeout_seconds, and batch_window_seconds more: Lambda's retries need that while a message is hidden."
  }
}

# --- Batches -----------------------------------------------------------------------------------------

variable "batch_size" {
  description = "Messages an invocation gets at most."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= (var.batch_window_seconds > 0 ? 10000 : 10)
    error_message = "batch_size must be 1 to 10, or up to 10000 with batch_window_seconds of 1 or more."
  }
}

variable "batch_window_seconds" {
  description = "Seconds to wait for a batch to fill; a FIFO queue has none."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.batch_window_seconds >= 0 && var.batch_window_seconds <= 300
    error_message = "batch_window_seconds must be 0 to 300."
  }

  validation {
    condition     = var.batch_window_seconds == 0 || !endswith(var.queue.arn, ".fifo")
    error_message = "batch_window_seconds must be 0 for a FIFO queue."
  }
}

variable "maximum_concurrency" {
  description = "Invocations at once."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.maximum_concurrency >= 2 && var.maximum_concurrency <= 1000
    error_message = "maximum_concurrency must be 2 to 1000."
  }
}
