variable "context" {
  description = "What the rooms of an environment share: what its names and its parameters begin with, its region and account, whether data refuses to be destroyed, whether tables use the account's own KMS key, and what all state machines share."
  type = object({
    prefix         = string
    parameter_path = string
    region         = string
    account_id     = string
    protect_data   = bool
    kms_encryption = bool
    machines       = object({ prefix = string, parameter_path = string, release = string, pins = map(string), canary = bool })
  })
  nullable = false
}

variable "query_engine" {
  description = "How GET /dragons reads the dataset: by its engine's name."
  type        = string
  nullable    = false
}

variable "dataset_history_days" {
  description = "Days for which a replaced object of the dataset can be brought back. Null: for good, which only suits a short-lived environment."
  type        = number
}

variable "compaction" {
  description = "When the dataset's small objects are merged, and of how many families at once."
  type        = object({ schedule = string, max_concurrency = number })
  nullable    = false
}

variable "compact_family_arn" {
  description = "The ARN by which the function that merges a family's objects is called."
  type        = string
  nullable    = false
}

variable "rebuild_dataset_arn" {
  description = "The ARN by which the function that compares the dataset with the table is called."
  type        = string
  nullable    = false
}
