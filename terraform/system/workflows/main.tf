# Takes a report: validates it, records the dragon once, and tells the reporter.
module "report_dragon" {
  source = "../../modules/state_machine"

  name   = "report_dragon"
  prefix = var.context.prefix

  definition = templatefile("${path.module}/report_dragon.asl.json.tftpl", {
    validate_dragon_arn = var.validate_dragon_arn
    table_name          = var.table_name
  })

  policy_statements = [
    { sid = "ValidateDragon", actions = ["lambda:InvokeFunction"], resources = [var.validate_dragon_arn] },
    { sid = "AddDragon", actions = ["dynamodb:PutItem"], resources = [var.table_arn] },
    # A phone number has no ARN, so it cannot be named as a resource. Everything that has one (topics,
    # platform endpoints) is left out instead: what remains is sending a text.
    { sid = "Alert", actions = ["sns:Publish"], not_resources = ["arn:*:sns:*:*:*"] },
  ]
}
