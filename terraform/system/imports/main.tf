# Imports a file of reports: reads it into lines, makes a report of each, and writes what came of them.
module "import_dragons" {
  source = "../../modules/state_machine"

  name       = "import_dragons"
  deployment = var.context.machines

  definition = templatefile("${path.module}/import_dragons.asl.json.tftpl", {
    read_import_arn              = var.read_import_arn
    finish_import_arn            = var.finish_import_arn
    report_dragon_arn            = var.report_dragon.live_arn
    report_execution_arn         = local.report_execution_arn
    import_bucket                = module.files.name
    work_bucket                  = module.work.name
    outcomes_table               = module.outcomes.name
    event_bus                    = var.event_bus.name
    max_concurrency              = var.imports.max_concurrency
    tolerated_failure_percentage = format("%.1f", var.imports.tolerated_failure_percentage)
  })

  policy_statements = [
    {
      sid       = "ReadAndFinish"
      actions   = ["lambda:InvokeFunction"]
      resources = [var.read_import_arn, var.finish_import_arn]
    },
    # A Distributed Map starts an execution of this machine for each item, and reads and writes what it is told.
    # https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    { sid = "MapLines", actions = ["states:StartExecution"], resources = [local.machine_arn] },
    {
      sid       = "FollowLines"
      actions   = ["states:DescribeExecution", "states:StopExecution"]
      resources = ["${local.execution_arn}:*", "${local.execution_arn}/*"]
    },
    {
      sid       = "ReadReports"
      actions   = ["s3:GetObject"]
      resources = ["${module.work.arn}/*"]
    },
    {
      sid       = "WriteMapResults"
      actions   = ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"]
      resources = ["${module.work.arn}/*"]
    },
    # https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html
    # Starting by an alias is authorized by the state machine's own ARN.
    # https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
    { sid = "ReportDragon", actions = ["states:StartExecution"], resources = [var.report_dragon.arn] },
    {
      sid       = "FollowReports"
      actions   = ["states:DescribeExecution", "states:StopExecution"]
      resources = ["${local.report_execution_arn}:*"]
    },
    {
      sid       = "HearOfReports"
      actions   = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
      resources = ["arn:aws:events:${var.context.region}:${var.context.account_id}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"]
    },
    { sid = "NoteOutcome", actions = ["dynamodb:PutItem"], resources = [module.outcomes.arn] },
    { sid = "Announce", actions = ["events:PutEvents"], resources = [var.event_bus.arn] },
    { sid = "WriteFailure", actions = ["s3:PutObject"], resources = ["${module.files.arn}/results/*"] },
  ]
}

locals {
  # Known from its name: the role's policy comes before the machine.
  machine_arn   = "arn:aws:states:${var.context.region}:${var.context.account_id}:stateMachine:${var.context.prefix}-import_dragons"
  execution_arn = replace(local.machine_arn, ":stateMachine:", ":execution:")

  report_execution_arn = replace(var.report_dragon.arn, ":stateMachine:", ":execution:")
}

# What came of each line, by import and line; and which content came first, by its SHA-256.
module "outcomes" {
  source = "../../modules/table"

  name           = "${var.context.prefix}-import-outcomes"
  key            = "import_id"
  sort_key       = "position"
  expiry         = "forget_at"
  protect_data   = var.context.protect_data
  kms_encryption = var.context.kms_encryption
}
