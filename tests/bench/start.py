"""Imports a handler as Lambda does, and prints the CPU seconds until it is ready.

`python3.13 -I -S -B start.py <task folder> <layer's folder> ... <module> <name in it>`: a script that the
target's own Python runs alone, with no package of the machine in reach.
"""

import importlib
import sys
import time

*folders, module, name = sys.argv[1:]
sys.path[:0] = folders
began = time.process_time()
getattr(importlib.import_module(module), name)
print(time.process_time() - began)
