--- The journal of a sweep: one line says what it is of, then one line a case that is done. A line
--- is written whole or not at all, and what an interruption tore off is dropped, so that the cases
--- that are in it need not run again.

local program = ...
local each = require "capmod.each"
local errors = require "capmod.errors"
local export = require "capmod.frame.export"
local json = require "capmod.json"

local journal = {}

local SYNC = 1 -- seconds at most until a line is on the disk

---@class Journal
---@field path string
---@field done table<string, table> outputs by the key of the case
local Journal = {}
Journal.__index = Journal

-- ---- lines --------------------------------------------------------------------------------------

local WORDS = { NaN = 0 / 0, Inf = math.huge, ["-Inf"] = -math.huge }

--- A value in one line of JSON, from which it comes back as it was: 3.0 is not 3, and NaN and the
--- infinities are { "not finite": "NaN" }.
local function encoded(value)
  if math.type(value) == "float" then
    if value ~= value then return '{"not finite":"NaN"}' end
    if value == math.huge then return '{"not finite":"Inf"}' end
    if value == -math.huge then return '{"not finite":"-Inf"}' end
    local s = ("%.17g"):format(value)
    return s:find "[.e]" and s or s .. ".0"
  elseif type(value) == "table" then
    local parts = {}
    for name, item in each(value) do
      parts[#parts + 1] = json.encode(tostring(name)) .. ":" .. encoded(item)
    end
    return "{" .. table.concat(parts, ",") .. "}"
  end
  return json.encode(value)
end

local function restored(value)
  if type(value) ~= "table" then return value end
  if WORDS[value["not finite"]] then return WORDS[value["not finite"]] end
  local copy = {}
  for name, item in each(value) do copy[name] = restored(item) end
  return copy
end

--- What one line says, or nil.
local function decoded(line)
  local value = json.decode(line)
  return type(value) == "table" and restored(value) or nil
end

--- The key of a case: its values, always written the same way.
---@param case table<string, any>
---@return string
function journal.key(case) return encoded(case) end

--- The line of a case that is done.
---@param case table<string, any>
---@param outputs table<string, any>
---@return string
function journal.line(case, outputs)
  return encoded{ case = case, outputs = outputs } .. "\n"
end

--- The outputs that such a line holds.
---@param line string
---@return table<string, any>
function journal.outputs(line) return decoded(line).outputs end

-- ---- the file -----------------------------------------------------------------------------------

local function refuse(number, path, message, fix)
  errors.raise(number, { message = ("'%s': %s"):format(path, message), object = path, fix = fix })
end

local function contents(path)
  local file = io.open(path, "rb")
  local text = file and file:read "a" or ""
  if file then file:close() end
  return text
end

--- What differs between two heads, in words: "parameter wage, script".
local function differences(a, b)
  local found = {}
  for _, name in ipairs{ "capmod", "scenario", "script" } do
    if a[name] ~= b[name] then found[#found + 1] = name end
  end
  local p, q = a.parameters or {}, b.parameters or {}
  local names = {}
  for name in each(p) do names[name] = true end
  for name in each(q) do names[name] = true end
  for name in each(names) do
    if encoded(p[name]) ~= encoded(q[name]) then found[#found + 1] = "parameter " .. name end
  end
  return #found > 0 and table.concat(found, ", ") or "the head"
end

local function read(self, text, head)
  local first
  for line in text:gmatch "([^\n]*)\n" do
    if not first then
      first = line
      local given = decoded(line)
      if not given or given.sweep ~= 1 then
        refuse(6108, self.path, "is no journal of a sweep", "choose another folder by -o")
      elseif line .. "\n" ~= head.line then
        refuse(6108, self.path, "holds another sweep; what differs: "
          .. differences(given, head.fields), "choose another folder by -o, or delete this one")
      end
    else
      local one = decoded(line)
      if one and type(one.case) == "table" and type(one.outputs) == "table" then
        self.done[encoded(one.case)] = one.outputs
        self.lines[encoded(one.case)] = line .. "\n"
      end
    end
  end
end

--- Opens a journal, which no other process may write meanwhile: CM6109. CM6108 where it is of
--- another sweep, CM1510 where it cannot be written.
---@param path string
---@param fields { scenario: string, script: string, parameters: table }
---@return Journal
function journal.open(path, fields)
  local file, why = program.journal(path)
  if not file then
    if why == "locked" then
      refuse(6109, path, "another process is at work on this sweep",
        "wait for it, or choose another folder by -o")
    end
    refuse(1510, path, "cannot be written: " .. why, "check that the folder may be written")
  end
  fields.sweep = 1
  local self = setmetatable({ path = path, file = file, done = {}, lines = {},
    head = encoded(fields) .. "\n", synced = program.clock() }, Journal)
  local text = contents(path)
  local whole = #text - #text:match "[^\n]*$"
  if whole < #text then self:check(file:truncate(whole)) end
  if whole == 0 then
    self:check(file:append(self.head))
  else
    read(self, text:sub(1, whole), { line = self.head, fields = fields })
  end
  return self
end

---@param good boolean?
---@param why string?
function Journal:check(good, why)
  if not good then
    refuse(1510, self.path, "cannot be written: " .. tostring(why), "is the disk full?")
  end
end

--- Adds a case that is done.
---@param case table<string, any>
---@param line string as `journal.line` makes it
function Journal:add(case, line)
  self:check(self.file:append(line))
  local key = encoded(case)
  self.lines[key], self.done[key] = line, journal.outputs(line)
  local now = program.clock()
  if now - self.synced > SYNC then
    self:check(self.file:sync())
    self.synced = now
  end
end

--- Writes the lines in the order of the cases, those of other cases behind them: the same bytes in
--- whatever order the cases ended.
---@param cases table[]
function Journal:settle(cases)
  local lines, seen = { self.head }, {}
  for _, case in ipairs(cases) do
    local key = encoded(case)
    if not seen[key] then lines[#lines + 1], seen[key] = self.lines[key], true end
  end
  for key, line in each(self.lines) do
    if not seen[key] then lines[#lines + 1] = line end
  end
  export.write_file(self.path, table.concat(lines))
end

function Journal:close() self.file:close() end

return journal
