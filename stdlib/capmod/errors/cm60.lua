--- CM60xx: limits, as the engine meets them.

return {
  [6001] = {
    title = "out of memory",
    text = [[
The system gave no more memory, although the budget would have allowed it. The exit
status is 125.]],
    provoked = "tests/engine/test_base.c",
  },
  [6002] = {
    title = "the memory budget does not allow it",
    text = [[
What was asked for needs more than is left of the budget: --memory, or else the
machine's memory. It was refused before anything was allocated. With --memory the
script ends there, with status 125, even where it catches errors.]],
    example = [[
require "capmod.core".matrix(1 << 23, 1 << 23)]],
  },
  [6003] = {
    title = "interrupted",
    text = [[
Ctrl-C was pressed, or a progress function returned false. The state is as it was
before the computation. The exit status is 130.]],
    provoked = "tests/spec/cli_spec.lua",
  },
}
