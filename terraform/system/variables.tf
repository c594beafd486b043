variable "environment" {
  description = "The environment's name: part of every physical name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,15}$", var.environment))
    error_message = "environment must be 2 to 16 lower-case letters and digits, beginning with a letter."
  }
}

variable "region" {
  description = "The AWS region, for example us-east-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of an AWS region such as us-east-1."
  }

  # URLs, and the ARNs of the workflow's integrations, are those of the partition `aws`.
  validation {
    condition     = !can(regex("^(cn-|us-gov-|[a-z]{2}-iso)", var.region))
    error_message = "region must not be one of AWS's China, GovCloud or isolated regions: their addresses and ARNs differ."
  }
}

variable "repository_root" {
  description = "The folder that holds dist/, made by `python build.py`."
  type        = string

  validation {
    condition     = fileexists("${var.repository_root}/dist/manifest.json")
    error_message = "dist/manifest.json is missing: run `python build.py`."
  }

  validation {
    condition = (
      !fileexists("${var.repository_root}/dist/manifest.json")
      || try(jsondecode(file("${var.repository_root}/dist/manifest.json")).version, null) == 1
    )
    error_message = "dist/manifest.json was made by another version of build.py, or cut short: run `python build.py`."
  }

  validation {
    condition = length(setsubtract(
      keys(try(jsondecode(file("${var.repository_root}/dist/manifest.json")).functions, {})), concat(local.deployed, local.deployed_at_edge)
    )) == 0
    error_message = format(
      "functions/%s: built, but no module block deploys it. Add its block to terraform/system/functions.tf, or remove the folder and run `python build.py`.",
      join(", functions/", setsubtract(keys(try(jsondecode(file("${var.repository_root}/dist/manifest.json")).functions, {})), concat(local.deployed, local.deployed_at_edge)))
    )
  }
}

variable "allowed_origins" {
  description = "Origins whose pages may call the API from a browser, such as https://dragons.example."
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.allowed_origins) > 0 && alltrue([
      for origin in var.allowed_origins : can(regex("^https?://[a-z0-9.-]+(:[0-9]{1,5})?$", origin))
    ])
    error_message = "allowed_origins must name at least one origin such as https://dragons.example, with no path and no wildcard."
  }

  validation {
    condition     = alltrue([for origin in var.allowed_origins : !can(regex("^(https:.*:443|http:.*:80)$", origin))])
    error_message = "allowed_origins: leave out the ports 443 of https and 80 of http, as browsers do."
  }
}

variable "url_formats" {
  description = "Where things answer that have no address of AWS's own: formats of URLs, with %s for the REST API's id and its stage, the HTTP API's id, the user pool's id (its issuer), the hosted UI's domain, and the distribution's (the site); sns is the URL of SNS itself, whose messages its own receiver believes. Null, each or all: AWS's addresses."
  type = object({
    rest_api  = optional(string)
    http_api  = optional(string)
    issuer    = optional(string)
    hosted_ui = optional(string)
    site      = optional(string)
    sns       = optional(string)
  })
  default  = {}
  nullable = false

  # The URL becomes a stage variable, which takes these characters and no others.
  validation {
    condition     = var.url_formats.rest_api == null || can(regex("^https?://[A-Za-z0-9._~:/?#&=,-]*%s[A-Za-z0-9._~:/?#&=,-]*%s$", var.url_formats.rest_api))
    error_message = "url_formats.rest_api must be a URL with %s twice: the API's id and, at the end, the stage."
  }

  validation {
    condition     = var.url_formats.http_api == null || can(regex("^https?://[^%\\s]*%s[^%\\s]*$", var.url_formats.http_api))
    error_message = "url_formats.http_api must be a URL with %s once: the API's id."
  }

  validation {
    condition     = var.url_formats.issuer == null || can(regex("^https?://[^%\\s]+%s$", var.url_formats.issuer))
    error_message = "url_formats.issuer must be a URL that ends with %s, the pool's id."
  }

  validation {
    condition     = var.url_formats.hosted_ui == null || can(regex("^https?://[^%\\s]*%s[^%\\s]*$", var.url_formats.hosted_ui))
    error_message = "url_formats.hosted_ui must be a URL with %s once: the domain."
  }

  validation {
    condition     = var.url_formats.site == null || can(regex("^https?://%s(:[0-9]{1,5})?$", var.url_formats.site))
    error_message = "url_formats.site must be such as http://%s: a scheme and %s once, the distribution's domain, with no path."
  }

  validation {
    condition     = var.url_formats.sns == null || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]+)?$", var.url_formats.sns))
    error_message = "url_formats.sns must be a URL without a path, such as https://sns.us-east-1.amazonaws.com."
  }
}

