variable "endpoint" {
  description = "Where the local cloud answers."
  type        = string
  default     = "http://127.0.0.1:4566"
  nullable    = false

  validation {
    condition     = can(regex("^http://[^/]+:[0-9]+$", var.endpoint))
    error_message = "endpoint must be a URL with a port and no path, such as http://127.0.0.1:4566."
  }
}
