variable "name" {
  description = "The table's name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.name))
    error_message = "name must be 3 to 255 letters, digits, underscores, hyphens and dots."
  }
}

variable "key" {
  description = "The attribute that items are found by, a text."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.key))
    error_message = "key must be lower-case letters, digits and underscores, beginning with a letter."
  }
}

variable "sort_key" {
  description = "The attribute by which the items of one key are in order, a text. Null: a key has one item."
  type        = string
  default     = null

  validation {
    condition     = var.sort_key == null || can(regex("^[a-z][a-z0-9_]*$", var.sort_key))
    error_message = "sort_key must be lower-case letters, digits and underscores, beginning with a letter."
  }

  validation {
    condition     = var.sort_key != var.key
    error_message = "sort_key must be another attribute than key."
  }
}

variable "index" {
  description = "A second way to find items: by the attribute key, a text, and in the order of the attribute order, a number. It holds the keys of the items that have both, and no others. Null: none."
  type        = object({ name = string, key = string, order = string })
  default     = null

  validation {
    condition = var.index == null || try(
      can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.index.name))
      && alltrue([for name in [var.index.key, var.index.order] : can(regex("^[a-z][a-z0-9_]*$", name))]), false
    )
    error_message = "index: name must be 3 to 255 letters, digits, underscores, hyphens and dots; key and order must be lower-case letters, digits and underscores, beginning with a letter."
  }

  validation {
    condition     = var.index == null || try(length(distinct(compact([var.key, var.sort_key, var.index.key, var.index.order]))) == length(compact([var.key, var.sort_key])) + 2, false)
    error_message = "index: key and order must be two attributes besides the table's own key and sort_key."
  }
}

variable "expiry" {
  description = "The attribute that says when an item may go, in seconds of Unix time. Null: items stay."
  type        = string
  default     = null

  validation {
    condition     = var.expiry == null || can(regex("^[a-z][a-z0-9_]*$", var.expiry))
    error_message = "expiry must be lower-case letters, digits and underscores, beginning with a letter."
  }
}

variable "protect_data" {
  description = "Whether the table refuses to be destroyed."
  type        = bool
  nullable    = false
}

variable "kms_encryption" {
  description = "Whether the table is encrypted with the account's own key for DynamoDB (aws/dynamodb), whose use is logged and charged. Otherwise with a key of AWS's, for free."
  type        = bool
  default     = false
  nullable    = false
}
