variable "name" {
  description = "The environment's name for everything, such as app-dev: the key's alias is alias/app-dev, and its functions are app-dev-..."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.name))
    error_message = "name must be lower-case letters, digits and hyphens, such as app-dev."
  }
}

variable "region" {
  description = "The region of the key and of what uses it."
  type        = string
}

variable "account_id" {
  description = "The account, whose IAM policies decide who may use and administer the key."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be twelve digits."
  }
}

variable "context" {
  description = "What secrets are encrypted with besides the key: they decrypt with the same alone."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.context) > 0
    error_message = "context must not be empty: without one, the key would decrypt anything for anybody who may use it."
  }
}

variable "deletion_days" {
  description = "Days for which a deleted key can be brought back, and with it what it has encrypted."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_days >= 7 && var.deletion_days <= 30 && floor(var.deletion_days) == var.deletion_days
    error_message = "deletion_days must be a whole number from 7 to 30."
  }
}
