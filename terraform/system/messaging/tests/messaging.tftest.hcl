mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  context             = { prefix = "dragons-test" }
  archive_days        = 30
  visibility_timeouts = { keep_journal = 120, tally_families = 180 }
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
    condition     = keys(output.queues) == ["keep_journal", "tally_families"] && keys(output.dead_letter_queues) == ["keep_journal", "sightings", "sightings_tally", "tally_families"]
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
      for type in ["DragonAdded", "DragonChanged", "DragonRefused", "DragonRemoved", "ReporterJoined"] :
      type => ["dragons@${type}", "JSONSchemaDraft4", file("./schemas/${local.newest}/${type}.json")]
    }
    error_message = "each event's schema must be registered as it was published last"
  }
}
