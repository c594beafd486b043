# Each run plans the whole system, which takes longer than all that it asserts: what has the same inputs shares a run.
mock_provider "aws" {
  override_during = plan
  source          = "../testing/mocks"
}

mock_provider "aws" {
  alias           = "us_east_1"
  override_during = plan
  source          = "../testing/mocks"
}

run "makes_the_system_of_one_environment" {
  command = plan

  assert {
    condition     = output.dragons_table == "dragons-test-dragons" && output.dataset_bucket == "dragons-test-000000000000-dataset"
    error_message = "names must begin with dragons-<environment>"
  }

  assert {
    condition     = module.artifacts.name == "dragons-test-000000000000-artifacts"
    error_message = "the artifacts' bucket must carry environment and account"
  }

  assert {
    condition     = module.artifacts.noncurrent_days == 7
    error_message = "what was replaced in the artifacts' bucket must go"
  }

  assert {
    condition = output.functions == {
      for name, artifact in local.manifest.functions : name => can(artifact.edge)
      ? "arn:aws:lambda:us-east-1:000000000000:function:mocked:7"
      : "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-${name}:live"
    }
    error_message = "functions must map each folder to its live alias, those of the edge to their published versions"
  }

  assert {
    condition     = output.site_url == "https://mocked.cloudfront.net" && output.site.parameter_path == "/dragons/test/site"
    error_message = "the site must be told, and what its releases need"
  }

  assert {
    condition = toset(local.deployed_at_edge) == toset([
      "edge_origin_request", "edge_origin_response", "edge_viewer_request", "edge_viewer_response",
    ])
    error_message = "the blocks of the edge's functions must be found in this module's text"
  }

  assert {
    condition = alltrue([
      for name, function in {
        announce_dragon      = module.announce_dragon
        authorize_partner    = module.authorize_partner
        compact_family       = module.compact_family
        decide_review        = module.decide_review
        keep_journal         = module.keep_journal
        list_dragons         = module.list_dragons
        list_reviews         = module.list_reviews
        open_review          = module.open_review
        post_confirmation    = module.post_confirmation
        pre_sign_up          = module.pre_sign_up
        pre_token_generation = module.pre_token_generation
        read_journal         = module.read_journal
        rebuild_dataset      = module.rebuild_dataset
        receive_webhook      = module.receive_webhook
        renew_reviews        = module.renew_reviews
        tally_families       = module.tally_families
        validate_dragon      = module.validate_dragon
        write_dataset        = module.write_dataset
      } : "${function.function_name}:${function.alias_name}" == join(":", slice(split(":", output.functions[name]), 6, 8))
    ])
    error_message = "the ARNs made by convention must be those of the functions"
  }

  assert {
    condition     = can(regex("^https://[^/]+\\.execute-api\\.us-east-1\\.amazonaws\\.com/v1$", output.rest_api_url))
    error_message = "without a format, the URL must be AWS's own, ending with the stage"
  }

  assert {
    condition     = output.partners_table == "dragons-test-partners"
    error_message = "the partners' table must carry the environment"
  }

  assert {
    condition     = output.texts_table == "dragons-test-texts"
    error_message = "the table of texts must carry the environment"
  }

  assert {
    condition     = output.partners_usage_plan_id == module.rest_api.partners_usage_plan_id
    error_message = "whoever adds a partner must know the usage plan"
  }

  assert {
    condition     = length(module.encryption) == 0 && output.encryption == null
    error_message = "without inputs there must be no key that costs"
  }

  assert {
    condition     = length(module.api_gateway_account) == 0
    error_message = "without inputs the account's role must be left alone"
  }

  assert {
    condition     = output.identity_pool_id == "us-east-1:00000000-0000-0000-0000-000000000000"
    error_message = "whoever signs must know the identity pool"
  }

  # The newest versions serve, and all functions run.
  assert {
    condition     = output.pinned == {} && output.pinned_state_machines == {} && output.canary_percent == 0 && output.halted == {}
    error_message = "without parameters there must be no pin, no canary, and no function that is halted"
  }

  assert {
    condition     = output.parameter_path == "/dragons/test" && output.rest_api_stage == "v1" && output.rest_api_id == module.rest_api.rest_api_id
    error_message = "promote and rollback must be told where things are"
  }

  assert {
    condition = [
      for read in [
        data.aws_ssm_parameters_by_path.pins, data.aws_ssm_parameters_by_path.canary,
        data.aws_ssm_parameters_by_path.halted, data.aws_ssm_parameters_by_path.machine_pins,
      ] : read.path
    ] == ["/dragons/test/pins", "/dragons/test/canary", "/dragons/test/halted", "/dragons/test/state_machines/pins"]
    error_message = "the parameters must be those of the environment"
  }

  assert {
    condition     = toset(local.machine_names) == toset(keys(output.state_machines))
    error_message = "every state machine must be found in its room's text, since pins are held against it"
  }

  assert {
    condition     = can(formatdate("YYYY", terraform_data.release.input))
    error_message = "a release must be named by its time, so that names sort"
  }

  # Each function may do its own work only.
  assert {
    condition = {
      for name, function in { announce_dragon = module.announce_dragon, keep_journal = module.keep_journal, read_journal = module.read_journal } :
      name => flatten(function.policy_statements[*].actions)
      } == {
      announce_dragon = ["events:PutEvents", "sqs:SendMessage"]
      keep_journal    = ["dynamodb:PutItem", "sqs:SendMessage"]
      read_journal    = ["dynamodb:Query"]
    }
    error_message = "of the journal, one must send, one write, and one read"
  }

  assert {
    condition = {
      for name, function in { decide_review = module.decide_review, list_reviews = module.list_reviews, open_review = module.open_review, renew_reviews = module.renew_reviews } :
      name => flatten(function.policy_statements[*].actions)
      } == {
      decide_review = ["dynamodb:GetItem", "dynamodb:UpdateItem", "states:SendTaskFailure", "states:SendTaskSuccess"]
      list_reviews  = ["dynamodb:Query"]
      open_review   = ["dynamodb:PutItem", "sqs:SendMessage"]
      renew_reviews = ["dynamodb:Query", "dynamodb:UpdateItem", "states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"]
    }
    error_message = "of reviews, one must open, one list, one decide, and one renew"
  }

  assert {
    condition = alltrue([
      for route in ["GET /reviews", "POST /reviews/{reviewId}"] :
      module.http_api.routes[route].authorization == "JWT" && module.http_api.routes[route].scopes == toset(["dragons/review"])
    ])
    error_message = "reviews must want a token with the scope to review"
  }

  assert {
    condition     = module.http_api.routes["GET /dragons/journal"].authorization == "JWT" && module.http_api.routes["GET /dragons/journal"].scopes == toset(["dragons/review"])
    error_message = "the journal must want a token with the scope to review"
  }

  assert {
    condition = { for statement in module.authorize_partner.policy_statements : statement.sid => statement } == {
      FindPartner = {
        sid       = "FindPartner"
        actions   = tolist(["dynamodb:GetItem"])
        resources = tolist(["arn:aws:dynamodb:us-east-1:000000000000:table/mocked"])
      }
    }
    error_message = "authorize_partner must look up one partner"
  }

  assert {
    condition = { for statement in module.list_dragons.policy_statements : statement.sid => statement } == {
      ListDataset = { sid = "ListDataset", actions = tolist(["s3:ListBucket"]), resources = tolist(["arn:aws:s3:::mocked"]) }
      ReadDataset = { sid = "ReadDataset", actions = tolist(["s3:GetObject"]), resources = tolist(["arn:aws:s3:::mocked/dragons/*"]) }
      ReadRecord  = { sid = "ReadRecord", actions = tolist(["dynamodb:BatchGetItem", "dynamodb:GetItem"]), resources = tolist(["arn:aws:dynamodb:us-east-1:000000000000:table/mocked"]) }
      ReadNames   = { sid = "ReadNames", actions = tolist(["dynamodb:Query"]), resources = tolist(["arn:aws:dynamodb:us-east-1:000000000000:table/mocked/index/by_name"]) }
      Count       = { sid = "Count", actions = tolist(["dynamodb:GetItem"]), resources = tolist(["arn:aws:dynamodb:us-east-1:000000000000:table/mocked"]) }
      ReadParameters = {
        sid       = "ReadParameters"
        actions   = tolist(["ssm:GetParameters"])
        resources = tolist([for _ in range(3) : "arn:aws:ssm:us-east-1:000000000000:parameter/mocked"])
      }
    }
    error_message = "list_dragons must read the dataset, the table, its index by name, the tallies and its three parameters, and no tables of Athena where there are none"
  }

  assert {
    condition = {
      for statement in module.post_confirmation.policy_statements : statement.sid => "${join(" ", statement.actions)} ${join(" ", statement.resources)}"
      } == {
      RecordReporter = "dynamodb:PutItem arn:aws:dynamodb:us-east-1:000000000000:table/mocked"
      Announce       = "events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/mocked"
    }
    error_message = "post_confirmation must record a reporter, and tell of it on the bus"
  }

  assert {
    condition = { for statement in module.validate_dragon.policy_statements : statement.sid => statement } == {
      FindDuplicate = {
        sid       = "FindDuplicate"
        actions   = tolist(["dynamodb:GetItem"])
        resources = tolist(["arn:aws:dynamodb:us-east-1:000000000000:table/mocked"])
      }
    }
    error_message = "validate_dragon must look up one item of the table"
  }

  assert {
    condition = { for statement in module.write_dataset.policy_statements : statement.sid => statement } == {
      ListDataset = { sid = "ListDataset", actions = tolist(["s3:ListBucket"]), resources = tolist(["arn:aws:s3:::mocked"]) }
      WriteDataset = {
        sid       = "WriteDataset"
        actions   = tolist(["s3:GetObject", "s3:PutObject"])
        resources = tolist(["arn:aws:s3:::mocked/dragons/*"])
      }
      ReadParameters = {
        sid       = "ReadParameters"
        actions   = tolist(["ssm:GetParameters"])
        resources = tolist([for _ in range(2) : "arn:aws:ssm:us-east-1:000000000000:parameter/mocked"])
      }
    }
    error_message = "write_dataset must write the dataset and read its two parameters"
  }
}

