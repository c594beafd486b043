# What each event holds, for whoever writes a consumer: the newest of the versions in schemas/, which `make contract`
# writes. A schema that changes gets the registry's next version.
locals {
  schemas = "${path.module}/schemas"
  newest  = max([for path in fileset(local.schemas, "*/*.json") : tonumber(dirname(path))]...)
}

resource "aws_schemas_registry" "this" {
  name        = var.context.prefix
  description = "The events on the bus ${aws_cloudwatch_event_bus.this.name}."
}

resource "aws_schemas_schema" "this" {
  for_each = {
    for path in fileset(local.schemas, "${local.newest}/*.json") :
    trimsuffix(basename(path), ".json") => file("${local.schemas}/${path}")
  }

  # Named as EventBridge names what it discovers: <source>@<detail type>.
  name          = "dragons@${each.key}"
  registry_name = aws_schemas_registry.this.name
  type          = "JSONSchemaDraft4"
  description   = jsondecode(each.value).description
  content       = each.value
}
