variable "context" {
  description = "What the rooms of an environment share: what its names begin with, the days that logs are kept, whether data refuses to be destroyed, whether tables use the account's own KMS key, and what all state machines share."
  type = object({
    prefix             = string
    log_retention_days = number
    protect_data       = bool
    kms_encryption     = bool
    machines           = object({ prefix = string, parameter_path = string, release = string, pins = map(string), canary = bool })
  })
  nullable = false
}

variable "validate_dragon_arn" {
  description = "ARN of the alias of the function validate_dragon that the workflow invokes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$", var.validate_dragon_arn))
    error_message = "validate_dragon_arn: an alias' ARN, ending in :function:<name>:<alias>. The unqualified function is not accepted: only an alias can be rolled back."
  }
}

variable "table_name" {
  description = "Name of the table of dragons."
  type        = string
  nullable    = false
}

variable "table_arn" {
  description = "ARN of the table of dragons."
  type        = string
  nullable    = false
}

variable "family_index" {
  description = "The table's index of dragons by their family: its name and ARN."
  type        = object({ name = string, arn = string })
  nullable    = false
}

variable "event_bus" {
  description = "The bus that hears of refused reports: its name and ARN."
  type        = object({ name = string, arn = string })
  nullable    = false
}

variable "tallies" {
  description = "The table of tallies, and its index of those that have the most dragons: the names of both, and the index's ARN."
  type        = object({ table = string, index = string, index_arn = string })
  nullable    = false
}

variable "logging" {
  description = "What machines log, by their type (ALL, ERROR, FATAL or OFF), and whether inputs and outputs are in it."
  type        = object({ standard = string, express = string, include_data = bool })
  nullable    = false
}

variable "text_messages" {
  description = "To whom text messages go: off (nobody), confirmed (reports of which the API says so) or any (every number)."
  type        = string
  nullable    = false
}

variable "texts_per_day" {
  description = "How many text messages a reporter's reports may send on one day (UTC)."
  type        = number
  nullable    = false
}

variable "review_new_families" {
  description = "Whether a report waits for a reviewer where no dragon of its family is on record."
  type        = bool
  nullable    = false
}

variable "review_deadline_hours" {
  description = "Hours after which a report that no reviewer has decided on is refused."
  type        = number
  nullable    = false
}

variable "visibility_timeout_seconds" {
  description = "Seconds for which the queue of reviews hides what open_review has received."
  type        = number
  nullable    = false
}

variable "renew_reviews" {
  description = "The function that beats for the open reviews: its name, and the alias to call it by."
  type        = object({ function_name = string, alias_name = string, alias_arn = string })
  nullable    = false
}