run "makes_what_it_is_told_to" {
  command = plan
  variables {
    customer_key               = {}
    athena                     = {}
    query_engine               = "athena"
    manage_api_gateway_account = true
    url_formats                = { rest_api = "http://127.0.0.1:4566/_aws/execute-api/%s/%s" }
    webhooks                   = { own = { url = null, families = ["red"] } }
    rangers                    = ["+12065550100"]
    text_messages              = "confirmed"
  }

  assert {
    condition     = contains([for statement in module.list_dragons.policy_statements : statement.sid], "ReadCatalog")
    error_message = "list_dragons may query the tables where there are some"
  }

  assert {
    condition     = contains(keys(output.dead_letter_queues), "webhook_own")
    error_message = "each partner's dead-letter queue must be told"
  }

  assert {
    condition     = can(regex("^http://127\\.0\\.0\\.1:4566/_aws/execute-api/[^/]+/v1$", output.rest_api_url))
    error_message = "the URL must follow the format"
  }

  assert {
    condition = output.release == substr(sha256(jsonencode([
      for artifact in concat(values(local.manifest.functions), values(local.manifest.layers)) : artifact.content_digest
    ])), 0, 12)
    error_message = "the release must change with every artifact, and with nothing else"
  }

  assert {
    condition     = can(regex(":stateMachine:[^:]+$", output.report_dragon_arn))
    error_message = "report_dragon_arn must be unqualified"
  }

  assert {
    condition     = keys(output.state_machines) == ["compact_dataset", "import_dragons", "report_dragon", "run_job", "summarise_dragons"] && output.state_machines.report_dragon == output.report_dragon_arn
    error_message = "state_machines must name every machine, unqualified"
  }

  assert {
    condition     = can(regex(":activity:", output.inspect_dragon_activity))
    error_message = "the activity must be told by its ARN"
  }

  assert {
    condition     = length(module.api_gateway_account) == 1
    error_message = "when told there must be a role for the API's logs"
  }

  assert {
    condition     = output.encryption.key_arn == "arn:aws:kms:us-east-1:000000000000:key/mocked" && output.encryption.context == tomap({ environment = "test", purpose = "configuration" })
    error_message = "the key must be told, with the context of the environment's secrets"
  }

  assert {
    condition     = module.encryption[0].alias == "alias/dragons-test" && local.deployment.encryption == output.encryption
    error_message = "functions must be deployed with the environment's key"
  }
}

run "other_code_is_another_release_and_no_other_deployment_of_the_api" {
  command = plan
  variables {
    repository_root = "../testing/repository"
  }

  assert {
    condition     = output.release != run.makes_the_system_of_one_environment.release
    error_message = "the other manifest must name another release"
  }

  # A stage with a canary takes no other deployment, and every change of code would want one.
  assert {
    condition     = output.rest_api_deployment_trigger == run.makes_the_system_of_one_environment.rest_api_deployment_trigger
    error_message = "code must move aliases and the stage's variable, and deploy the API no more"
  }
}
