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
  description = "A second way to find items: by the attribute key, a text, and in the order of sort_key, a text (sort_key_type S) or a number (N). Only items that have these attributes are in it, with the attributes of projection: ALL, or KEYS_ONLY. Null: none."
  type = object({
    name          = string
    key           = string
    sort_key      = optional(string)
    sort_key_type = optional(string, "S")
    projection    = optional(string, "ALL")
  })
  default = null

  validation {
    condition = var.index == null || try(
      can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.index.name))
      && alltrue([for name in compact([var.index.key, var.index.sort_key]) : can(regex("^[a-z][a-z0-9_]*$", name))]), false
    )
    error_message = "index: name must be 3 to 255 letters, digits, underscores, hyphens and dots; key and sort_key must be lower-case letters, digits and underscores, beginning with a letter."
  }

  validation {
    condition     = var.index == null || try(length(distinct(compact([var.key, var.sort_key, var.index.key, var.index.sort_key]))) == length(compact([var.key, var.sort_key, var.index.key, var.index.sort_key])), false)
    error_message = "index: key and sort_key must be two attributes besides the table's own key and sort_key."
  }

  validation {
    condition     = var.index == null || try(contains(["S", "N"], var.index.sort_key_type) && contains(["ALL", "KEYS_ONLY"], var.index.projection), false)
    error_message = "index: sort_key_type must be S (text) or N (number), projection ALL or KEYS_ONLY."
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
