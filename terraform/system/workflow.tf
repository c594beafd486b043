module "workflow" {
  source = "./workflows"

  context             = local.context
  validate_dragon_arn = module.validate_dragon.alias_arn
  table_name          = module.data.table_name
  table_arn           = module.data.table_arn
}
