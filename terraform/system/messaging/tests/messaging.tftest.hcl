mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  context              = { prefix = "dragons-test", region = "us-east-1", account_id = "000000000000", log_retention_days = 7 }
  archive_days         = 30
  visibility_timeouts  = { keep_journal = 120, tally_families = 180 }
  webhooks             = {}
  receiver_url         = "https://api.example/webhooks/sightings"
  rangers              = []
  delivery_log_percent = 100
}

run "dragons_are_told_to_the_topic_and_from_there_to_the_tally" {
  command = plan

  assert {
    condition     = output.bus.name == "dragons-test" && aws_cloudwatch_event_archive.this.retention_days == 30
    error_message = "the bus and its archive must be the environment's"
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.sightings.event_pattern) == {
      source      = ["dragons"]
      detail-type = ["DragonAdded", "DragonChanged", "DragonRemoved"]
    }
    error_message = "the topic must hear of dragons alone"
  }

  assert {
    condition     = aws_cloudwatch_event_target.sightings.arn == aws_sns_topic.sightings.arn && aws_cloudwatch_event_target.sightings.dead_letter_config[0].arn == module.undelivered["sightings"].arn
    error_message = "what the bus cannot deliver must be kept"
  }

  assert {
    condition     = aws_sns_topic_subscription.tally.endpoint == module.tally.arn && aws_sns_topic_subscription.tally.raw_message_delivery
    error_message = "the tally must get events as the bus has them"
  }

  assert {
    condition     = keys(output.queues) == ["keep_journal", "tally_families"] && keys(output.dead_letter_queues) == ["keep_journal", "rangers", "rangers_texts", "sightings", "sightings_tally", "tally_families"]
    error_message = "every queue must be told by its name"
  }
}

run "the_journal_hears_in_order" {
  command = plan

  assert {
    condition     = output.queues.keep_journal.name == "dragons-test-keep_journal.fifo" && output.queues.keep_journal.visibility_timeout_seconds == 120
    error_message = "the journal's queue must keep order, and hide messages as long as told"
  }

  assert {
    condition     = output.dead_letter_queues.keep_journal.name == "dragons-test-keep_journal-dead-letters.fifo"
    error_message = "the dead-letter queue of a FIFO queue must be one too"
  }
}

run "the_registry_has_the_newest_version_of_each_schema" {
  command = plan

  assert {
    condition     = aws_schemas_registry.this.name == "dragons-test"
    error_message = "the registry must be the environment's"
  }

  assert {
    condition = { for type, schema in aws_schemas_schema.this : type => [schema.name, schema.type, schema.content] } == {
      for type in ["DragonAdded", "DragonChanged", "DragonRefused", "DragonRemoved", "ImportFinished", "ReporterJoined"] :
      type => ["dragons@${type}", "JSONSchemaDraft4", file("./schemas/${local.newest}/${type}.json")]
    }
    error_message = "each event's schema must be registered as it was published last"
  }
}

run "nobody_else_is_told_unless_somebody_is_named" {
  command = plan

  assert {
    condition     = length(aws_sns_topic_subscription.webhook) == 0 && length(aws_sns_topic_subscription.ranger) == 0
    error_message = "no webhook and no phone may be told"
  }
}

