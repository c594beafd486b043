variable "name" {
  description = "The layer's folder under layers/."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.name))
    error_message = "name must be a folder of layers/: lower-case letters, digits and underscores, beginning with a letter."
  }

  validation {
    condition     = length("${var.prefix}-${var.name}") <= 140
    error_message = "name: \"${var.prefix}-${var.name}\" is longer than the 140 characters Lambda allows; shorten the folder's name."
  }
}

variable "prefix" {
  description = "What every physical name begins with, for example app-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.prefix))
    error_message = "prefix must be lower-case letters, digits and hyphens, such as app-dev."
  }
}

variable "artifact" {
  description = "The layer's entry in dist/manifest.json."
  nullable    = false
  type = object({
    path           = string
    content_digest = string
    runtime        = string
    architecture   = string
  })

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.artifact.content_digest))
    error_message = "artifact.content_digest must be 64 hexadecimal digits: run `python build.py`."
  }

  validation {
    condition     = can(regex("^python3\\.[0-9]+$", var.artifact.runtime))
    error_message = "artifact.runtime must be a Python runtime of Lambda such as python3.13."
  }

  validation {
    condition     = contains(["x86_64", "arm64"], var.artifact.architecture)
    error_message = "artifact.architecture must be x86_64 or arm64."
  }
}

variable "artifacts_bucket" {
  description = "The bucket from which Lambda takes the zip."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.artifacts_bucket))
    error_message = "artifacts_bucket must be the name of a bucket."
  }
}

variable "repository_root" {
  description = "The folder that the artifact's path is relative to."
  type        = string

  validation {
    condition     = fileexists("${var.repository_root}/${var.artifact.path}")
    error_message = "${var.artifact.path} is missing: run `python build.py`."
  }
}
