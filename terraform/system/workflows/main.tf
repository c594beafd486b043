# Takes a report: validates it, records the dragon once, and tells the reporter.
module "report_dragon" {
  source = "../../modules/state_machine"

  name   = "report_dragon"
  prefix = var.context.prefix

  definition = templatefile("${path.module}/report_dragon.asl.json.tftpl", {
    validate_dragon_arn = var.validate_dragon_arn
    table_name          = var.table_name
    text_allowed        = join("", formatlist("%s, ", local.text_allowed))
  })

  policy_statements = concat([
    { sid = "ValidateDragon", actions = ["lambda:InvokeFunction"], resources = [var.validate_dragon_arn] },
    { sid = "AddDragon", actions = ["dynamodb:PutItem"], resources = [var.table_arn] },
    ], var.text_messages == "off" ? [] : [
    # A phone number has no ARN, so it cannot be named as a resource. Everything that has one (topics,
    # platform endpoints) is left out instead: what remains is sending a text.
    { sid = "Alert", actions = ["sns:Publish"], not_resources = ["arn:*:sns:*:*:*"] },
  ])
}

locals {
  # What has to hold for a text, besides that there is somebody to send one to. With "off" nothing says textAllowed.
  text_allowed = [
    for condition in [
      { Variable = "$.textAllowed", IsPresent = true },
      { Variable = "$.textAllowed", BooleanEquals = true },
    ] : jsonencode(condition) if var.text_messages != "any"
  ]
}
