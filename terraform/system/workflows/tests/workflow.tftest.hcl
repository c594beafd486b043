mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  context = {
    prefix             = "dragons-test"
    log_retention_days = 14
    protect_data       = true
    kms_encryption     = false
    machines           = { prefix = "dragons-test", parameter_path = "/dragons/test/state_machines", release = "2026-11-27T08:00:00Z", pins = {}, canary = false }
  }
  validate_dragon_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-validate_dragon:live"
  table_name          = "dragons-test-dragons"
  table_arn           = "arn:aws:dynamodb:us-east-1:000000000000:table/dragons-test-dragons"
  event_bus           = { name = "dragons-test", arn = "arn:aws:events:us-east-1:000000000000:event-bus/dragons-test" }
  text_messages       = "any"
  texts_per_day       = 3
  logging             = { standard = "OFF", express = "ERROR", include_data = false }

  tallies = {
    table     = "dragons-test-tallies"
    index     = "most_dragons"
    index_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/dragons-test-tallies/index/most_dragons"
  }

  family_index               = { name = "by_family", arn = "arn:aws:dynamodb:us-east-1:000000000000:table/dragons-test-dragons/index/by_family" }
  review_new_families        = true
  review_deadline_hours      = 72
  visibility_timeout_seconds = 180
  renew_reviews              = { function_name = "dragons-test-renew_reviews", alias_name = "live", alias_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-renew_reviews:live" }
}

run "the_machines_are_named_and_told" {
  command = plan

  assert {
    condition     = [module.report_dragon.name, module.summarise_dragons.name] == ["dragons-test-report_dragon", "dragons-test-summarise_dragons"]
    error_message = "A machine's name is <prefix>-<its name>."
  }

  assert {
    condition     = keys(output.state_machines) == ["report_dragon", "summarise_dragons"]
    error_message = "Each machine must be told by its name."
  }

  assert {
    condition     = output.state_machines.summarise_dragons == { arn = module.summarise_dragons.arn, live_arn = module.summarise_dragons.live_arn }
    error_message = "A machine is told by its ARN and its alias'."
  }
}

run "a_summary_reads_the_tallies_index_and_no_more" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(module.summarise_dragons.policy).Statement :
      "${join(" ", statement.Action)} ${join(" ", flatten([statement.Resource]))}" if statement.Sid == "ReadTallies"
    ] == ["dynamodb:Query ${var.tallies.index_arn}"]
    error_message = "The role queries the index, not the table."
  }

  assert {
    condition = [
      for statement in jsondecode(module.summarise_dragons.policy).Statement : statement.Sid
    ] == ["ReadTallies", "Trace", "DeliverLog"]
    error_message = "Besides, it traces and logs."
  }
}

run "a_worker_may_take_the_activitys_tasks_and_read_dragons_and_no_more" {
  command = plan

  assert {
    condition     = aws_sfn_activity.inspect_dragon.name == "dragons-test-inspect_dragon" && output.inspect_dragon_activity == aws_sfn_activity.inspect_dragon.id
    error_message = "The activity must be named, and told by its ARN."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.inspect_dragon.policy).Statement : [statement.Sid, statement.Resource]
    ] == [["Work", aws_sfn_activity.inspect_dragon.id], ["ReadDragon", var.table_arn]]
    error_message = "The policy names the activity and the table."
  }
}

run "an_express_machine_logs_its_errors_and_a_standard_one_nothing" {
  command = plan

  assert {
    condition     = module.report_dragon.log_group_name == null
    error_message = "A standard machine keeps its history."
  }

  assert {
    condition     = module.summarise_dragons.log_group_name == "/aws/vendedlogs/states/dragons-test-summarise_dragons"
    error_message = "An express machine has nothing but its log."
  }
}

run "both_log_when_told" {
  command = plan
  variables {
    logging = { standard = "ALL", express = "OFF", include_data = true }
  }

  assert {
    condition     = module.report_dragon.log_group_name == "/aws/vendedlogs/states/dragons-test-report_dragon" && module.summarise_dragons.log_group_name == null
    error_message = "Each type logs what its level says."
  }
}

run "the_definition_invokes_the_alias_and_writes_the_table" {
  command = plan

  assert {
    condition     = jsondecode(module.report_dragon.definition).States.ValidateDragon.Parameters.FunctionName == var.validate_dragon_arn
    error_message = "ValidateDragon invokes the alias."
  }

  assert {
    condition     = jsondecode(module.report_dragon.definition).States.AddDragon.Parameters.TableName == var.table_name
    error_message = "AddDragon writes the table."
  }
}

run "the_role_is_narrow" {
  command = plan

  assert {
    condition = alltrue([
      for statement in jsondecode(module.report_dragon.policy).Statement :
      !anytrue([for action in flatten([statement.Action]) : strcontains(action, "*")])
    ])
    error_message = "No action has a wildcard."
  }

  assert {
    condition = [
      for statement in jsondecode(module.report_dragon.policy).Statement :
      statement.Sid if try(statement.Resource == "*", false)
    ] == ["Trace"]
    error_message = "Only X-Ray, which accepts no ARN, has the resource *."
  }

  assert {
    condition = one([
      for statement in jsondecode(module.report_dragon.policy).Statement :
      statement.NotResource if statement.Sid == "Alert"
    ]) == ["arn:*:sns:*:*:*"]
    error_message = "Texts go to phone numbers, never to topics."
  }

  assert {
    condition = [
      for statement in jsondecode(module.report_dragon.policy).Statement :
      "${join(" ", statement.Action)} ${join(" ", statement.Resource)}" if statement.Sid == "CountText"
    ] == ["dynamodb:UpdateItem ${module.texts.arn}"]
    error_message = "Texts are counted in the table that is for that."
  }
}

