"""The services that run jobs: moto's control planes, and a job's body as a process of this machine."""
