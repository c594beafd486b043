variable "context" {
  description = "What the rooms of an environment share: what its names and its parameters begin with, its account, and whether data refuses to be destroyed."
  type = object({
    prefix         = string
    parameter_path = string
    account_id     = string
    protect_data   = bool
  })
  nullable = false
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
