-- models/learning.lua: a new model in one Lua file; nothing is recompiled
local cm = require "capmod"

return cm.define.model{
  name    = "learning",
  version = "0.1",
  about   = "A transferred plant gets better with practice: "
    .. "cost falls by `rate` at each doubling of output.",
  cite    = "Wright (1936), progress ratio form",
  params  = {
    start = { 1.00, min = 0,             about = "unit cost in the host at the start, home = 1" },
    rate  = { 0.15, min = 0, max = 0.5,  about = "cost fall per doubling of cumulative output" },
    grow  = { 0.25, min = 0,             about = "yearly growth of output" },
    years = { 10,   min = 1, max = 60,   about = "horizon" },
  },
  run = function(p)
    local b, q, made, breakeven = math.log(1 - p.rate) / math.log(2), 1, 1, nil
    local rows = {}
    for year = 0, p.years do
      local cost = p.start * made ^ b
      if not breakeven and cost <= 1 then breakeven = year end
      rows[#rows + 1] = { year = year, cost = cost }
      q = q * (1 + p.grow)
      made = made + q
    end
    return {
      path      = cm.frame{ title = "unit cost, home = 1", keys = { "year" }, rows = rows,
                    cols = { { name = "year", digits = 0 }, { name = "cost", digits = 3 } } },
      breakeven = breakeven or math.huge,
      final     = rows[#rows].cost,
    }
  end,
}
