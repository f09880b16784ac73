--- Errors that speak the author's language: a stable number, the script's line,
--- what is wrong with the figures in it, and the fix.
---
--- An error object has `number` ("CM1101"), `message`, `fix`, and where they are
--- known `object`, `field`, `file`, `line`, `row`, `col` and `value`. `tostring`
--- gives the text. Several findings of one check travel as one object, whose
--- `findings` lists them.

local core = require "capmod.core"

local errors = {}

---@class cm.Error
---@field number string     "CM1101"
---@field message string
---@field fix? string
---@field object? string    what the error is about: "stage 'assembly'"
---@field field? string
---@field file? string      the script, and the line in it
---@field line? integer
---@field row? integer      place in a data file or a matrix
---@field col? integer
---@field value? number     the figure the message speaks of
---@field findings? cm.Error[]
local Error = { __name = "cm.Error" }
Error.__index = Error

local function place(e)
  if e.file then return ("%s:%d: "):format(e.file, e.line) end
  return ""
end

function Error:__tostring()
  if self.findings then
    local texts = {}
    for i, finding in ipairs(self.findings) do texts[i] = tostring(finding) end
    return table.concat(texts, "\n")
  end
  local lines = { ("%serror %s: %s"):format(place(self), self.number, self.message) }
  if self.fix and self.fix ~= "" then
    lines[#lines + 1] = "  fix:   " .. self.fix
  end
  lines[#lines + 1] = "  more:  capmod explain " .. self.number
  return table.concat(lines, "\n")
end

--- Whether a source belongs to capmod, so that its lines never take the blame.
local own = { "@" .. core.home .. "/stdlib/", "@" .. core.home .. "/scripts/" }
---@param source string  as debug.getinfo gives it
---@return boolean
function errors.is_own(source)
  for _, prefix in ipairs(own) do
    if source:sub(1, #prefix) == prefix then return true end
  end
  return false
end

--- The file and line of the first frame outside capmod.
---@return string? file, integer? line
function errors.place()
  for level = 2, 200 do
    local info = debug.getinfo(level, "Sl")
    if not info then return nil end
    if info.currentline > 0 and not errors.is_own(info.source) then
      local file = info.source:match "^@(.*)" or info.short_src
      return file, info.currentline
    end
  end
end

local ADDRESSED = { ["function"] = true, table = true, thread = true, userdata = true }

--- A text without addresses, which say nothing and differ in every run: "a table" for "table: 0x5".
local function unaddressed(text)
  return type(text) == "string" and text:gsub("(%a+): 0x%x+", function(kind)
    return ADDRESSED[kind] and "a " .. kind
  end) or text
end

--- Makes an error object without raising it.
---@param number integer  1101 for CM1101
---@param fields table    message, and what else is known (see cm.Error)
---@return cm.Error
function errors.new(number, fields)
  local e = {}
  for key, value in pairs(fields) do e[key] = value end -- any order
  e.number = ("CM%04d"):format(number)
  e.message, e.object = unaddressed(e.message), unaddressed(e.object)
  if not e.file then e.file, e.line = errors.place() end
  return setmetatable(e, Error)
end

core.on_error(errors.new)

--- Raises an error.
---@param number integer
---@param fields table
function errors.raise(number, fields)
  error(errors.new(number, fields), 0)
end

--- Whether a value is an error object of capmod, and of this number if given.
---@param e any
---@param number? integer
---@return boolean
function errors.is(e, number)
  return getmetatable(e) == Error and (not number or e.number == ("CM%04d"):format(number))
end

--- Whether an error ends the computation, by Ctrl-C or a limit, whatever was being tried: who
--- catches errors throws it on.
---@param e any
---@return boolean
function errors.ends(e)
  return errors.is(e) and (e.number:match "^CM600" ~= nil or e.number == "CM6101")
end

---@class cm.Findings
local Findings = {}
Findings.__index = Findings

--- Collects what a check finds, so that an author sees all of it at once:
--- `found:add(number, fields)` as often as needed, then `found:raise()`.
---@return cm.Findings
function errors.findings()
  return setmetatable({}, Findings)
end

function Findings:add(number, fields)
  self[#self + 1] = errors.new(number, fields)
end

--- Raises what was found; returns if that is nothing.
function Findings:raise()
  if #self == 0 then return end
  if #self == 1 then error(self[1], 0) end
  local all = setmetatable({}, Error)
  for key, value in pairs(self[1]) do all[key] = value end -- any order
  all.findings = { table.unpack(self) }
  error(all, 0)
end

--- Edit distance in which two neighbours swapped count once (Damerau 1964,
--- optimal string alignment), or nil where it is above `limit`.
local function distance(a, b, limit)
  if math.abs(#a - #b) > limit then return nil end
  local before, last, now = {}, {}, {}
  for j = 0, #b do last[j] = j end
  for i = 1, #a do
    now[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      local d = math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost)
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        d = math.min(d, before[j - 2] + 1)
      end
      now[j] = d
    end
    before, last, now = last, now, before
  end
  return last[#b] <= limit and last[#b] or nil
end

--- The candidate that was most likely meant, or nil.
---@param name string
---@param candidates string[]  the first of equally near ones wins
---@return string?
function errors.suggest(name, candidates)
  if type(name) ~= "string" then return nil end
  local wanted = name:lower()
  local best, least = nil, math.max(1, #wanted // 3) + 1
  for _, candidate in ipairs(candidates) do
    local d = distance(wanted, candidate:lower(), least - 1)
    if d and d < least then best, least = candidate, d end
  end
  return best
end

--- "did you mean 'adds'?", or what `otherwise` says.
---@param name string
---@param candidates string[]
---@param otherwise? string
---@return string?
function errors.did_you_mean(name, candidates, otherwise)
  local best = errors.suggest(name, candidates)
  return best and ("did you mean '%s'?"):format(best) or otherwise
end

local function entries_of(block)
  local name = ("capmod.errors.cm%02d"):format(block)
  return package.searchpath(name, package.path) and require(name) or {}
end

--- What `capmod explain` says of a number: { title =, text =, example = }.
--- `example` is a script that provokes the error; the tests run every one.
--- The entries stand in errors/cm<block>.lua, keyed by number.
---@param number integer
---@return table?
function errors.explain(number) return entries_of(number // 100)[number] end

--- The numbers that have an entry, in order.
---@return integer[]
function errors.numbers()
  local list = {}
  for block = 10, 99 do
    for number in pairs(entries_of(block)) do list[#list + 1] = number end -- any order
  end
  table.sort(list)
  return list
end

return errors
