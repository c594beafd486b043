variable "context" {
  description = "What the rooms of an environment share: what its names begin with, its region, and the days that logs are kept."
  type        = object({ prefix = string, region = string, log_retention_days = number })
  nullable    = false
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
}

variable "state_machines" {
  description = "What POST /dragons and GET /dragons/summary start: the unqualified ARN of each state machine, and that of the alias to start it by."
  type = object({
    report_dragon     = object({ arn = string, live_arn = string })
    summarise_dragons = object({ arn = string, live_arn = string })
  })
  nullable = false

  validation {
    condition = alltrue([
      for machine in values(var.state_machines) :
      can(regex("^arn:aws[a-z-]*:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[A-Za-z0-9_-]{1,80}$", machine.arn))
    ])
    error_message = "state_machines: each arn ends in :stateMachine:<name>, without a version or an alias."
  }

  validation {
    condition     = alltrue([for machine in values(var.state_machines) : can(regex("^${machine.arn}:[A-Za-z][A-Za-z0-9_-]*$", machine.live_arn))])
    error_message = "state_machines: each live_arn is its arn, a colon, and an alias."
  }
}

variable "user_pool_arn" {
  description = "ARN of the user pool whose people may report."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[a-z0-9-]+_[A-Za-z0-9]+$", var.user_pool_arn))
    error_message = "user_pool_arn: the ARN of a Cognito user pool."
  }
}

variable "functions" {
  description = "The functions that the API calls, by name: those of openapi.yaml.tftpl's proxy integrations, and authorize_partner. Each by the alias to call it by, and that of its version on trial."
  type = map(object({
    function_name     = string
    alias_name        = string
    canary_alias_name = string
    alias_arn         = string
    alias_invoke_arn  = string
  }))
  nullable = false

  validation {
    condition     = length(setsubtract(local.called, keys(var.functions))) == 0
    error_message = "functions: the API calls ${join(", ", local.called)}."
  }

  validation {
    condition = alltrue([
      for function in values(var.functions) : can(regex(":function:[A-Za-z0-9_-]+:${function.alias_name}$", function.alias_arn))
    ])
    error_message = "functions: each alias_arn must be that of its alias, ending in :function:<name>:<alias_name>."
  }

  validation {
    condition = alltrue([
      for function in values(var.functions) : endswith(function.alias_invoke_arn, "/functions/${function.alias_arn}/invocations")
    ])
    error_message = "functions: each alias_invoke_arn must be the alias' own, ending in /functions/<alias_arn>/invocations."
  }

  validation {
    condition     = length(distinct([for function in values(var.functions) : [function.alias_name, function.canary_alias_name]])) <= 1
    error_message = "functions: all must have the same two aliases, since the stage names one for all."
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
}

variable "release" {
  description = "Version of the system, as GET /status tells it by a stage variable: a new one deploys nothing."
  type        = string
  nullable    = false

  # What a stage variable may hold.
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/stage-variables.html
  validation {
    condition     = can(regex("^[A-Za-z0-9._~:/?#&=,-]+$", var.release))
    error_message = "release: letters, digits, and the characters ._~:/?#&=,-"
  }
}

variable "text_messages" {
  description = "To whom a report's text messages go, off, confirmed or any: for confirmed, the API tells the workflow whether the reporter has confirmed the number; unless off, it tells who the reporter is."
  type        = string
  nullable    = false
}

# --- The stage ---------------------------------------------------------------------------------------

variable "canary_percent" {
  description = "Percent of the calls that the functions' versions on trial take. 0: no canary."
  type        = number
  nullable    = false
}

variable "throttling" {
  description = "What the stage takes of each method: calls a second (rate), and at once (burst)."
  type        = object({ rate = number, burst = number })
  nullable    = false
}

variable "method_throttling" {
  description = "Methods with a rate and a burst of their own, e.g. \"POST /dragons\" = { rate = 10, burst = 20 }."
  type        = map(object({ rate = number, burst = number }))
  nullable    = false
}

variable "data_trace" {
  description = "Whether the execution log holds every request and response in full, and not just errors. They hold callers' data: for development alone."
  type        = bool
  nullable    = false
}

variable "detailed_metrics" {
  description = "Whether CloudWatch has metrics of each method beside those of the whole API. They are charged as custom metrics."
  type        = bool
  nullable    = false
}

# --- Partners ----------------------------------------------------------------------------------------

variable "partner_throttling" {
  description = "What each partner may call: a second (rate), and at once (burst)."
  type        = object({ rate = number, burst = number })
  nullable    = false
}

variable "authorizer_ttl_seconds" {
  description = "Seconds for which API Gateway remembers what the authorizer said of a token. 0: it asks each time."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.authorizer_ttl_seconds >= 0 && var.authorizer_ttl_seconds <= 3600 && floor(var.authorizer_ttl_seconds) == var.authorizer_ttl_seconds
    error_message = "authorizer_ttl_seconds: a whole number, 0 to 3600."
  }
}
