variable "context" {
  description = "What the rooms of an environment share: what its names begin with, its account and region, whether data refuses to be destroyed, whether tables use the account's own KMS key, and what all state machines share."
  type = object({
    prefix         = string
    account_id     = string
    region         = string
    protect_data   = bool
    kms_encryption = bool
    machines       = object({ prefix = string, parameter_path = string, release = string, pins = map(string), canary = bool })
  })
  nullable = false
}

# Each by itself: start_import is told of the machine, which is told of the others.
variable "start_import" {
  description = "The function start_import: its name, and the alias that S3 invokes."
  type        = object({ function_name = string, alias_name = string, alias_arn = string })
  nullable    = false
}

variable "read_import_arn" {
  description = "ARN of the alias of the function read_import."
  type        = string
  nullable    = false
}

variable "finish_import_arn" {
  description = "ARN of the alias of the function finish_import."
  type        = string
  nullable    = false
}

variable "report_dragon" {
  description = "The state machine that takes the report of a line: its ARN, and that of the alias to start it by."
  type        = object({ arn = string, live_arn = string })
  nullable    = false
}

variable "event_bus" {
  description = "The bus that hears of imports: its name and ARN."
  type        = object({ name = string, arn = string })
  nullable    = false
}

variable "imports" {
  description = "How many lines are reported at once, the percent of them that may fail before an import stops, and for how many days replaced files and what imports work on are kept (null: for good)."
  type = object({
    max_concurrency              = number
    tolerated_failure_percentage = number
    history_days                 = number
    work_days                    = number
  })
  nullable = false
}
