mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

# What API Gateway serves is the deployment, a copy: every change of the API has to make another.

run "the_api" {
  command = plan

  assert {
    condition     = output.deployment_trigger == sha1(aws_api_gateway_rest_api.dragons.body)
    error_message = "What is imported is what is hashed, all of it."
  }
}

run "the_api_again" {
  command = plan

  assert {
    condition     = output.deployment_trigger == run.the_api.deployment_trigger
    error_message = "Nothing changed, so there is nothing to deploy."
  }
}

run "another_title" {
  command = plan
  variables {
    context = merge(var.context, { prefix = "dragons-other" })
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "another_region" {
  command = plan
  variables {
    context = merge(var.context, { region = "eu-west-1" })
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "another_state_machine" {
  command = plan
  variables {
    state_machines = merge(var.state_machines, { summarise_dragons = {
      arn      = "arn:aws:states:us-east-1:000000000000:stateMachine:other"
      live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:other:live"
    } })
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "another_function" {
  command = plan
  variables {
    functions = merge(var.functions, { list_dragons = merge(var.functions.list_dragons, {
      function_name     = "dragons-test-other"
      alias_name        = "live"
      canary_alias_name = "canary"
      alias_arn         = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-other:live"
      alias_invoke_arn  = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-other:live/invocations"
    }) })
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "another_authorizer" {
  command = plan
  variables {
    functions = merge(var.functions, { authorize_partner = merge(var.functions.authorize_partner, {
      alias_arn        = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-other:live"
      alias_invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-other:live/invocations"
    }) })
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "another_time_to_ask_the_authorizer_again" {
  command = plan
  variables {
    authorizer_ttl_seconds = 60
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "other_models" {
  command = plan
  variables {
    schemas_path = "../../testing/changed_schemas"
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "another_origin" {
  command = plan
  variables {
    allowed_origins = ["https://www.dragons.example.com"]
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "one_origin_more" {
  command = plan
  variables {
    allowed_origins = ["https://dragons.example.com", "https://www.dragons.example.com"]
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "texts_to_others" {
  command = plan
  variables {
    text_messages = "confirmed"
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "This must be deployed."
  }
}

run "another_role" {
  command = plan

  override_resource {
    target          = aws_iam_role.authorizer
    override_during = plan
    values          = { arn = "arn:aws:iam::000000000000:role/other" }
  }

  assert {
    condition     = output.deployment_trigger != run.the_api.deployment_trigger
    error_message = "The authorizer's role is part of the API."
  }
}

run "the_stages_own_settings_need_no_deployment" {
  command = plan
  variables {
    canary_percent     = 10
    throttling         = { rate = 1, burst = 1 }
    method_throttling  = { "GET /status" = { rate = 1, burst = 1 } }
    partner_throttling = { rate = 1, burst = 1 }
    context            = merge(var.context, { log_retention_days = 1 })
    data_trace         = true
    release            = "1.0.1"
  }

  assert {
    condition     = output.deployment_trigger == run.the_api.deployment_trigger
    error_message = "They hold for the stage at once, whatever is deployed."
  }
}
