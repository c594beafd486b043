mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  prefix     = "app-test"
  region     = "us-east-1"
  account_id = "000000000000"
}

run "nothing_that_is_not_configured_is_there" {
  command = plan

  assert {
    condition = (
      output.configured == [] && output.policy_statements == [] && length(aws_iam_role.job) + length(aws_iam_role.service) == 0
      && length(data.aws_vpc.default) + length(aws_batch_job_queue.this) + length(aws_ecs_cluster.this) + length(aws_glue_job.this) + length(aws_codebuild_project.this) == 0
    )
    error_message = "without a service, there must be no resource, no permission and no question"
  }
}

run "one_service_is_that_and_no_more" {
  command = plan
  variables {
    batch = {
      image             = "registry/preprocess:1"
      command           = ["python", "-m", "job", "Ref::key"]
      variables         = { BUCKET = "files" }
      policy_statements = [{ sid = "Read", actions = ["s3:GetObject"], resources = ["arn:aws:s3:::files/*"] }]
    }
    network = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition     = output.configured == ["batch.requestResponse", "batch.sync"]
    error_message = "what may be run must be told"
  }

  assert {
    condition = (
      keys(aws_iam_role.job) == ["batch"] && length(aws_ecs_cluster.this) + length(aws_glue_job.this) + length(aws_codebuild_project.this) == 0
      && length(data.aws_vpc.default) == 0
    )
    error_message = "another service must cost nothing"
  }

  assert {
    condition = (
      aws_batch_job_definition.this[0].name == "preprocessing" && aws_batch_job_queue.this[0].name == "primaryQueue"
      && jsondecode(aws_batch_job_definition.this[0].container_properties).environment == [{ name = "BUCKET", value = "files" }]
      && jsondecode(aws_batch_job_definition.this[0].container_properties).networkConfiguration.assignPublicIp == "DISABLED"
    )
    error_message = "the job must be as configured"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.job["batch"].policy).Statement == [{ Sid = "Read", Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::files/*"] }]
    error_message = "a job may do what it was given, and nothing else"
  }

  assert {
    condition = toset(flatten(output.policy_statements[*].actions)) == toset([
      "batch:SubmitJob", "batch:DescribeJobs", "batch:TerminateJob", "events:PutTargets", "events:PutRule", "events:DescribeRule",
    ])
    error_message = "the state machine must have the permissions of Batch alone, those of .sync included"
  }

  assert {
    condition = anytrue([
      for statement in output.policy_statements :
      statement.resources == ["arn:aws:events:us-east-1:000000000000:rule/StepFunctionsGetEventsForBatchJobsRule"]
    ])
    error_message = "the rule of .sync must be named"
  }
}

run "every_service_has_its_rows_in_the_table" {
  command = plan
  variables {
    batch         = { image = "a", command = ["a"] }
    ecs           = { image = "a" }
    glue          = { script = "s3://scripts/a.py" }
    sagemaker     = { image = "a", output = "s3://models/out" }
    emr           = { clusters = ["j-1K48XXXXXXHCB"] }
    codebuild     = { buildspec = "version: 0.2" }
    state_machine = { arn = "arn:aws:states:us-east-1:000000000000:stateMachine:other", live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:other:live" }
  }
  override_data {
    target = data.aws_vpc.default
    values = { id = "vpc-1" }
  }
  override_data {
    target = data.aws_subnets.default
    values = { ids = ["subnet-1"] }
  }

  assert {
    condition = output.configured == [
      "batch.requestResponse", "batch.sync", "codebuild.requestResponse", "codebuild.sync",
      "ecs.requestResponse", "ecs.sync", "ecs.waitForTaskToken", "emr.requestResponse", "emr.sync",
      "glue.requestResponse", "glue.sync", "sagemaker.requestResponse", "sagemaker.sync",
      "stateMachine.requestResponse", "stateMachine.sync",
    ]
    error_message = "each service must have each of its patterns"
  }

  # https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
  assert {
    condition = toset([
      for resource in flatten([for statement in output.policy_statements : coalesce(statement.resources, [])]) :
      trimprefix(resource, "arn:aws:events:us-east-1:000000000000:rule/") if startswith(resource, "arn:aws:events:")
      ]) == toset([
      "StepFunctionsGetEventsForBatchJobsRule", "StepFunctionsGetEventForCodeBuildStartBuildRule", "StepFunctionsGetEventsForECSTaskRule",
      "StepFunctionsGetEventForEMRAddJobFlowStepsRule", "StepFunctionsGetEventsForSageMakerTrainingJobsRule", "StepFunctionsGetEventsForStepFunctionsExecutionRule",
    ])
    error_message = "each service that tells events has its rule; Glue is asked"
  }

  assert {
    condition = alltrue([
      for statement in output.policy_statements :
      statement.resources == null ? statement.actions == ["batch:DescribeJobs"] : !contains(statement.resources, "*")
    ])
    error_message = "only what accepts no ARN has none"
  }

  assert {
    condition     = length(distinct(output.policy_statements[*].sid)) == length(output.policy_statements)
    error_message = "statements of one policy must have different ids"
  }

  assert {
    condition     = output.names.assign_public_ip == "ENABLED" && output.names.subnets == "[\"subnet-1\"]"
    error_message = "without a network, the default one must be used"
  }
}

run "refuses_what_no_service_takes" {
  command = plan
  variables {
    batch     = { image = "a", command = [] }
    glue      = { script = "scripts/a.py" }
    sagemaker = { image = "a", output = "s3://models/out/" }
    emr       = { clusters = ["cluster-1"] }
    network   = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }
  expect_failures = [var.batch, var.glue, var.sagemaker, var.emr]
}