variable "protect_data" {
  description = "Whether the table and the buckets refuse to be destroyed with what is in them."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_encryption" {
  description = "Whether tables are encrypted with the account's own key for DynamoDB (aws/dynamodb), whose use is logged and charged. Otherwise with a key of AWS's, for free."
  type        = bool
  default     = false
  nullable    = false
}

variable "customer_key" {
  description = "The environment's own KMS key, which encrypts the functions' environment variables and their secrets: for how many days it can be brought back once it is deleted. Null: none, and Lambda's own key for the variables."
  type        = object({ deletion_days = optional(number, 30) })
  default     = null
}

variable "dataset_history_days" {
  description = "Days for which a replaced object of the dataset can be brought back. Null: for good, which only suits a short-lived environment."
  type        = number
  default     = 7

  validation {
    condition     = var.dataset_history_days == null || try(var.dataset_history_days >= 1, false)
    error_message = "dataset_history_days must be at least 1, or null."
  }
}

variable "artifacts_history_days" {
  description = "Days for which a replaced zip of a function or a layer is kept; Lambda has a copy of each version, which a rollback uses. Null: for good, which only suits a short-lived environment."
  type        = number
  default     = 7

  validation {
    condition     = var.artifacts_history_days == null || try(var.artifacts_history_days >= 1 && floor(var.artifacts_history_days) == var.artifacts_history_days, false)
    error_message = "artifacts_history_days must be a whole number of at least 1, or null."
  }
}

variable "events_archive_days" {
  description = "Days for which the bus keeps its events, so that they can be told again. The tallies remember for as long what they have counted."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.events_archive_days >= 1 && floor(var.events_archive_days) == var.events_archive_days
    error_message = "events_archive_days must be a whole number of at least 1."
  }
}

variable "query_engine" {
  description = "How GET /dragons reads the dataset: see docs/architecture.md."
  type        = string
  default     = "scan"
  nullable    = false

  validation {
    condition     = contains(["scan", "s3_select", "athena"], var.query_engine)
    error_message = "query_engine must be one of the engines of functions/list_dragons/engines.py: scan, s3_select, athena."
  }

  validation {
    condition     = var.query_engine != "athena" || var.athena != null
    error_message = "athena must be set where query_engine is athena, which reads its tables: set athena = {}, or query_engine to scan."
  }
}

# https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html
variable "athena" {
  description = "The dataset as tables of Athena, charged by the bytes that queries read: how many one reads at most, and for how many days its result is kept (null: for good). Null: no tables."
  type = object({
    bytes_per_query = optional(number, 1000000000)
    result_days     = optional(number)
  })
  default = null

  validation {
    condition     = var.athena == null || try(var.athena.bytes_per_query >= 10485760 && floor(var.athena.bytes_per_query) == var.athena.bytes_per_query, false)
    error_message = "athena.bytes_per_query must be a whole number of at least 10485760: Athena charges for no less."
  }

  validation {
    condition     = try(var.athena.result_days, null) == null || try(var.athena.result_days >= 1 && floor(var.athena.result_days) == var.athena.result_days, false)
    error_message = "athena.result_days must be a whole number of at least 1, or null."
  }
}

