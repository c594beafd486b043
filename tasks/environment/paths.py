"""Where the project keeps things; all that is generated lies in `.venv`, `dist` and `.local`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
DEV_PYTHON = ROOT / ".venv" / "bin" / "python"
LOCALSTACK_PYTHON = LOCAL / "venvs" / "localstack" / "bin" / "python"
LAMBDA_PYTHON = LOCAL / "venvs" / "lambda" / "bin" / "python"
STOCK_PYTHON = LOCAL / "venvs" / "stock" / "bin" / "python"
MUTATION_PYTHON = LOCAL / "venvs" / "mutation" / "bin" / "python"
RELEASE_PYTHON = LOCAL / "venvs" / "release" / "bin" / "python"
SAM_PYTHON = LOCAL / "venvs" / "sam" / "bin" / "python"
LOCALCLOUD = ROOT / "localcloud"
TERRAFORM = ROOT / "terraform"
ENVIRONMENTS = TERRAFORM / "environments"
