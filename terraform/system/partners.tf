# Who may read the partners' list; the function authorize_partner looks them up. The table holds a token's hash,
# so that who reads it can use no token.
module "partners" {
  source = "../modules/table"

  name         = "${local.prefix}-partners"
  key          = "token_sha256"
  protect_data = var.protect_data
}

# The table was once a module's of its own.
moved {
  from = module.partners.aws_dynamodb_table.partners
  to   = module.partners.aws_dynamodb_table.this
}
