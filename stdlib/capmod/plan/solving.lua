--- How a plan is searched for: within which limits and by which method, and what is said of a
--- method that does not fit what couples the stages.

local core = require "capmod.core"
local errors = require "capmod.errors"

local solving = {}

--- What chain:locate is told of the search, in the order of names.
local PASSED = {
  "time", "gap", "nodes", "seed", "threads", "method", "solver", "form", "exchange",
}

--- "stopped by memory": the status of a plan's figures, and what ended the search.
---@param f table
---@return string
function solving.status(f)
  if not f.stop or f.status == "infeasible" then return f.status end
  return ("%s by %s"):format(f.status == "stopped" and f.status or f.status .. ", stopped", f.stop)
end

--- By which methods a chain can be placed that does not fit one.
local OTHERS = {
  dynamic = "method = \"junction\" where stages are shared or not parted, else \"branch\"",
  junction = "method = \"branch\", which fits every chain, or leave `method` out",
  program = "method = \"branch\", which fits every chain, or leave `method` out",
  exchange = "leave `exchange` out: only a program can be exchanged",
}

--- The limits and the method of what was asked, for solving.run.
---@param given table
---@param more? table  fields beside them
---@return table
function solving.options(given, more)
  local options = {}
  for _, name in ipairs(PASSED) do options[name] = given[name] end
  if given.exchange then
    options.method = "branch"
  elseif given.solver or given.form then
    options.method = "program"
  end
  for name, value in next, more or {} do options[name] = value end
  return options
end

--- Solves a problem of locate.problem. CM2048 where the method does not fit it.
---@param problem table
---@param options table  of solving.options
---@return capmod.Plan
function solving.run(problem, options)
  local ok, found = pcall(problem.core.solve, problem.core, options)
  if ok then return found end
  local field = options.exchange and "exchange" or "method"
  local value = options.exchange and "true" or ("\"%s\""):format(options.method)
  local e, other = found, OTHERS[options.exchange and field or options.method]
  if other and errors.is(e) and (e.number == "CM1301" or e.number == "CM6002"
    and options.method == "junction") then
    errors.raise(2048, { message = ("locate: '%s' is not placed by %s = %s: %s"):format(
      problem.chain.name, field, value, e.message), object = "locate", field = field,
      fix = other })
  end
  error(e, 0)
end

--- One of the placements that answer a question about a plan, which Ctrl-C ends whole: CM6003.
---@param problem table  of locate.problem
---@param options table  of solving.options
---@return capmod.Plan
function solving.ask(problem, options)
  local found = solving.run(problem, options)
  solving.heed(found:figures())
  return found
end

--- CM6003 where Ctrl-C ended a placement that is one of several.
---@param f { stop: string? }  figures of a solve, or a plan
function solving.heed(f)
  if f.stop == "request" then errors.raise(6003, { message = "interrupted" }) end
end

--- What is left of a limit of time from now on.
---@param time number?  seconds; 0 or what is no number: there is no limit
---@return (fun(): number)?
function solving.left(time)
  local till = type(time) == "number" and time > 0 and core.clock() + time
  return till and function() return till - core.clock() end or nil
end

return solving
