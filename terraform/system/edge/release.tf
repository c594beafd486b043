# Which release of the site serves, and which one testers see: `make site` says so in parameters, and gives the
# distribution the same, so that a plan agrees with both.
locals {
  site_path = "${var.context.parameter_path}/site"

  # Nothing secret: plans may show them.
  folders = merge({ live = "none", next = "none" }, {
    for name, folder in zipmap(data.aws_ssm_parameters_by_path.site.names, nonsensitive(data.aws_ssm_parameters_by_path.site.values)) :
    trimprefix(name, "${local.site_path}/") => folder
  })

  unknown_releases = setsubtract(keys(local.folders), ["live", "next"])
  no_folders       = { for release, folder in local.folders : release => folder if !can(regex("^([0-9a-f]{12}|none)$", folder)) }
}

# The distribution checks its values: data with conditions of its own is read only after every resource that its arguments
# come from has been changed. The path comes from the context, which is another with each release: what serves would be
# unknown in its plan, and the provider fails to apply such a plan.
# https://developer.hashicorp.com/terraform/language/data-sources
data "aws_ssm_parameters_by_path" "site" {
  path = local.site_path
}
