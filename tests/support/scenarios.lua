--- The scenarios in examples/, as their specs take them.

local cm = require "capmod"

local scenarios = {}

--- The scenario that an example returns, and what it printed; an example takes at most 10 s.
---@param name string
---@return cm.Scenario scenario, string printed
function scenarios.example(name)
  local kept, printed = _G.print, {}
  _G.print = function(x) printed[#printed + 1] = tostring(x) end
  local start = os.clock()
  local ok, scenario = pcall(cm.load, ("../../examples/%s.lua"):format(name))
  _G.print = kept
  assert(ok, scenario)
  assert(os.clock() - start < 10, name .. " takes too long")
  return scenario, table.concat(printed, "\n")
end

--- The first row of a frame with a value in a field.
---@return table?
function scenarios.row(frame, field, value)
  return frame:where(function(r) return r[field] == value end)[1]
end

return scenarios
