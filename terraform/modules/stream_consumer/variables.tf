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
  description = "The consumer: its alias's ARN, its role, whether it declares itself idempotent, and whether it is halted, so that records wait."
  nullable    = false
  type = object({
    alias_arn  = string
    role_name  = string
    idempotent = bool
    halted     = optional(bool, false)
  })

  validation {
    condition     = var.function.idempotent
    error_message = "function.idempotent must be true, in the function's block: a stream's records come again when their batch fails."
  }

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

variable "filters" {
  description = "Patterns in JSON for the records that the consumer gets, any of which has to match; none: all records. They see one image at a time, so none can tell that a field has changed. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.filters) <= 5 && alltrue([for pattern in var.filters : can(keys(jsondecode(pattern)))])
    error_message = "filters must be at most five objects in JSON, such as jsonencode({ eventName = [\"REMOVE\"] })."
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

variable "bisect" {
  description = "Whether a batch that fails is split in two, until the record that it fails for is found."
  type        = bool
  default     = true
  nullable    = false
}

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
