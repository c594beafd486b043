variable "prefix" {
  description = "What every physical name begins with, for example app-dev."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The AWS region."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "The account's twelve digits."
  type        = string
  nullable    = false
}

variable "log_retention_days" {
  description = "For how many days the logs of containers are kept."
  type        = number
  default     = 30
  nullable    = false
}

variable "network" {
  description = "Where containers run: subnets, security groups, and whether they get an address of the internet, without which they need another way to pull their image. Left out: the account's default VPC, with addresses."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
    assign_public_ip   = optional(bool, false)
  })
  default = null
}

variable "batch" {
  description = "AWS Batch on Fargate: an image and its command, with Ref::<name> for parameters; variables; its size (memory as Fargate has it for the vCPUs); how many vCPUs at most for all jobs; and what a job may do. Null: none, as for the services below."
  type = object({
    image             = string
    command           = list(string)
    parameters        = optional(map(string), {})
    variables         = optional(map(string), {})
    vcpus             = optional(string, "0.25")
    memory_mb         = optional(number, 512)
    max_vcpus         = optional(number, 4)
    job_definition    = optional(string, "preprocessing")
    job_queue         = optional(string, "primaryQueue")
    policy_statements = optional(list(object({ sid = string, actions = list(string), resources = list(string) })), [])
  })
  default = null

  validation {
    condition     = try(length(var.batch.command) > 0, var.batch == null)
    error_message = "batch.command must have at least one word: what the container runs."
  }

  validation {
    condition     = alltrue([for name in [try(var.batch.job_definition, "a"), try(var.batch.job_queue, "a")] : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$", name))])
    error_message = "batch.job_definition and batch.job_queue must be 1 to 128 letters, digits, hyphens and underscores."
  }
}

variable "ecs" {
  description = "ECS on Fargate: an image, its variables, its size (CPU units and MB as Fargate has them), and what a task may do. A job gives the command."
  type = object({
    image             = string
    variables         = optional(map(string), {})
    cpu               = optional(number, 256)
    memory_mb         = optional(number, 512)
    policy_statements = optional(list(object({ sid = string, actions = list(string), resources = list(string) })), [])
  })
  default = null
}

variable "glue" {
  description = "AWS Glue: a script for its Python shell, in S3, and how many of its runs there may be at once. A job gives the arguments."
  type = object({
    script              = string
    max_concurrent_runs = optional(number, 1)
  })
  default = null

  validation {
    condition     = can(regex("^s3://[a-z0-9.-]{3,63}/.+$", var.glue.script)) || var.glue == null
    error_message = "glue.script must be where the script is, such as s3://bucket/key.py."
  }
}

variable "sagemaker" {
  description = "SageMaker training jobs: an image in ECR, the instance's type, and the folder of S3 that models are written to. A job gives the command."
  type = object({
    image         = string
    output        = string
    instance_type = optional(string, "ml.m5.large")
  })
  default = null

  validation {
    condition     = can(regex("^s3://[a-z0-9.-]{3,63}/[^*?]*[^/*?]$", var.sagemaker.output)) || var.sagemaker == null
    error_message = "sagemaker.output must be a folder of S3 without a slash at its end, such as s3://bucket/models."
  }
}

variable "emr" {
  description = "EMR: the ids of the clusters that steps may be added to; [\"*\"]: any of the account and region. A job names its cluster, since clusters come and go."
  type        = object({ clusters = list(string) })
  default     = null

  validation {
    condition     = try(length(var.emr.clusters) > 0 && alltrue([for id in var.emr.clusters : can(regex("^(\\*|j-[A-Z0-9]+)$", id))]), var.emr == null)
    error_message = "emr.clusters must have ids such as j-1K48XXXXXXHCB, or be [\"*\"]."
  }
}

variable "codebuild" {
  description = "CodeBuild: the image and the size of a build without a source, and its specification. A job gives the environment variables."
  type = object({
    buildspec    = string
    image        = optional(string, "aws/codebuild/amazonlinux2-x86_64-standard:5.0")
    compute_type = optional(string, "BUILD_GENERAL1_SMALL")
  })
  default = null
}

variable "state_machine" {
  description = "Another state machine: its ARN, and that of the alias to start it by. A job gives the input."
  type        = object({ arn = string, live_arn = string })
  default     = null
}