run "each_partner_hears_of_its_families_and_has_a_dead_letter_queue" {
  command = plan
  variables {
    webhooks = {
      own = { url = null, families = ["red", "gold"] }
      zoo = { url = "https://zoo.example/dragons?key=1" }
    }
  }

  assert {
    condition = {
      for partner, webhook in aws_sns_topic_subscription.webhook : partner => "${webhook.protocol} ${webhook.endpoint}"
    } == { own = "https https://api.example/webhooks/sightings", zoo = "https https://zoo.example/dragons?key=1" }
    error_message = "each partner must be told at its own URL"
  }

  assert {
    condition = aws_sns_topic_subscription.webhook["own"].filter_policy == jsonencode({
      "$or" = [{ detail = { dragon = { family_str = ["red", "gold"] } } }, { detail = { before = { family_str = ["red", "gold"] } } }]
    }) && aws_sns_topic_subscription.webhook["own"].filter_policy_scope == "MessageBody"
    error_message = "a partner must hear of dragons that are, or were, of its families"
  }

  assert {
    condition     = aws_sns_topic_subscription.webhook["zoo"].filter_policy == null
    error_message = "without families, a partner must hear of all dragons"
  }

  assert {
    condition     = alltrue([for webhook in aws_sns_topic_subscription.webhook : webhook.raw_message_delivery != true && webhook.endpoint_auto_confirms])
    error_message = "messages must have their signature, and subscriptions be confirmed"
  }

  # Receivers refuse what is older than an hour.
  assert {
    condition = alltrue([
      for policy in [for webhook in aws_sns_topic_subscription.webhook : jsondecode(webhook.delivery_policy).healthyRetryPolicy] :
      policy.numRetries * policy.maxDelayTarget < 3600
    ])
    error_message = "retries must end within an hour"
  }

  assert {
    condition = alltrue([
      for partner, webhook in aws_sns_topic_subscription.webhook :
      jsondecode(webhook.redrive_policy).deadLetterTargetArn == output.dead_letter_queues["webhook_${partner}"].arn
    ])
    error_message = "what a partner does not take must be kept"
  }

  assert {
    condition     = output.dead_letter_queues.webhook_zoo.name == "dragons-test-webhook_zoo-undelivered"
    error_message = "each partner must have a dead-letter queue of its own"
  }
}

run "rangers_have_a_sentence_for_each_new_dragon" {
  command = plan
  variables {
    rangers = ["+12065550100", "+12065550101"]
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.rangers.event_pattern) == { source = ["dragons"], detail-type = ["DragonAdded"] }
    error_message = "rangers must hear of new dragons alone"
  }

  assert {
    condition     = aws_cloudwatch_event_target.rangers.input_transformer[0].input_template == "\"New dragon: <name>, family <family>, seen in <city>, <country>.\""
    error_message = "a text must be a sentence"
  }

  assert {
    condition     = aws_cloudwatch_event_target.rangers.dead_letter_config[0].arn == output.dead_letter_queues.rangers.arn
    error_message = "what the bus cannot deliver must be kept"
  }

  assert {
    condition     = nonsensitive(toset([for text in aws_sns_topic_subscription.ranger : "${text.protocol} ${text.endpoint}"]) == toset(["sms +12065550100", "sms +12065550101"]))
    error_message = "each ranger must have texts"
  }

  assert {
    condition     = alltrue([for key in keys(aws_sns_topic_subscription.ranger) : can(regex("^[0-9a-f]{8}$", key))])
    error_message = "no address in a plan may show a number"
  }
}

run "what_could_not_be_delivered_is_logged_and_what_was_as_far_as_it_is_asked_for" {
  command = plan

  assert {
    condition = { for group in aws_cloudwatch_log_group.delivery : group.name => group.retention_in_days } == {
      "sns/us-east-1/000000000000/dragons-test-sightings" = 7, "sns/us-east-1/000000000000/dragons-test-sightings/Failure" = 7
    }
    error_message = "SNS's own log groups must have the environment's retention"
  }

  assert {
    condition     = aws_sns_topic.sightings.http_failure_feedback_role_arn == aws_iam_role.delivery_log.arn && aws_sns_topic.sightings.sqs_failure_feedback_role_arn == aws_iam_role.delivery_log.arn
    error_message = "failures must be logged"
  }

  assert {
    condition     = aws_sns_topic.sightings.http_success_feedback_sample_rate == 100 && aws_sns_topic.sightings.sqs_success_feedback_sample_rate == 100
    error_message = "successes must be logged as far as they are asked for"
  }

  assert {
    condition     = aws_sns_topic.sightings.signature_version == 2
    error_message = "messages must be signed with SHA-256"
  }
}

run "no_success_is_logged_at_0_percent" {
  command = plan
  variables {
    delivery_log_percent = 0
  }

  assert {
    condition     = aws_sns_topic.sightings.http_success_feedback_role_arn == null && aws_sns_topic.sightings.http_failure_feedback_role_arn != null
    error_message = "failures alone must be logged"
  }
}
