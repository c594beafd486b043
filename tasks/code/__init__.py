"""The code of deployed functions, replaced without Terraform: its plan takes longer than an edit."""
