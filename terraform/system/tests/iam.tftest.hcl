mock_provider "aws" {
  source = "../testing/mocks"
}

run "guests_have_an_identity_pool" {
  assert {
    condition     = output.identity_pool_id == "us-east-1:00000000-0000-0000-0000-000000000000"
    error_message = "whoever signs must know the identity pool"
  }
}

run "each_function_may_do_its_own_work_only" {
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
      ReadParameters = {
        sid       = "ReadParameters"
        actions   = tolist(["ssm:GetParameters"])
        resources = tolist([for _ in range(3) : "arn:aws:ssm:us-east-1:000000000000:parameter/mocked"])
      }
    }
    error_message = "list_dragons must read the dataset and its three parameters"
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
