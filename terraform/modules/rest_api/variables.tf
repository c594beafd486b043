variable "prefix" {
  description = "What every physical name starts with, e.g. dragons-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.prefix))
    error_message = "prefix: 2 to 40 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen."
  }
}

variable "region" {
  description = "Region of the API and of what it calls, e.g. us-east-1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region: an AWS region's name, e.g. us-east-1."
  }
}

variable "stage_name" {
  description = "Name of the API's only stage; the URL ends with it."
  type        = string
  default     = "v1"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.stage_name))
    error_message = "stage_name: 1 to 128 letters, digits, underscores and hyphens."
  }
}

variable "invoke_url_format" {
  description = "What a client's URL looks like: a format of two %s, the API's id and the stage, e.g. https://%s.execute-api.us-east-1.amazonaws.com/%s."
  type        = string
  nullable    = false

  # The URL becomes a stage variable, which takes these characters and no others.
  validation {
    condition     = can(regex("^https?://[A-Za-z0-9._~:/?#&=,-]*%s[A-Za-z0-9._~:/?#&=,-]*%s$", var.invoke_url_format))
    error_message = "invoke_url_format: http:// or https://, a %s for the API's id, and a %s for the stage at the end."
  }
}

variable "state_machine_arn" {
  description = "Unqualified ARN of the state machine that POST /dragons starts."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[A-Za-z0-9_-]{1,80}$", var.state_machine_arn))
    error_message = "state_machine_arn: ends in :stateMachine:<name>, without a version or an alias."
  }
}

variable "list_dragons" {
  description = "The function that GET /dragons invokes, and the alias to invoke it by."
  type = object({
    function_name    = string
    alias_name       = string
    alias_arn        = string
    alias_invoke_arn = string
  })
  nullable = false

  validation {
    condition     = endswith(var.list_dragons.alias_arn, ":function:${var.list_dragons.function_name}:${var.list_dragons.alias_name}")
    error_message = "list_dragons: alias_arn must end in :function:<function_name>:<alias_name>."
  }

  validation {
    condition     = endswith(var.list_dragons.alias_invoke_arn, "/functions/${var.list_dragons.alias_arn}/invocations")
    error_message = "list_dragons: alias_invoke_arn must be the alias' own, ending in /functions/<alias_arn>/invocations."
  }
}

variable "schemas_path" {
  description = "Folder that holds dragon.json and report.json, the JSON Schemas the API's models are made of."
  type        = string
  nullable    = false

  validation {
    condition     = alltrue([for name in ["dragon", "report"] : fileexists("${var.schemas_path}/${name}.json")])
    error_message = "schemas_path: no dragon.json or no report.json in that folder."
  }
}

variable "allowed_origins" {
  description = "Origins of the sites whose scripts may call the API, e.g. https://dragons.example.com."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.allowed_origins) > 0
    error_message = "allowed_origins: name at least one origin."
  }

  validation {
    condition     = alltrue([for origin in var.allowed_origins : can(regex("^https?://[a-z0-9.-]+(:[0-9]{1,5})?$", origin))])
    error_message = "allowed_origins: each is a scheme, a host in lower case and perhaps a port, with no path and no wildcard: https://dragons.example.com."
  }
}

variable "release" {
  description = "Version of the system, as GET /status tells it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$", var.release))
    error_message = "release: 1 to 64 letters, digits, dots, plus signs, underscores and hyphens."
  }
}
