# How many environments run at once, and whether any does. What halts a function in its block, or for all of an
# environment in var.deployment, sets a reserved concurrency of 0; its consumers then take nothing either, since
# messages that Lambda takes and cannot deliver count as received.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
locals {
  halted               = var.halted || contains(var.deployment.halted, var.name)
  reserved_concurrency = try(var.deployment.reserved_concurrency[var.name], var.reserved_concurrency)
}
