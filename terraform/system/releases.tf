# Which versions serve is said by parameters, so that a plan needs no inputs to agree with it: a pin holds a function or a
# state machine at a version, a canary's share sends some of the REST API's calls to the newest versions, and a shift some
# of one function's calls. None by default. State machines have a path of their own, since some are named like functions.

locals {
  parameter_path = "/dragons/${var.environment}"
  pins_path      = "${local.parameter_path}/pins/"
  canary_path    = "${local.parameter_path}/canary/"
  shifts_path    = "${local.parameter_path}/shifts/"

  machines_path     = "${local.parameter_path}/state_machines"
  machine_pins_path = "${local.machines_path}/pins/"

  # Nothing secret: plans may show them.
  pins = {
    for name, version in zipmap(data.aws_ssm_parameters_by_path.pins.names, nonsensitive(data.aws_ssm_parameters_by_path.pins.values)) :
    trimprefix(name, local.pins_path) => version
  }
  machine_pins = {
    for name, version in zipmap(data.aws_ssm_parameters_by_path.machine_pins.names, nonsensitive(data.aws_ssm_parameters_by_path.machine_pins.values)) :
    trimprefix(name, local.machine_pins_path) => version
  }
  shifts = {
    for name, value in zipmap(data.aws_ssm_parameters_by_path.shifts.names, nonsensitive(data.aws_ssm_parameters_by_path.shifts.values)) :
    trimprefix(name, local.shifts_path) => jsondecode(value)
  }
  canary_percent = try(tonumber(nonsensitive(data.aws_ssm_parameters_by_path.canary.values)[0]), 0)
}

# What all state machines share.
locals {
  machines = {
    prefix         = local.prefix
    parameter_path = local.machines_path
    release        = terraform_data.release.input
    pins           = local.machine_pins
    canary         = local.canary_percent > 0
  }

  # The rooms that have a definition; a machine is named like its definition.
  machine_rooms = distinct([for file in fileset(path.module, "*/*.asl.json.tftpl") : dirname(file)])
  machine_files = sort(flatten([for room in local.machine_rooms : [for file in fileset(path.module, "${room}/*.{tf,tftpl}") : file]]))
  machine_names = [for file in fileset(path.module, "*/*.asl.json.tftpl") : trimsuffix(basename(file), ".asl.json.tftpl")]
}

data "aws_ssm_parameters_by_path" "pins" {
  path = trimsuffix(local.pins_path, "/")

  lifecycle {
    postcondition {
      condition = alltrue([for name in self.names : contains(local.aliased, trimprefix(name, local.pins_path))])
      error_message = join("\n", [
        for name in self.names : "${name}: ${trimprefix(name, local.pins_path)} is no folder of functions/, or one of the edge, which has no alias: delete the parameter."
        if !contains(local.aliased, trimprefix(name, local.pins_path))
      ])
    }

    postcondition {
      condition = alltrue([for value in nonsensitive(self.values) : can(regex("^[1-9][0-9]*$", value))])
      error_message = join("\n", [
        for name, value in zipmap(self.names, nonsensitive(self.values)) :
        "${name}: \"${value}\" is no version: write the number of a published one, or delete the parameter."
        if !can(regex("^[1-9][0-9]*$", value))
      ])
    }
  }
}

data "aws_ssm_parameters_by_path" "machine_pins" {
  path = trimsuffix(local.machine_pins_path, "/")

  lifecycle {
    postcondition {
      condition     = alltrue([for name in self.names : contains(local.machine_names, trimprefix(name, local.machine_pins_path))])
      error_message = "${local.machine_pins_path}: ${join(", ", [for name in self.names : trimprefix(name, local.machine_pins_path)])}: each must be one of the state machines ${join(", ", local.machine_names)}: delete the others."
    }

    postcondition {
      condition = alltrue([for value in nonsensitive(self.values) : can(regex("^[1-9][0-9]*$", value))])
      error_message = join("\n", [
        for name, value in zipmap(self.names, nonsensitive(self.values)) :
        "${name}: \"${value}\" is no version: write the number of a published one, or delete the parameter."
        if !can(regex("^[1-9][0-9]*$", value))
      ])
    }
  }
}

data "aws_ssm_parameters_by_path" "canary" {
  path = trimsuffix(local.canary_path, "/")

  lifecycle {
    postcondition {
      condition     = alltrue([for name in self.names : name == "${local.canary_path}percent"])
      error_message = "${local.canary_path}: only percent is known, and there is ${join(", ", self.names)}: delete the others."
    }

    postcondition {
      condition     = alltrue([for value in nonsensitive(self.values) : try(tonumber(value) >= 0 && tonumber(value) <= 100, false)])
      error_message = "${local.canary_path}percent: \"${join(", ", nonsensitive(self.values))}\" is no percentage: write a number from 0 to 100, or delete the parameter."
    }
  }
}

data "aws_ssm_parameters_by_path" "shifts" {
  path = trimsuffix(local.shifts_path, "/")

  lifecycle {
    postcondition {
      condition     = alltrue([for name in self.names : contains(local.aliased, trimprefix(name, local.shifts_path))])
      error_message = "${local.shifts_path}: ${join(", ", [for name in self.names : trimprefix(name, local.shifts_path)])}: each must be a folder of functions/, and none of the edge, which has no alias; delete the others."
    }

    postcondition {
      condition = alltrue([
        for value in nonsensitive(self.values) :
        try(can(regex("^[1-9][0-9]*$", jsondecode(value).held)) && jsondecode(value).percent >= 0 && jsondecode(value).percent < 100, false)
      ])
      error_message = join("\n", [
        for name, value in zipmap(self.names, nonsensitive(self.values)) :
        "${name}: \"${value}\" must be a shift, such as {\"held\": \"7\", \"percent\": 10}: correct it, or delete the parameter."
      ])
    }
  }
}

# Warns whoever plans or applies meanwhile: what they deploy of these functions does not serve everybody.
check "shifts" {
  assert {
    condition = length(local.shifts) == 0
    error_message = join("\n", [
      for name, shift in local.shifts :
      "${name} is held at version ${shift.held}, and its newest gets ${shift.percent} % of the calls: `make shift FUNCTION=${name}` goes on, `make promote` lets it serve."
    ])
  }
}

# A release is another one as soon as anything changes that functions and state machines are made of: code and layers,
# definitions, their blocks, and the inputs that reach them. It is named by when it was planned, so that names sort.
resource "terraform_data" "release" {
  input = plantimestamp()

  triggers_replace = sha256(jsonencode([
    local.release,
    [
      for file in concat(
        ["functions.tf", "../modules/function/main.tf", "../modules/function/variables.tf", "../modules/state_machine/main.tf"],
        local.machine_files,
      ) : filesha256("${path.module}/${file}")
    ],
    [var.environment, var.region, var.allowed_origins, var.athena, var.compaction, var.email_domains, var.events_archive_days, var.imports, var.jobs, var.largest_scan, var.customer_key, var.url_formats.sns],
    [var.review_new_families, var.review_deadline_hours, var.text_messages, var.texts_per_day, var.workflow_logging],
  ]))

  lifecycle {
    ignore_changes = [input] # another time is no other release
  }
}
