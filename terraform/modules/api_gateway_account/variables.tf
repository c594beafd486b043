variable "prefix" {
  description = "What every physical name begins with, for example app-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.prefix))
    error_message = "prefix must be lower-case letters, digits and hyphens, such as app-dev."
  }
}
