--- CM90xx: faults of capmod itself.

return {
  [9001] = {
    title = "a fault in capmod",
    text = [[
Something happened inside capmod that should not be possible whatever a script
does. The trace under the message says where. Please report it, with the script.]],
    provoked = "tests/spec/errors_spec.lua",
  },
}