variable "largest_scan" {
  description = "How many dragons the registry may have for GET /dragons to look through all of them: above that, a query names a family or a name, or is refused."
  type        = number
  default     = 200000
  nullable    = false

  validation {
    condition     = var.largest_scan >= 1 && floor(var.largest_scan) == var.largest_scan
    error_message = "largest_scan must be a whole number of at least 1: the dragons that a query may look through."
  }
}

variable "provisioned_concurrency" {
  description = "Execution environments that are kept ready, and charged, by the folder of a function that people wait for: see the module function."
  type = map(object({
    minimum     = number
    maximum     = optional(number)
    utilization = optional(number)
    schedules   = optional(map(object({ schedule = string, timezone = optional(string), minimum = number, maximum = number })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.provisioned_concurrency), ["authorize_partner", "list_dragons"])) == 0
    error_message = "provisioned_concurrency must be of functions that people wait for: authorize_partner, list_dragons."
  }
}

variable "log_retention_days" {
  description = "Days that the logs of the functions and of the API are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 180, 365], var.log_retention_days)
    error_message = "log_retention_days must be 1, 3, 5, 7, 14, 30, 60, 90, 180 or 365."
  }
}

variable "text_messages" {
  description = "To whom a report's text messages go: off (nobody), confirmed (numbers that the reporter has confirmed in the user pool) or any. With any, whoever signs up can have texts sent to every number of the world at your cost."
  type        = string
  default     = "off"
  nullable    = false

  validation {
    condition     = contains(["off", "confirmed", "any"], var.text_messages)
    error_message = "text_messages must be off, confirmed or any."
  }
}

variable "review_new_families" {
  description = "Whether a report waits for a reviewer where no dragon of its family is on record."
  type        = bool
  default     = true
  nullable    = false
}

# A task may wait for a year, and the workflow allows for two deadlines.
variable "review_deadline_hours" {
  description = "Hours after which a report that no reviewer has decided on is refused."
  type        = number
  default     = 72
  nullable    = false

  validation {
    condition     = var.review_deadline_hours >= 1 && var.review_deadline_hours <= 4000 && floor(var.review_deadline_hours) == var.review_deadline_hours
    error_message = "review_deadline_hours must be a whole number from 1 to 4000."
  }
}

variable "texts_per_day" {
  description = "How many text messages a reporter's reports may send on one day (UTC), confirmations and refusals together. What is beyond is not sent; the reports themselves are taken."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.texts_per_day >= 1 && floor(var.texts_per_day) == var.texts_per_day
    error_message = "texts_per_day must be a whole number of at least 1. For no texts at all, set text_messages to off."
  }
}

# --- Workflows ---------------------------------------------------------------------------------------

variable "workflow_logging" {
  description = "What workflows log, by their type (ALL, ERROR, FATAL or OFF): a standard one keeps its history for 90 days anyway, an express one keeps none. With include_data, inputs and outputs are in the log: they hold callers' data, so for development alone."
  type = object({
    standard     = optional(string, "OFF")
    express      = optional(string, "ERROR")
    include_data = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for level in [var.workflow_logging.standard, var.workflow_logging.express] : contains(["ALL", "ERROR", "FATAL", "OFF"], level)])
    error_message = "workflow_logging: standard and express must be ALL, ERROR, FATAL or OFF."
  }
}

