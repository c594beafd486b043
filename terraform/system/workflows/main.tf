# Takes a report: validates it, records the dragon once, and tells the reporter.
module "report_dragon" {
  source = "../../modules/state_machine"

  name   = "report_dragon"
  prefix = var.context.prefix

  definition = templatefile("${path.module}/report_dragon.asl.json.tftpl", {
    validate_dragon_arn = var.validate_dragon_arn
    table_name          = var.table_name
    event_bus           = var.event_bus.name
    text_allowed        = join("", formatlist("%s, ", local.text_allowed))
    texts_table         = module.texts.name
    texts_per_day       = var.texts_per_day
  })

  policy_statements = concat([
    { sid = "ValidateDragon", actions = ["lambda:InvokeFunction"], resources = [var.validate_dragon_arn] },
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
