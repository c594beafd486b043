mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  context = {
    prefix             = "dragons-test"
    account_id         = "000000000000"
    region             = "us-east-1"
    log_retention_days = 7
    machines           = { prefix = "dragons-test", parameter_path = "/dragons/test/state_machines", release = "2026-11-27T08:00:00Z", pins = {}, canary = false }
  }
  jobs          = { network = null, batch = null, ecs = null, glue = null, sagemaker = null, emr = null, codebuild = null }
  state_machine = null
  import_bucket = { name = "imports", arn = "arn:aws:s3:::imports" }
}

run "where_nothing_is_configured_every_job_is_refused_and_nothing_may_be_done" {
  command = plan

  assert {
    condition     = jsondecode(module.run_job.definition).States.Defaults.Result.configured == [] && endswith(jsondecode(module.run_job.definition).States.NotConfigured.Cause, ": none.")
    error_message = "the definition must say that nothing is configured"
  }

  assert {
    condition     = [for statement in jsondecode(module.run_job.policy).Statement : statement.Sid] == ["Trace"]
    error_message = "the role must have tracing alone"
  }
}

run "the_job_preprocess_cleans_files_of_the_import_bucket" {
  command = plan
  variables {
    jobs = {
      network   = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"], assign_public_ip = false }
      batch     = { image = "registry/preprocess:1", variables = { MORE = "1" }, vcpus = "0.25", memory_mb = 512, max_vcpus = 4, job_definition = "preprocessing", job_queue = "primaryQueue" }
      ecs       = null
      glue      = null
      sagemaker = null
      emr       = null
      codebuild = null
    }
    state_machine = {
      arn      = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon"
      live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon:live"
    }
  }

  assert {
    condition = jsondecode(module.run_job.definition).States.RunBatchJob.Parameters == {
      JobDefinition  = "preprocessing"
      JobName        = "preprocessingBatchJob"
      JobQueue       = "primaryQueue"
      "Parameters.$" = "$.batchjob.parameters"
    }
    error_message = "the job must have its names"
  }

  assert {
    condition     = endswith(jsondecode(module.run_job.definition).States.NotConfigured.Cause, ": batch.requestResponse, batch.sync, stateMachine.requestResponse, stateMachine.sync.")
    error_message = "a refusal must name what is configured"
  }

  assert {
    condition     = jsondecode(module.run_job.definition).States.RunMachine.Parameters.StateMachineArn == var.state_machine.live_arn
    error_message = "another machine must be started by its alias"
  }
}
