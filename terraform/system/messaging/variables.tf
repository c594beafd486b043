variable "context" {
  description = "What the rooms of an environment share: what its names begin with, its region and account, and the days that logs are kept."
  type        = object({ prefix = string, region = string, account_id = string, log_retention_days = number })
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

variable "webhooks" {
  description = "The partners that the topic tells by HTTPS, by a word for each: the URL (null: receiver_url), and the families of dragons that they hear of (null: all)."
  type        = map(object({ url = string, families = optional(list(string)) }))
  nullable    = false
}

variable "receiver_url" {
  description = "The URL of this environment's own receiver."
  type        = string
  nullable    = false
}

variable "rangers" {
  description = "The phones that have a text for each new dragon: numbers in E.164."
  type        = list(string)
  nullable    = false
  sensitive   = true
}

variable "delivery_log_percent" {
  description = "Percent of what the topic has delivered that is logged. What it could not deliver always is."
  type        = number
  nullable    = false
}