variable "compaction" {
  description = "Merging the dataset's small objects: when (in UTC), of how many families at once, and how many hours old an object must be. DynamoDB tells a change again for 24 hours, and an object that was merged before may be written again: fewer hours (0) are for tests."
  type = object({
    schedule        = optional(string, "cron(0 3 * * ? *)")
    max_concurrency = optional(number, 10)
    settled_hours   = optional(number, 25)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^(cron|rate)\\(.+\\)$", var.compaction.schedule))
    error_message = "compaction.schedule must be such as cron(0 3 * * ? *) or rate(1 day)."
  }

  validation {
    condition     = var.compaction.max_concurrency >= 1 && var.compaction.max_concurrency <= 40 && floor(var.compaction.max_concurrency) == var.compaction.max_concurrency
    error_message = "compaction.max_concurrency must be a whole number from 1 to 40: Step Functions runs no more at once inside of an execution."
  }

  validation {
    condition     = (var.compaction.settled_hours == 0 || var.compaction.settled_hours >= 24) && floor(var.compaction.settled_hours) == var.compaction.settled_hours
    error_message = "compaction.settled_hours must be a whole number of at least 24, or 0 where tests run."
  }
}

variable "imports" {
  description = "Files of reports: how many lines of one are reported at once, the percent of them that may fail before its import stops (100: it never does), how many lines a file may have, and for how many days replaced files and what imports work on are kept (null: for good)."
  type = object({
    max_concurrency              = optional(number, 40)
    tolerated_failure_percentage = optional(number, 100)
    max_lines                    = optional(number, 100000)
    history_days                 = optional(number)
    work_days                    = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.imports.max_concurrency >= 1 && var.imports.max_concurrency <= 10000 && floor(var.imports.max_concurrency) == var.imports.max_concurrency
    error_message = "imports.max_concurrency must be a whole number from 1 to 10000."
  }

  validation {
    condition     = var.imports.tolerated_failure_percentage >= 0 && var.imports.tolerated_failure_percentage <= 100
    error_message = "imports.tolerated_failure_percentage must be 0 to 100."
  }

  validation {
    condition     = var.imports.max_lines >= 1 && var.imports.max_lines <= 1000000 && floor(var.imports.max_lines) == var.imports.max_lines
    error_message = "imports.max_lines must be a whole number from 1 to 1000000."
  }

  validation {
    condition = alltrue([
      for days in [var.imports.history_days, var.imports.work_days] : days == null || try(days >= 1 && floor(days) == days, false)
    ])
    error_message = "imports.history_days and imports.work_days must be whole numbers of at least 1, or null."
  }
}

variable "jobs" {
  description = "What run_job runs jobs by, each service null where it is not wanted, and then neither made nor charged. batch: the image of workers/Dockerfile, which cleans files put below incoming/ (job_definition and job_queue: their names, which an account has once). ecs: an image; its commands are the jobs'. variables: more than a container has anyway. glue: a script in S3. sagemaker: an image in ECR, and where in S3 models go. emr: the ids of clusters, or [\"*\"]. codebuild: a build specification. state_machine: the one that a job may be, report_dragon. network: the subnets and security groups of containers; null: the account's default VPC."
  type = object({
    network = optional(object({
      subnet_ids         = list(string)
      security_group_ids = list(string)
      assign_public_ip   = optional(bool, false)
    }))
    batch = optional(object({
      image          = string
      variables      = optional(map(string), {})
      vcpus          = optional(string, "0.25")
      memory_mb      = optional(number, 512)
      max_vcpus      = optional(number, 4)
      job_definition = optional(string, "preprocessing")
      job_queue      = optional(string, "primaryQueue")
    }))
    ecs = optional(object({
      image     = string
      variables = optional(map(string), {})
      cpu       = optional(number, 256)
      memory_mb = optional(number, 512)
    }))
    glue = optional(object({
      script              = string
      max_concurrent_runs = optional(number, 1)
    }))
    sagemaker = optional(object({
      image         = string
      output        = string
      instance_type = optional(string, "ml.m5.large")
    }))
    emr = optional(object({
      clusters = list(string)
    }))
    codebuild = optional(object({
      buildspec    = string
      image        = optional(string, "aws/codebuild/amazonlinux2-x86_64-standard:5.0")
      compute_type = optional(string, "BUILD_GENERAL1_SMALL")
    }))
    state_machine = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.jobs.state_machine == null || try(contains(["report_dragon"], var.jobs.state_machine), false)
    error_message = "jobs.state_machine must be report_dragon, or left out."
  }

  validation {
    condition     = alltrue([for image in [try(var.jobs.batch.image, "a"), try(var.jobs.ecs.image, "a"), try(var.jobs.sagemaker.image, "a")] : can(regex("^\\S+$", image))])
    error_message = "jobs: the image of batch, ecs and sagemaker must be a name such as 111122223333.dkr.ecr.us-east-1.amazonaws.com/dragons:1."
  }
}

# --- How much of it runs -----------------------------------------------------------------------------

variable "halted" {
  description = "Functions that are stopped, by their folders. `make halt` stops one at once, and needs no entry here; `make resume` does not take an entry back."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.halted : contains(local.deployed, name)])
    error_message = "halted must name functions: ${join(", ", local.deployed)}."
  }
}

