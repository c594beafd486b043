# Who may have a text, and how many: a text costs money, and anybody may sign up.

# One item a reporter: the day of their last text (UTC), and how many texts there were that day.
module "texts" {
  source = "../../modules/table"

  name           = "${var.context.prefix}-texts"
  key            = "sub"
  protect_data   = var.context.protect_data
  kms_encryption = var.context.kms_encryption
}

locals {
  # What has to hold for a text, besides that there is somebody to send one to. With "off" nothing says textAllowed.
  text_allowed = [
    for condition in [
      { Variable = "$.textAllowed", IsPresent = true },
      { Variable = "$.textAllowed", BooleanEquals = true },
    ] : jsonencode(condition) if var.text_messages != "any"
  ]

  text_statements = [
    for statement in [
      { sid = "CountText", actions = ["dynamodb:UpdateItem"], resources = [module.texts.arn] },
      # A phone number has no ARN, so it cannot be named as a resource. Everything that has one (topics,
      # platform endpoints) is left out instead: what remains is sending a text.
      { sid = "Alert", actions = ["sns:Publish"], not_resources = ["arn:*:sns:*:*:*"] },
    ] : statement if var.text_messages != "off"
  ]
}
