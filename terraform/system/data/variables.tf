variable "environment" {
  description = "The environment's name: the second part of every parameter's path."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,15}$", var.environment))
    error_message = "environment must be 2 to 16 lower-case letters and digits, beginning with a letter."
  }
}

variable "account_id" {
  description = "The AWS account: part of the bucket's name, which must be unique over all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be twelve digits."
  }
}

variable "protect_data" {
  description = "Whether the table and a filled bucket refuse to be destroyed."
  type        = bool
  nullable    = false
}

variable "query_engine" {
  description = "How GET /dragons reads the dataset: scan is the one engine that there is."
  type        = string
  default     = "scan"
  nullable    = false

  validation {
    condition     = contains(["scan"], var.query_engine)
    error_message = "query_engine must be one of the engines of functions/list_dragons/engines.py: scan."
  }
}

variable "dataset_history_days" {
  description = "Days for which a replaced object of the dataset can be brought back. Null: for good, which only suits a short-lived environment."
  type        = number
  default     = 7

  validation {
    condition     = var.dataset_history_days == null || try(var.dataset_history_days >= 1, false)
    error_message = "dataset_history_days must be at least 1, or null."
  }
}
