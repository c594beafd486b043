# Reports come one by one, and each is an object of the dataset: once a day, those of a family become few.
module "compact_dataset" {
  source = "../../modules/state_machine"

  name       = "compact_dataset"
  deployment = var.context.machines

  definition = templatefile("${path.module}/compact_dataset.asl.json.tftpl", {
    compact_family_arn  = var.compact_family_arn
    rebuild_dataset_arn = var.rebuild_dataset_arn
    dataset_bucket      = module.dataset.name
    dataset_prefix      = local.dataset_prefix
    families_at_once    = 100
    max_concurrency     = var.compaction.max_concurrency
  })

  policy_statements = [
    { sid = "ListFamilies", actions = ["s3:ListBucket"], resources = [module.dataset.arn] },
    {
      sid       = "CompactAndRebuild"
      actions   = ["lambda:InvokeFunction"]
      resources = [var.compact_family_arn, var.rebuild_dataset_arn]
    },
    # A Distributed Map starts an execution of this machine for each family, each with a history of its own.
    # https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    { sid = "MapFamilies", actions = ["states:StartExecution"], resources = [local.compact_dataset_arn] },
    {
      sid       = "FollowFamilies"
      actions   = ["states:DescribeExecution", "states:StopExecution"]
      resources = ["${local.compaction_arn}:*", "${local.compaction_arn}/*"]
    },
  ]
}

locals {
  # Known from its name: the role's policy comes before the machine.
  compact_dataset_arn = "arn:aws:states:${var.context.region}:${var.context.account_id}:stateMachine:${var.context.prefix}-compact_dataset"
  compaction_arn      = replace(local.compact_dataset_arn, ":stateMachine:", ":execution:")
}

resource "aws_cloudwatch_event_rule" "compact_dataset" {
  name                = "${var.context.prefix}-compact_dataset"
  description         = "When the dataset's small objects are merged."
  schedule_expression = var.compaction.schedule
}

resource "aws_cloudwatch_event_target" "compact_dataset" {
  rule     = aws_cloudwatch_event_rule.compact_dataset.name
  arn      = module.compact_dataset.live_arn
  role_arn = aws_iam_role.compaction_schedule.arn
  input    = jsonencode({})

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = module.compactions_lost.arn
  }

  # EventBridge starts it as this role.
  depends_on = [aws_iam_role_policy.compaction_schedule]
}

resource "aws_iam_role" "compaction_schedule" {
  name               = "${var.context.prefix}-compact_dataset-schedule"
  assume_role_policy = data.aws_iam_policy_document.compaction_schedule_trust.json
}

data "aws_iam_policy_document" "compaction_schedule_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.context.account_id]
    }
  }
}

resource "aws_iam_role_policy" "compaction_schedule" {
  name   = "start"
  role   = aws_iam_role.compaction_schedule.id
  policy = data.aws_iam_policy_document.compaction_schedule.json
}

# Starting by an alias is authorized by the state machine's own ARN.
# https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
data "aws_iam_policy_document" "compaction_schedule" {
  statement {
    sid       = "Start"
    actions   = ["states:StartExecution"]
    resources = [module.compact_dataset.arn]
  }
}

# What the rule could not start.
module "compactions_lost" {
  source = "../../modules/queue"

  name    = "${var.context.prefix}-compact_dataset-undelivered"
  senders = { Undelivered = { service = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.compact_dataset.arn } }
}
