variable "name" {
  description = "The bucket's name, unique over all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 63 lower-case letters, digits and hyphens, and begin and end with a letter or a digit."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket also destroys what is in it."
  type        = bool
  default     = false
  nullable    = false
}

variable "noncurrent_days" {
  description = "Days for which a replaced or deleted object can still be brought back. Null: for good."
  type        = number
  default     = null

  validation {
    condition     = var.noncurrent_days == null || try(var.noncurrent_days >= 1 && floor(var.noncurrent_days) == var.noncurrent_days, false)
    error_message = "noncurrent_days must be a whole number of at least 1, or null."
  }
}

variable "expiration_days" {
  description = "Days after which an object goes. Null: it stays."
  type        = number
  default     = null

  validation {
    condition     = var.expiration_days == null || try(var.expiration_days >= 1 && floor(var.expiration_days) == var.expiration_days, false)
    error_message = "expiration_days must be a whole number of at least 1, or null."
  }

  validation {
    condition     = var.expiration_days == null || var.noncurrent_days != null
    error_message = "expiration_days needs noncurrent_days: an object that goes is still there as a version until then."
  }
}

variable "readers" {
  description = "Services of AWS that may read the bucket's objects, such as cloudfront.amazonaws.com, and the ARN of the resource that each reads them for."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for service, arn in var.readers : can(regex("^[a-z0-9-]+\\.amazonaws\\.com$", service)) && startswith(arn, "arn:")])
    error_message = "readers must map services such as cloudfront.amazonaws.com to ARNs."
  }
}
