mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

run "a_stage_name_with_a_slash_is_refused" {
  command         = plan
  expect_failures = [var.stage_name]

  variables {
    stage_name = "v1/beta"
  }
}

run "a_version_for_a_machine_is_refused" {
  command         = plan
  expect_failures = [var.state_machines]

  variables {
    state_machines = merge(var.state_machines, { report_dragon = {
      arn      = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon:1"
      live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon:1:live"
    } })
  }
}

run "a_machine_without_its_alias_is_refused" {
  command         = plan
  expect_failures = [var.state_machines]

  variables {
    state_machines = merge(var.state_machines, { summarise_dragons = {
      arn      = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-summarise_dragons"
      live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-summarise_dragons"
    } })
  }
}

run "another_machines_alias_is_refused" {
  command         = plan
  expect_failures = [var.state_machines]

  variables {
    state_machines = merge(var.state_machines, { summarise_dragons = {
      arn      = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-summarise_dragons"
      live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon:live"
    } })
  }
}

run "an_unqualified_function_is_refused" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = merge(var.functions, { list_dragons = merge(var.functions.list_dragons, {
      alias_arn        = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons"
      alias_invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons/invocations"
    }) })
  }
}

run "another_functions_invoke_arn_is_refused" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = merge(var.functions, { list_dragons = merge(var.functions.list_dragons, {
      alias_arn        = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live"
      alias_invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:other:live/invocations"
    }) })
  }
}

run "a_function_that_the_api_calls_is_missed" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = { list_dragons = var.functions.list_dragons }
  }
}

run "functions_of_different_aliases_are_refused" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = merge(var.functions, { list_dragons = merge(var.functions.list_dragons, { canary_alias_name = "next" }) })
  }
}

run "a_folder_without_schemas_is_refused" {
  command         = plan
  expect_failures = [var.schemas_path]

  variables {
    schemas_path = "."
  }
}

run "an_unqualified_authorizer_is_refused" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = merge(var.functions, { authorize_partner = merge(var.functions.authorize_partner, {
      alias_arn        = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-authorize_partner"
      alias_invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-authorize_partner/invocations"
    }) })
  }
}

run "another_authorizers_invoke_arn_is_refused" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = merge(var.functions, { authorize_partner = merge(var.functions.authorize_partner, {
      alias_arn        = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-authorize_partner:live"
      alias_invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-other:live/invocations"
    }) })
  }
}

run "a_time_below_the_range_is_refused" {
  command         = plan
  expect_failures = [var.authorizer_ttl_seconds]

  variables {
    authorizer_ttl_seconds = -1
  }
}

run "a_time_above_the_range_is_refused" {
  command         = plan
  expect_failures = [var.authorizer_ttl_seconds]

  variables {
    authorizer_ttl_seconds = 3601
  }
}
