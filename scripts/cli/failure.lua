--- How a failure is told, and the exit status it has.

local program = ...
local errors = require "capmod.errors"
local options = program.use "options"

local report = {}

--- Errors whose status is not 1: what was computed is infeasible (3), an
--- identity does not hold (4), time (124), memory (125), Ctrl-C (130).
local status_of = {
  CM2101 = 4, CM2102 = 4, CM4003 = 3, CM6001 = 125, CM6002 = 125, CM6003 = 130, CM6101 = 124,
}

local Plain = { __tostring = function(self) return self.text end }

--- The frames of the stack from `level` on, without those of the program itself.
local function frames(level)
  local list = {}
  for i = level + 1, 1000 do
    local info = debug.getinfo(i, "Slnt")
    if not info then break end
    if info.what ~= "C" then list[#list + 1] = info end
  end
  return list
end

--- Where the script was called from, one line a frame of it.
local function callers(stack)
  local lines = {}
  for i = 2, #stack do
    local info = stack[i]
    if not errors.is_own(info.source) and #lines < 12 then
      lines[#lines + 1] = ("  called from %s:%d"):format(info.short_src, info.currentline)
    end
  end
  return lines
end

local function text_of(e)
  if type(e) == "string" or type(e) == "number" then return tostring(e) end
  local meta = getmetatable(e)
  if type(meta) == "table" and meta.__tostring then return tostring(e) end
  return ("the error is a %s value"):format(type(e))
end

--- For xpcall: keeps what an error was while the stack still stands. A Lua
--- error raised by a file of capmod itself is capmod's fault: CM9001.
---@param e any
---@return any
function report.handler(e)
  if errors.is(e) or options.is_usage(e) or getmetatable(e) == Plain then return e end
  local stack = frames(2)
  local text = text_of(e)
  if stack[1] and errors.is_own(stack[1].source) then
    return errors.new(9001, {
      message = "a fault in capmod: " .. text, fix = "please report it, with this file",
      trace = debug.traceback(nil, 2),
    })
  end
  return setmetatable({ text = table.concat({ text, table.unpack(callers(stack)) }, "\n") }, Plain)
end

--- The exit status of an error, of its cause where that has one.
---@param e any
---@return integer
function report.status(e)
  if errors.is(e) and e.cause ~= nil then return report.status(e.cause) end
  if options.is_usage(e) then return 2 end
  if tostring(e) == "not enough memory" then return 125 end
  return errors.is(e) and (e.status or status_of[e.number]) or 1
end

--- Prints an error to stderr.
---@param e any
function report.print(e)
  io.stdout:flush()
  if options.is_usage(e) then
    io.stderr:write("capmod: ", e.message, "\n")
    if e.fix then io.stderr:write("  fix:   ", e.fix, "\n") end
    io.stderr:write("  more:  capmod ", e.verb and e.verb .. " " or "", "--help\n")
    return
  end
  io.stderr:write(tostring(e), "\n")
  if errors.is(e) and e.trace then io.stderr:write(e.trace, "\n") end
end

--- Prints an error and gives its status.
---@param e any
---@return integer
function report.failure(e)
  report.print(e)
  return report.status(e)
end

return report
