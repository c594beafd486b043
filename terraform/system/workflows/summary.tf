# Tells how many dragons each family and country has. Its callers wait for it, and it may read twice: so it is Express.
module "summarise_dragons" {
  source = "../../modules/state_machine"

  name       = "summarise_dragons"
  deployment = var.context.machines
  type       = "EXPRESS"

  definition = templatefile("${path.module}/summarise_dragons.asl.json.tftpl", {
    tallies_table = var.tallies.table
    tallies_index = var.tallies.index
  })

  policy_statements = [
    { sid = "ReadTallies", actions = ["dynamodb:Query"], resources = [var.tallies.index_arn] },
  ]

  logging = local.logging.EXPRESS
}