variable "reserved_concurrency" {
  description = "Invocations at once that are a function's own, by its folder, where it is another number than in the function's block. They are taken off the account's, of which 100 stay for functions without any."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for name, number in var.reserved_concurrency : contains(local.deployed, name) && try(number >= 1 && floor(number) == number, false)
    ])
    error_message = "reserved_concurrency must give functions whole numbers of at least 1 (to stop one, name it in halted): ${join(", ", local.deployed)}."
  }
}

# --- Who is told of dragons ---------------------------------------------------------------------------

variable "webhooks" {
  description = "Partners that are told of dragons by HTTPS, by a word for each: the URL (null: this environment's own receiver), and the families that they hear of (left out: all)."
  type        = map(object({ url = string, families = optional(list(string)) }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for partner in keys(var.webhooks) : can(regex("^[a-z][a-z0-9_]{0,29}$", partner))])
    error_message = "webhooks: a partner's word must be 1 to 30 lower-case letters, digits and underscores, beginning with a letter: its dead-letter queue is named so."
  }

  validation {
    condition = alltrue([
      for webhook in values(var.webhooks) : webhook.url == null || can(regex("^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[^#\\s]*)?$", webhook.url))
    ])
    error_message = "webhooks: url must be an https URL without a user, a fragment and blanks, or null for this environment's own receiver."
  }

  # A topic takes each endpoint once.
  validation {
    condition     = length(distinct([for webhook in values(var.webhooks) : coalesce(webhook.url, "own")])) == length(var.webhooks)
    error_message = "webhooks: two partners have the same url."
  }

  # https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
  validation {
    condition     = alltrue([for webhook in values(var.webhooks) : webhook.families == null || try(length(webhook.families) >= 1 && length(webhook.families) <= 25, false)])
    error_message = "webhooks: families must be 1 to 25, as many as SNS filters by; leave them out for all."
  }

  validation {
    condition     = alltrue([for webhook in values(var.webhooks) : alltrue([for family in coalesce(webhook.families, ["any"]) : try(length(family) >= 1 && length(family) <= 200, false)])])
    error_message = "webhooks: each of families must be 1 to 200 characters, as a dragon's family is."
  }
}

variable "rangers" {
  description = "Phones that have a text for each new dragon: numbers in E.164, such as +12065550100."
  type        = list(string)
  default     = []
  nullable    = false
  sensitive   = true

  validation {
    condition     = alltrue([for number in var.rangers : can(regex("^\\+[1-9][0-9]{1,14}$", number))]) && length(distinct(var.rangers)) == length(var.rangers)
    error_message = "rangers must be numbers in E.164, such as +12065550100, each once."
  }

  validation {
    condition     = length(var.rangers) == 0 || var.text_messages != "off"
    error_message = "rangers are told by text messages, and text_messages is off: set it to confirmed or any, or name no rangers."
  }
}

