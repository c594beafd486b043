# --- Required ---------------------------------------------------------------------------------------

variable "context" {
  description = "What the rooms of an environment share: what its names begin with, what its parameters' names begin with, its account, and the days that logs are kept."
  type        = object({ prefix = string, parameter_path = string, account_id = string, log_retention_days = number })
  nullable    = false
}

variable "functions" {
  description = "The function at each of CloudFront's events, by the version that is published."
  type        = map(object({ qualified_arn = string }))
  nullable    = false

  validation {
    condition     = toset(keys(var.functions)) == toset(["origin-request", "origin-response", "viewer-request", "viewer-response"])
    error_message = "functions must be those of origin-request, origin-response, viewer-request and viewer-response."
  }
}

variable "rest_api_url" {
  description = "What answers below /api: the REST API's URL, with the stage."
  type        = string
  nullable    = false
}

variable "http_api_url" {
  description = "What answers below /http: the HTTP API's URL."
  type        = string
  nullable    = false
}

variable "hosted_ui_url" {
  description = "Where the site's page asks for tokens."
  type        = string
  nullable    = false
}

variable "edge" {
  description = "The distribution: its own domains and their certificate, its web ACL, in which parts of the world it serves and to which countries, whether it logs who asked for what, and whether an apply waits until all of the edge has it."
  nullable    = false
  type = object({
    aliases             = list(string)
    certificate_arn     = string
    web_acl_arn         = string
    price_class         = string
    countries           = object({ allowed = list(string), refused = list(string) })
    access_logs         = bool
    wait_for_deployment = bool
  })
}

# --- Optional ---------------------------------------------------------------------------------------

variable "site_url_format" {
  description = "Where the site answers: %s for the distribution's domain. Null: https, and its first alias where it has one."
  type        = string
  default     = null
}

variable "history_days" {
  description = "Days for which a replaced or deleted file of the site can be brought back. Null: for good."
  type        = number
  default     = null
}
