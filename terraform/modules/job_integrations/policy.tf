# What a state machine needs for each service and each way to call it: the one table of that.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
#
# `.sync` needs more than the call: to stop the job of a task that was stopped, and to hear that it has ended, by a rule
# that Step Functions keeps in this account, or by asking where the service tells no events.
locals {
  rules = "arn:aws:events:${var.region}:${var.account_id}:rule"
  hear = {
    for service, rule in {
      batch        = "StepFunctionsGetEventsForBatchJobsRule"
      ecs          = "StepFunctionsGetEventsForECSTaskRule"
      sagemaker    = "StepFunctionsGetEventsForSageMakerTrainingJobsRule"
      emr          = "StepFunctionsGetEventForEMRAddJobFlowStepsRule"
      codebuild    = "StepFunctionsGetEventForCodeBuildStartBuildRule"
      stateMachine = "StepFunctionsGetEventsForStepFunctionsExecutionRule"
      } : service => {
      actions   = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
      resources = ["${local.rules}/${rule}"]
    }
  }

  # Known from names: the role's policy does not wait for what it is about.
  job_definition = "arn:aws:batch:${var.region}:${var.account_id}:job-definition/${try(var.batch.job_definition, "")}"
  job_queue      = "arn:aws:batch:${var.region}:${var.account_id}:job-queue/${try(var.batch.job_queue, "")}"
  ecs_task       = "${local.arn.ecs}:task/${var.prefix}-jobs/*"
  project        = "${local.arn.codebuild}:project/${var.prefix}-job"
  glue_job       = "${local.arn.glue}:job/${var.prefix}-job"
  training_jobs  = "arn:aws:sagemaker:${var.region}:${var.account_id}:training-job/job-*"
  clusters       = [for id in try(var.emr.clusters, []) : "arn:aws:elasticmapreduce:${var.region}:${var.account_id}:cluster/${id}"]
  executions     = "${replace(try(var.state_machine.arn, ""), ":stateMachine:", ":execution:")}:*"

  run_task = [
    { actions = ["ecs:RunTask"], resources = ["${local.arn.ecs}:task-definition/${var.prefix}-job:*"] },
    { actions = ["iam:PassRole"], resources = [for role in ["job-ecs", "jobs-ecs-tasks"] : "arn:aws:iam::${var.account_id}:role/${var.prefix}-${role}"] },
  ]
  train = [
    { actions = ["sagemaker:CreateTrainingJob", "sagemaker:AddTags"], resources = [local.training_jobs] },
    { actions = ["iam:PassRole"], resources = ["arn:aws:iam::${var.account_id}:role/${var.prefix}-job-sagemaker"] },
  ]

  table = {
    batch = {
      requestResponse = [{ actions = ["batch:SubmitJob"], resources = [local.job_queue, local.job_definition, "${local.job_definition}:*"] }]
      sync = [
        { actions = ["batch:TerminateJob"], resources = ["arn:aws:batch:${var.region}:${var.account_id}:job/*"] },
        # Accepts no ARN: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html
        { actions = ["batch:DescribeJobs"], not_resources = ["arn:*:batch:*:*:*"] },
        local.hear.batch,
      ]
    }
    ecs = {
      requestResponse  = local.run_task
      sync             = [{ actions = ["ecs:DescribeTasks", "ecs:StopTask"], resources = [local.ecs_task] }, local.hear.ecs]
      waitForTaskToken = [] # the call's own; the task answers as its own role
    }
    glue = {
      requestResponse = [{ actions = ["glue:StartJobRun"], resources = [local.glue_job] }]
      sync            = [{ actions = ["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns"], resources = [local.glue_job] }]
    }
    sagemaker = {
      requestResponse = local.train
      sync = [
        { actions = ["sagemaker:DescribeTrainingJob", "sagemaker:ListTags", "sagemaker:StopTrainingJob"], resources = [local.training_jobs] },
        local.hear.sagemaker,
      ]
    }
    emr = {
      requestResponse = [{ actions = ["elasticmapreduce:AddJobFlowSteps"], resources = local.clusters }]
      sync            = [{ actions = ["elasticmapreduce:CancelSteps", "elasticmapreduce:DescribeStep"], resources = local.clusters }, local.hear.emr]
    }
    codebuild = {
      requestResponse = [{ actions = ["codebuild:StartBuild"], resources = [local.project] }]
      sync            = [{ actions = ["codebuild:BatchGetBuilds", "codebuild:StopBuild"], resources = [local.project] }, local.hear.codebuild]
    }
    # Starting by an alias is authorized by the state machine's own ARN.
    stateMachine = {
      requestResponse = [{ actions = ["states:StartExecution"], resources = [try(var.state_machine.arn, "")] }]
      sync            = [{ actions = ["states:DescribeExecution", "states:StopExecution"], resources = [local.executions] }, local.hear.stateMachine]
    }
  }

  configured = {
    batch        = var.batch != null
    ecs          = var.ecs != null
    glue         = var.glue != null
    sagemaker    = var.sagemaker != null
    emr          = var.emr != null
    codebuild    = var.codebuild != null
    stateMachine = var.state_machine != null
  }

  granted = flatten([
    for service, patterns in local.table : [
      for pattern, statements in patterns : [
        for index, statement in statements : {
          sid           = "${title(service)}${title(pattern)}${index}"
          actions       = statement.actions
          resources     = lookup(statement, "resources", null)
          not_resources = lookup(statement, "not_resources", null)
        }
      ]
    ] if local.configured[service]
  ])
}