variable "delivery_log_percent" {
  description = "Percent of what the topic of sightings has delivered to queues and webhooks that is logged. What it could not deliver always is."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.delivery_log_percent >= 0 && var.delivery_log_percent <= 100 && floor(var.delivery_log_percent) == var.delivery_log_percent
    error_message = "delivery_log_percent must be a whole number from 0 to 100."
  }
}

# --- The REST API ------------------------------------------------------------------------------------

variable "throttling" {
  description = "What the API takes of each method: calls a second (rate), and at once (burst)."
  type        = object({ rate = number, burst = number })
  default     = { rate = 100, burst = 200 }
  nullable    = false

  validation {
    condition     = var.throttling.rate > 0 && var.throttling.burst >= 1 && floor(var.throttling.burst) == var.throttling.burst
    error_message = "throttling.rate must be above 0, throttling.burst a whole number from 1 on."
  }
}

variable "method_throttling" {
  description = "Methods with a rate and a burst of their own, such as \"POST /dragons\" = { rate = 10, burst = 20 }."
  type        = map(object({ rate = number, burst = number }))
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for method, limits in var.method_throttling :
      contains(local.methods, method) && limits.rate > 0 && limits.burst >= 1 && floor(limits.burst) == limits.burst
    ])
    error_message = "method_throttling must map methods of the REST API to a rate above 0 and a whole burst from 1 on: ${join(", ", local.methods)}."
  }
}

variable "partner_throttling" {
  description = "What each partner may call: a second (rate), and at once (burst)."
  type        = object({ rate = number, burst = number })
  default     = { rate = 10, burst = 20 }
  nullable    = false

  validation {
    condition     = var.partner_throttling.rate > 0 && var.partner_throttling.burst >= 1 && floor(var.partner_throttling.burst) == var.partner_throttling.burst
    error_message = "partner_throttling.rate must be above 0, partner_throttling.burst a whole number from 1 on."
  }
}

variable "data_trace" {
  description = "Whether the API's execution log holds every request and response in full, and not just errors. They hold callers' data: for development alone."
  type        = bool
  default     = false
  nullable    = false
}

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
variable "detailed_metrics" {
  description = "Whether CloudWatch has metrics of each method and route beside those of the whole APIs. They are charged as custom metrics: for alarms that use them."
  type        = bool
  default     = false
  nullable    = false
}

variable "manage_api_gateway_account" {
  description = "Whether this environment has the account's role for API Gateway's logs: one for an account and a region, which goes when this environment does. False where terraform/account or another stack has it."
  type        = bool
  default     = false
  nullable    = false
}

# --- The HTTP API ------------------------------------------------------------------------------------

variable "jwt_authorizer" {
  description = "Another issuer than the user pool, whose access tokens the HTTP API takes, and their audience. Null: the user pool."
  type        = object({ issuer = string, audience = list(string) })
  default     = null

  validation {
    condition     = var.jwt_authorizer == null || try(can(regex("^https?://[^?#\\s]+$", var.jwt_authorizer.issuer)) && length(var.jwt_authorizer.audience) > 0, false)
    error_message = "jwt_authorizer must have the issuer's URL and at least one audience."
  }
}

variable "route_throttling" {
  description = "Routes of the HTTP API with a rate and a burst of their own, such as \"GET /dragons\" = { rate = 10, burst = 20 }."
  type        = map(object({ rate = number, burst = number }))
  default     = {}
  nullable    = false
}

variable "partners_upstream_url" {
  description = "What ANY /partners/{proxy+} of the HTTP API is passed on to. It gets the callers' tokens, so it must be trusted. Null: no such route."
  type        = string
  default     = null

  validation {
    condition     = var.partners_upstream_url == null || can(regex("^https?://[^?#{}\\s]*[^/?#{}\\s]$", var.partners_upstream_url))
    error_message = "partners_upstream_url must be a URL without a query, a fragment, and a slash at its end; or null."
  }
}

# --- The site and the edge ---------------------------------------------------------------------------