run "a_refusal_is_announced_on_the_bus_and_on_no_other" {
  command = plan

  assert {
    condition     = one(jsondecode(module.report_dragon.definition).States.AnnounceRefusal.Parameters.Entries).EventBusName == "dragons-test"
    error_message = "AnnounceRefusal puts its event on the environment's bus."
  }

  assert {
    condition = [
      for statement in jsondecode(module.report_dragon.policy).Statement :
      "${join(" ", statement.Action)} ${join(" ", statement.Resource)}" if statement.Sid == "AnnounceRefusal"
    ] == ["events:PutEvents ${var.event_bus.arn}"]
    error_message = "The role puts events on that bus alone."
  }
}

run "a_reporters_texts_are_counted_up_to_the_limit" {
  command = plan

  assert {
    condition     = output.texts_table == "dragons-test-texts"
    error_message = "The table's name is <prefix>-texts."
  }

  assert {
    condition = alltrue([
      for name in ["CountFirstText", "CountText"] :
      jsondecode(module.report_dragon.definition).States[name].Parameters.TableName == output.texts_table
    ])
    error_message = "Every text is counted in that table."
  }

  assert {
    condition     = jsondecode(module.report_dragon.definition).States.CountText.Parameters.ExpressionAttributeValues[":limit"].N == "3"
    error_message = "The limit is the input's."
  }
}

run "texts_go_to_confirmed_numbers_when_told" {
  command = plan
  variables {
    text_messages = "confirmed"
  }

  assert {
    condition = alltrue([
      for name in ["ConfirmationRequired", "ReporterKnown"] :
      jsondecode(module.report_dragon.definition).States[name].Choices[0].And[1] == { Variable = "$.textAllowed", BooleanEquals = true }
    ])
    error_message = "Both texts wait for the API to say that the number is the reporter's."
  }
}

run "without_texts_none_may_be_sent" {
  command = plan
  variables {
    text_messages = "off"
  }

  assert {
    condition = [
      for statement in jsondecode(module.report_dragon.policy).Statement : statement.Sid
    ] == ["ValidateDragon", "FindFamily", "ReviewDragon", "AddDragon", "AnnounceRefusal", "Trace"]
    error_message = "The role counts no text and sends none."
  }

  assert {
    condition     = length(jsondecode(module.report_dragon.definition).States.ReporterKnown.Choices[0].And) == 6
    error_message = "Nor does the workflow try to."
  }
}

run "a_new_family_is_told_by_the_index_and_waits_in_the_queue" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(module.report_dragon.policy).Statement :
      statement.Sid => "${join(" ", statement.Action)} ${join(" ", statement.Resource)}" if contains(["FindFamily", "ReviewDragon"], statement.Sid)
      } == {
      FindFamily   = "dynamodb:Query ${var.family_index.arn}"
      ReviewDragon = "sqs:SendMessage ${module.reviews.arn}"
    }
    error_message = "The role asks that index, and sends to that queue."
  }

  assert {
    condition     = jsondecode(module.report_dragon.definition).States.FamilyKnown.Choices[0].NumericGreaterThanEquals == 1
    error_message = "One dragon makes a family known."
  }

  assert {
    condition     = jsondecode(module.report_dragon.definition).States.ReviewDragon.TimeoutSeconds == 259200
    error_message = "The deadline is the input's."
  }

  assert {
    condition     = jsondecode(module.report_dragon.definition).TimeoutSeconds > 2 * 259200
    error_message = "The machine outlives the deadline."
  }

  assert {
    condition     = jsondecode(module.report_dragon.definition).States.ReviewTimedOut.Result.Cause.errorMessage == "No reviewer decided within 72 hours"
    error_message = "The reporter is told the deadline."
  }

  assert {
    condition     = output.queues.open_review.name == "dragons-test-open_review" && output.queues.open_review.visibility_timeout_seconds == 180
    error_message = "The queue hides messages as long as told."
  }

  assert {
    condition     = keys(output.dead_letter_queues) == ["open_review", "renew_reviews"]
    error_message = "Every dead-letter queue is told by its function."
  }

  assert {
    condition     = output.reviews_table.name == "dragons-test-reviews"
    error_message = "The table's name is <prefix>-reviews."
  }
}

run "the_beat_comes_three_times_before_it_is_missed" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_rule.renew_reviews.schedule_expression == "rate(10 minutes)" && jsondecode(module.report_dragon.definition).States.ReviewDragon.HeartbeatSeconds == 3 * 600
    error_message = "One beat that fails loses no review."
  }

  assert {
    condition     = aws_cloudwatch_event_target.renew_reviews.arn == var.renew_reviews.alias_arn && aws_lambda_permission.renew_reviews.qualifier == "live"
    error_message = "The rule calls the alias."
  }

  assert {
    condition     = aws_cloudwatch_event_target.renew_reviews.dead_letter_config[0].arn == output.dead_letter_queues.renew_reviews.arn
    error_message = "What the rule cannot deliver is kept."
  }
}

run "without_reviews_every_family_is_known" {
  command = plan
  variables {
    review_new_families = false
  }

  assert {
    condition     = jsondecode(module.report_dragon.definition).States.FamilyKnown.Choices[0].NumericGreaterThanEquals == 0
    error_message = "No dragon makes a family known."
  }
}

run "an_unqualified_function_is_refused" {
  command         = plan
  expect_failures = [var.validate_dragon_arn]

  variables {
    validate_dragon_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-validate_dragon"
  }
}
