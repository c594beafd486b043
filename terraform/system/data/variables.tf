variable "context" {
  description = "What the rooms of an environment share: what its names and its parameters begin with, its account, whether data refuses to be destroyed, and whether tables use the account's own KMS key."
  type = object({
    prefix         = string
    parameter_path = string
    account_id     = string
    protect_data   = bool
    kms_encryption = bool
  })
  nullable = false
}

variable "query_engine" {
  description = "How GET /dragons reads the dataset: scan is the one engine that there is."
  type        = string
  nullable    = false
}

variable "dataset_history_days" {
  description = "Days for which a replaced object of the dataset can be brought back. Null: for good, which only suits a short-lived environment."
  type        = number
}
