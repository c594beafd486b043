mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  context             = { prefix = "dragons-test", protect_data = true, kms_encryption = false }
  validate_dragon_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-validate_dragon:live"
  table_name          = "dragons-test-dragons"
  table_arn           = "arn:aws:dynamodb:us-east-1:000000000000:table/dragons-test-dragons"
  event_bus           = { name = "dragons-test", arn = "arn:aws:events:us-east-1:000000000000:event-bus/dragons-test" }
  text_messages       = "any"
  texts_per_day       = 3
}

run "the_machine_is_named" {
  command = plan

  assert {
    condition     = output.state_machine_name == "dragons-test-report_dragon"
    error_message = "The machine's name is <prefix>-report_dragon."
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
    ] == ["ValidateDragon", "AddDragon", "AnnounceRefusal", "Trace"]
    error_message = "The role counts no text and sends none."
  }

  assert {
    condition     = length(jsondecode(module.report_dragon.definition).States.ReporterKnown.Choices[0].And) == 6
    error_message = "Nor does the workflow try to."
  }
}

run "an_unqualified_function_is_refused" {
  command         = plan
  expect_failures = [var.validate_dragon_arn]

  variables {
    validate_dragon_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-validate_dragon"
  }
}
