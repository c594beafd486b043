variable "context" {
  description = "What the rooms of an environment share: what its names begin with, its account and region, for how many days logs are kept, and what all state machines share."
  type = object({
    prefix             = string
    account_id         = string
    region             = string
    log_retention_days = number
    machines           = object({ prefix = string, parameter_path = string, release = string, pins = map(string), canary = bool })
  })
  nullable = false
}

variable "jobs" {
  description = "The services that run jobs, each null where the environment has none: see terraform/modules/job_integrations."
  type = object({
    network = object({ subnet_ids = list(string), security_group_ids = list(string), assign_public_ip = bool })
    batch   = object({ image = string, variables = map(string), vcpus = string, memory_mb = number, max_vcpus = number, job_definition = string, job_queue = string })
    ecs     = object({ image = string, variables = map(string), cpu = number, memory_mb = number })
    glue    = object({ script = string, max_concurrent_runs = number })
    sagemaker = object({
      image         = string
      output        = string
      instance_type = string
    })
    emr       = object({ clusters = list(string) })
    codebuild = object({ buildspec = string, image = string, compute_type = string })
  })
  nullable = false
}

variable "state_machine" {
  description = "The state machine that a job may be: its ARN, and that of the alias to start it by. Null: none."
  type        = object({ arn = string, live_arn = string })
}

variable "import_bucket" {
  description = "The bucket whose files the job `preprocess` cleans: its name and ARN."
  type        = object({ name = string, arn = string })
  nullable    = false
}
