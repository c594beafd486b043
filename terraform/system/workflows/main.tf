# Takes a report: validates it, asks a reviewer where the family is new, records the dragon once, and tells the reporter.
module "report_dragon" {
  source = "../../modules/state_machine"

  name       = "report_dragon"
  deployment = var.context.machines

  definition = templatefile("${path.module}/report_dragon.asl.json.tftpl", {
    validate_dragon_arn = var.validate_dragon_arn
    table_name          = var.table_name
    event_bus           = var.event_bus.name
    text_allowed        = join("", formatlist("%s, ", local.text_allowed))
    texts_table         = module.texts.name
    texts_per_day       = var.texts_per_day

    family_index             = var.family_index.name
    known_from               = var.review_new_families ? 1 : 0
    reviews_queue_url        = module.reviews.url
    review_deadline_hours    = var.review_deadline_hours
    review_deadline_seconds  = local.review_deadline_seconds
    review_heartbeat_seconds = local.review_heartbeat_seconds
    timeout_seconds          = 2 * local.review_deadline_seconds + 3600 # a review that was lost late is asked for again
  })

  policy_statements = concat([
    { sid = "ValidateDragon", actions = ["lambda:InvokeFunction"], resources = [var.validate_dragon_arn] },
    { sid = "FindFamily", actions = ["dynamodb:Query"], resources = [var.family_index.arn] },
    { sid = "ReviewDragon", actions = ["sqs:SendMessage"], resources = [module.reviews.arn] },
    { sid = "AddDragon", actions = ["dynamodb:PutItem"], resources = [var.table_arn] },
    { sid = "AnnounceRefusal", actions = ["events:PutEvents"], resources = [var.event_bus.arn] },
  ], local.text_statements)

  logging = local.logging.STANDARD
}

# Each by how its type keeps what happened: see the module.
locals {
  logging = {
    for type, level in { STANDARD = var.logging.standard, EXPRESS = var.logging.express } : type => {
      level                       = level
      include_data                = var.logging.include_data
      retention_days              = var.context.log_retention_days
    }
  }
}
