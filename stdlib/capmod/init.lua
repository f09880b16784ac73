--- capmod: who makes which part of what, where, for whom, and who earns from it.
---
---     local cm = require "capmod"
---
--- The public table and nothing else: each name is loaded on first use.

local core = require "capmod.core"
local errors = require "capmod.errors"

--- Where each public name lives: a module, or a module and a field of it.
local where = {
  each = { "capmod.each" },
  errors = { "capmod.errors" },
  frame = { "capmod.frame" },
  compare = { "capmod.compare" },
  scenario = { "capmod.scenario" },
  define = { "capmod.define" },
  random = { "capmod.random" },
  range = { "capmod.sample", "range" },
  normal = { "capmod.sample", "normal" },
  uniform = { "capmod.sample", "uniform" },
  triangular = { "capmod.sample", "triangular" },
  matrix = { "capmod.matrix" },
  grid = { "capmod.grid" },
  sparse = { "capmod.sparse" },
  verify = { "capmod.verify" },
  mrio = { "capmod.mrio" },
  edit = { "capmod.mrio", "edit" },
  sda = { "capmod.mrio.sda" },
  balance = { "capmod.mrio.balance", "matrix" },
  supply_use = { "capmod.mrio.supply_use" },
  division_of_labour = { "capmod.mrio.intermediates", "division_of_labour" },
  read = { "capmod.read" },
  chain = { "capmod.chain" },
  cooperation = { "capmod.cooperation" },
  model = { "capmod.model" },
  program = { "capmod.program" },
  sequential = { "capmod.sequential" },
  ces = { "capmod.chain.combine", "ces" },
  cobb_douglas = { "capmod.chain.combine", "cobb_douglas" },
  complexity = { "capmod.complexity" },
  econ = { "capmod.econ" },
  data = { "capmod.data" },
  codes = { "capmod.codes" },
  country = { "capmod.codes", "country" },
  sector = { "capmod.codes", "sector" },
  unit = { "capmod.units", "unit" },
  load = { "capmod.load" },
  help = { "capmod.help" },
}

local cm = { _VERSION = core.version }

--- The public names, sorted.
---@return string[]
local function names()
  local list = {}
  for name in require "capmod.each"(where) do list[#list + 1] = name end
  return list
end

return setmetatable(cm, {
  __name = "capmod",
  where = where,
  __tostring = function()
    return ("capmod %s: %s"):format(core.version, table.concat(names(), " "))
  end,
  __index = function(_, name)
    local entry = where[name]
    if not entry then
      errors.raise(1005, {
        message = ("capmod has no '%s'"):format(tostring(name)),
        fix = errors.did_you_mean(name, names(), "the names are " .. table.concat(names(), ", ")),
      })
    end
    local value = require(entry[1])
    if entry[2] then value = value[entry[2]] end
    rawset(cm, name, value)
    return value
  end,
  __pairs = function()
    local list, i = names(), 0
    return function()
      i = i + 1
      if list[i] then return list[i], cm[list[i]] end
    end
  end,
})
