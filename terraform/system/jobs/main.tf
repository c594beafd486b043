# Runs a job: by AWS Batch, ECS, Glue, SageMaker, EMR, CodeBuild or another state machine, where they are configured.
module "integrations" {
  source = "../../modules/job_integrations"

  prefix             = var.context.prefix
  region             = var.context.region
  account_id         = var.context.account_id
  log_retention_days = var.context.log_retention_days

  network       = var.jobs.network
  batch         = one([for batch in var.jobs.batch[*] : merge(batch, local.preprocess, { variables = merge(local.variables, batch.variables) })])
  ecs           = one([for ecs in var.jobs.ecs[*] : merge(ecs, { policy_statements = [local.answer] })])
  glue          = var.jobs.glue
  sagemaker     = var.jobs.sagemaker
  emr           = var.jobs.emr
  codebuild     = var.jobs.codebuild
  state_machine = var.state_machine
}

locals {
  # The job `preprocess`, of workers/preprocess: cleans a file of reports before it is imported.
  preprocess = {
    command    = ["python", "-m", "preprocess", "Ref::key", "Ref::versionId"]
    parameters = { versionId = "newest" }
    policy_statements = [
      {
        sid       = "ReadDirty"
        actions   = ["s3:GetObject", "s3:GetObjectVersion"]
        resources = ["${var.import_bucket.arn}/incoming/*"]
      },
      { sid = "WriteClean", actions = ["s3:PutObject"], resources = ["${var.import_bucket.arn}/*"] },
      # Without it, S3 answers 403 and not 404 for a file that is gone.
      { sid = "TellWhatIsGone", actions = ["s3:ListBucket"], resources = [var.import_bucket.arn] },
    ]
  }

  variables = { IMPORT_BUCKET = var.import_bucket.name, PYTHONPATH = "workers:shared" }

  # A container that is waited for by a token answers itself.
  answer = {
    sid       = "Answer"
    actions   = ["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"]
    resources = ["arn:aws:states:${var.context.region}:${var.context.account_id}:stateMachine:${var.context.prefix}-run_job"]
  }
}

module "run_job" {
  source = "../../modules/state_machine"

  name       = "run_job"
  deployment = var.context.machines

  definition = templatefile("${path.module}/run_job.asl.json.tftpl", merge(module.integrations.names, {
    configured       = jsonencode(module.integrations.configured)
    configured_names = join(", ", coalescelist(module.integrations.configured, ["none"]))
  }))

  policy_statements = module.integrations.policy_statements
}
