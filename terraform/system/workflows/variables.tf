variable "context" {
  description = "What the rooms of an environment share: what its names begin with, whether data refuses to be destroyed, and whether tables use the account's own KMS key."
  type        = object({ prefix = string, protect_data = bool, kms_encryption = bool })
  nullable    = false
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

variable "event_bus" {
  description = "The bus that hears of refused reports: its name and ARN."
  type        = object({ name = string, arn = string })
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
