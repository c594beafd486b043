variable "name" {
  description = "The queue's name, without .fifo."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,75}$", var.name))
    error_message = "name must be 1 to 75 letters, digits, underscores and hyphens: SQS allows 80, and .fifo may be added."
  }
}

variable "fifo" {
  description = "Whether the messages of a group stay in order, and one that is sent again within five minutes is dropped."
  type        = bool
  default     = false
  nullable    = false
}

variable "visibility_timeout_seconds" {
  description = "Seconds for which a message that was received is hidden from others: at least six times the consumer's timeout."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.visibility_timeout_seconds >= 1 && var.visibility_timeout_seconds <= 43200
    error_message = "visibility_timeout_seconds must be 1 to 43200."
  }
}

variable "dead_letters" {
  description = "The queue, by its ARN, to which a message goes once it was received so often. Null: messages wait until they are 14 days old."
  type        = object({ arn = string, max_receive_count = optional(number, 5) })
  default     = null

  validation {
    condition     = var.dead_letters == null || try(var.dead_letters.max_receive_count >= 1 && var.dead_letters.max_receive_count <= 1000, false)
    error_message = "dead_letters.max_receive_count must be 1 to 1000."
  }
}

variable "senders" {
  description = "The services that may send, by a word for each: its name, such as sns.amazonaws.com, and the ARN that it sends for, such as a topic's."
  type        = map(object({ service = string, source_arn = string }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for word in keys(var.senders) : can(regex("^[A-Z][A-Za-z0-9]*$", word))])
    error_message = "senders must be named by letters and digits, beginning with a capital: a policy's statement is named so."
  }
}
