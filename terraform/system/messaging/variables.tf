variable "context" {
  description = "What the rooms of an environment share: what its names begin with."
  type        = object({ prefix = string })
  nullable    = false
}

variable "archive_days" {
  description = "Days for which the bus keeps its events, so that they can be told again."
  type        = number
  nullable    = false
}

variable "visibility_timeouts" {
  description = "Seconds for which a queue hides what was received, by the folder of the function that takes it."
  type        = object({ keep_journal = number, tally_families = number })
  nullable    = false
}
