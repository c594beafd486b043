# Who may read the partners' list; the function authorize_partner looks them up.
module "partners" {
  source = "../partners"

  prefix       = local.prefix
  protect_data = var.protect_data
}
