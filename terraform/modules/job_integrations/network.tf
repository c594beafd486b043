# Where containers run.
locals {
  containers = var.batch != null || var.ecs != null
  ask        = local.containers && var.network == null ? 1 : 0

  network = var.network != null ? var.network : {
    subnet_ids         = flatten(data.aws_subnets.default[*].ids)
    security_group_ids = data.aws_security_group.default[*].id
    assign_public_ip   = true
  }
}

data "aws_vpc" "default" {
  count = local.ask

  default = true
}

data "aws_subnets" "default" {
  count = local.ask

  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default[0].id]
  }
}

data "aws_security_group" "default" {
  count = local.ask

  name   = "default"
  vpc_id = data.aws_vpc.default[0].id
}
