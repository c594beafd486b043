"""What keeps a used local cloud as small as a new one."""
