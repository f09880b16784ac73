--- CM41xx: linear and mixed-integer programs.

return {
  [4101] = {
    title = "the solver failed",
    text = [[
The solver's process died, gave up for numerical reasons, or gave an answer that
misses a row or a bound. Figures of very different sizes in one program are the
usual cause: measure large things in large units, and write no limit such as
1e9 where there is none.]],
    provoked = "tests/engine/test_worker.c",
  },
}