variable "edge" {
  description = "The distribution in front of the site and both APIs. aliases: its own domains, the site's address first, and certificate_arn: ACM's certificate for them, in us-east-1 (none: CloudFront's own domain, which takes TLS 1.0 too). web_acl_arn: the web ACL of WAF that guards it. price_class: how much of the world it serves from. countries: the only ones that it serves (allowed), or those that it does not (refused), by two letters. access_logs: whether CloudWatch keeps who asked for what. wait_for_deployment: whether an apply waits for minutes until all of the edge has it. skip_destroy: whether the edge's functions stay when Terraform would delete them, since AWS deletes none that has replicas."
  type = object({
    aliases             = optional(list(string), [])
    certificate_arn     = optional(string)
    web_acl_arn         = optional(string)
    price_class         = optional(string, "PriceClass_100")
    countries           = optional(object({ allowed = optional(list(string), []), refused = optional(list(string), []) }), {})
    access_logs         = optional(bool, true)
    wait_for_deployment = optional(bool, true)
    skip_destroy        = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for alias in var.edge.aliases : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", alias))])
    error_message = "edge.aliases must be domains such as dragons.example, in lower case, without a scheme, a path and a wildcard."
  }

  validation {
    condition     = (length(var.edge.aliases) > 0) == (var.edge.certificate_arn != null)
    error_message = "edge: aliases need a certificate_arn that names them, and a certificate_arn needs aliases."
  }

  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
  validation {
    condition     = var.edge.certificate_arn == null || can(regex("^arn:aws:acm:us-east-1:[0-9]{12}:certificate/[A-Za-z0-9-]+$", var.edge.certificate_arn))
    error_message = "edge.certificate_arn must be the ARN of a certificate of ACM in us-east-1, which is where CloudFront looks, whatever the environment's region."
  }

  validation {
    condition     = var.edge.web_acl_arn == null || can(regex("^arn:aws:wafv2:us-east-1:[0-9]{12}:global/webacl/[^/]+/[A-Za-z0-9-]+$", var.edge.web_acl_arn))
    error_message = "edge.web_acl_arn must be the ARN of a web ACL for CloudFront, such as arn:aws:wafv2:us-east-1:111122223333:global/webacl/dragons/0123-4567."
  }

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.edge.price_class)
    error_message = "edge.price_class must be PriceClass_100, PriceClass_200 or PriceClass_All."
  }

  validation {
    condition = (
      alltrue([for country in concat(var.edge.countries.allowed, var.edge.countries.refused) : can(regex("^[A-Z]{2}$", country))])
      && (length(var.edge.countries.allowed) == 0 || length(var.edge.countries.refused) == 0)
    )
    error_message = "edge.countries must be codes of two capitals such as NO, either allowed or refused."
  }
}

# --- Who signs in ------------------------------------------------------------------------------------

variable "sign_in" {
  description = "The site's addresses to return to, the hosted UI's domain (null: dragons-<environment>-<account>), and whether tools may sign people in by password."
  type = object({
    callback_urls = list(string)
    logout_urls   = list(string)
    domain_prefix = optional(string)
    by_password   = optional(bool, false)
  })
  nullable = false

  validation {
    # Cognito takes plain http for this machine alone.
    condition = alltrue([
      for url in concat(var.sign_in.callback_urls, var.sign_in.logout_urls) :
      can(regex("^(https://[^/?#*\\s]+|http://localhost(:[0-9]+)?(/|$))[^#*\\s]*$", url))
    ])
    error_message = "sign_in.callback_urls and sign_in.logout_urls must be https URLs (or http://localhost), without a fragment or a wildcard."
  }

  validation {
    condition     = length(var.sign_in.callback_urls) > 0
    error_message = "sign_in.callback_urls must name at least one URL."
  }
}

variable "email_domains" {
  description = "Whose addresses may sign up: those of the allowed domains (none: any) and not of the refused ones, subdomains included."
  type        = object({ allowed = optional(list(string), []), refused = optional(list(string), []) })
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for domain in concat(var.email_domains.allowed, var.email_domains.refused) : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", domain))
    ])
    error_message = "email_domains must be domains such as example.org, in lower case."
  }

  validation {
    condition = alltrue([
      for pair in setproduct(var.email_domains.allowed, var.email_domains.refused) : !endswith(".${pair[0]}", ".${pair[1]}")
    ])
    error_message = "email_domains: an allowed domain is refused too, by itself or by a domain above it, so nobody could sign up from it."
  }
}

variable "email" {
  description = "What the user pool's mails are sent through: the ARN of a verified identity of SES, the sender (an address of that identity, or a name and <the address>), and where replies go. Null: Cognito's own sender, which ends at 50 mails a day."
  type        = object({ identity_arn = string, from = string, reply_to = optional(string) })
  default     = null

  validation {
    condition     = var.email == null || can(regex("^arn:aws:ses:[a-z0-9-]+:[0-9]{12}:identity/[^/\\s]+$", var.email.identity_arn))
    error_message = "email.identity_arn must be the ARN of an identity of SES, such as arn:aws:ses:us-east-1:111122223333:identity/dragons.example."
  }

  validation {
    condition = var.email == null || try(
      can(regex("^([^<>@]+ <[^<>@\\s]+@[^<>@\\s]+>|[^<>@\\s]+@[^<>@\\s]+)$", var.email.from))
      && anytrue([
        # An identity is an address, or a domain with all that is below it.
        for start in ["", "<", "@", "."] :
        endswith(" ${lower(trimsuffix(var.email.from, ">"))}", "${start == "" ? " " : start}${lower(split("/", var.email.identity_arn)[1])}")
      ]), false
    )
    error_message = "email.from must be an address of the identity, or a name and the address in angle brackets."
  }

  validation {
    condition     = var.email == null || try(var.email.reply_to == null || can(regex("^[^<>@\\s]+@[^<>@\\s]+$", var.email.reply_to)), false)
    error_message = "email.reply_to must be an address, or left out."
  }
}

variable "oidc_identity_provider" {
  description = "An OpenID Connect provider whose people may sign in; its client's secret is read from the SecureString parameter /dragons/<environment>/oidc_client_secret, unless it is given here. Null: none."
  type = object({
    name          = string
    issuer        = string
    client_id     = string
    client_secret = optional(string)
    scopes        = optional(list(string), ["openid", "email"])
  })
  default   = null
  sensitive = true

  validation {
    condition     = var.oidc_identity_provider == null || can(regex("^[A-Za-z][A-Za-z0-9-]{2,31}$", var.oidc_identity_provider.name))
    error_message = "oidc_identity_provider.name must be 3 to 32 letters, digits and hyphens, beginning with a letter."
  }

  # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
  validation {
    condition = var.oidc_identity_provider == null || !try(contains(
      ["COGNITO", "Facebook", "Google", "LoginWithAmazon", "SignInWithApple"], var.oidc_identity_provider.name
    ), false)
    error_message = "oidc_identity_provider.name is one of Cognito's own names for providers: choose another, such as MyGoogle."
  }

  validation {
    condition     = var.oidc_identity_provider == null || try(length(var.oidc_identity_provider.client_id) > 0 && var.oidc_identity_provider.client_secret != "", false)
    error_message = "oidc_identity_provider must have the client's id, as the provider gave it, and its secret here or in the parameter oidc_client_secret."
  }

  validation {
    condition     = var.oidc_identity_provider == null || can(regex("^https?://[^?#]+$", var.oidc_identity_provider.issuer))
    error_message = "oidc_identity_provider.issuer must be the issuer's URL."
  }

  validation {
    condition     = var.oidc_identity_provider == null || try(contains(var.oidc_identity_provider.scopes, "openid"), false)
    error_message = "oidc_identity_provider.scopes must contain openid."
  }
}
